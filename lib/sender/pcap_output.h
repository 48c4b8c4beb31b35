#pragma once
// A capture file as the receiver: nominal times, nanoseconds, and the SHA-256 of the whole file.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "sender/output.h"
#include "traffic/frame_writer.h"
#include "traffic/profile.h"

struct pcap;
struct pcap_dumper;
struct evp_md_ctx_st;

namespace mirrorscan::sender {

/// libpcap's format with nanoseconds (magic 0xa1b23c4d), link type Ethernet. Frames cut by a mirror are whole
/// frames here: the cut is inside.
class PcapOutput final : public Output {
 public:
  /// `path`: a file, written over; "-" is standard output. Errors: a file that cannot be made.
  [[nodiscard]] static Result<std::unique_ptr<PcapOutput>> open(const std::string& path,
                                                                const traffic::Profile& profile);
  ~PcapOutput() override;

  void make(std::span<const traffic::PacketPlan> plans) noexcept override;
  void send(std::size_t count) noexcept override;
  void discard() noexcept override;
  [[nodiscard]] bool is_broken() const noexcept override { return error_ != 0; }
  [[nodiscard]] Status finish() override;
  [[nodiscard]] std::string name() const override { return "capture " + path_; }
  [[nodiscard]] std::vector<Figure> facts() const override;

 private:
  struct Frame {
    std::uint64_t time_ns = 0;
    std::size_t begin = 0, length = 0;  ///< in bytes_; length 0 = too long
  };
  struct Digest {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };

  PcapOutput(std::string path, const traffic::Profile& profile);
  [[nodiscard]] Status start();
  [[nodiscard]] Error failed(const std::string& why) const;
  void write(const Frame& frame) noexcept;
  /// Where libpcap's bytes go: into the file and the digest.
  static ssize_t write_through(void* self, const char* bytes, std::size_t count);

  std::string path_;
  std::int64_t start_us_;
  traffic::FrameWriter writer_;
  std::FILE* file_ = nullptr;     ///< the file
  std::FILE* through_ = nullptr;  ///< what libpcap writes to
  pcap* format_ = nullptr;
  pcap_dumper* dumper_ = nullptr;
  std::unique_ptr<evp_md_ctx_st, Digest> digest_;
  std::string sha256_;
  int error_ = 0;  ///< errno of the first write that failed
  std::vector<std::uint8_t> bytes_;
  std::vector<Frame> made_;
  std::size_t next_ = 0;
};

}  // namespace mirrorscan::sender
