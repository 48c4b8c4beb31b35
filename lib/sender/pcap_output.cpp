#include "sender/pcap_output.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <pcap/pcap.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace mirrorscan::sender {
namespace {

constexpr int kSnapBytes = 262'144;  ///< libpcap's own largest
constexpr std::size_t kBufferBytes = std::size_t{1} << 20;
constexpr std::int64_t kSecond_us = 1'000'000;

[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes) {
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

}  // namespace

void PcapOutput::Digest::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

PcapOutput::PcapOutput(std::string path, const traffic::Profile& profile)
    : path_(std::move(path)), start_us_(profile.start_us), writer_(profile), digest_(EVP_MD_CTX_new()) {}

PcapOutput::~PcapOutput() {
  if (dumper_ != nullptr)
    pcap_dump_close(dumper_);
  else if (through_ != nullptr)
    (void)std::fclose(through_);
  if (format_ != nullptr) pcap_close(format_);
  if (file_ != nullptr && file_ != stdout) (void)std::fclose(file_);
}

Error PcapOutput::failed(const std::string& why) const {
  return {"--pcap " + path_, why, ""};
}

Result<std::unique_ptr<PcapOutput>> PcapOutput::open(const std::string& path,
                                                     const traffic::Profile& profile) {
  std::unique_ptr<PcapOutput> out(new PcapOutput(path, profile));
  if (Status started = out->start(); !started) return started.error();
  return out;
}

Status PcapOutput::start() {
  file_ = path_ == "-" ? stdout : std::fopen(path_.c_str(), "wbe");
  if (file_ == nullptr) return failed(fmt::format("it cannot be written: {}", std::strerror(errno)));
  if (!digest_ || EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr) != 1)
    return failed("OpenSSL has no SHA-256");
  through_ =
      fopencookie(this, "w", {.read = nullptr, .write = write_through, .seek = nullptr, .close = nullptr});
  format_ = pcap_open_dead_with_tstamp_precision(DLT_EN10MB, kSnapBytes, PCAP_TSTAMP_PRECISION_NANO);
  if (through_ == nullptr || format_ == nullptr) return failed("no memory");
  (void)std::setvbuf(through_, nullptr, _IOFBF, kBufferBytes);
  (void)std::setvbuf(file_, nullptr, _IONBF, 0);
  dumper_ = pcap_dump_fopen(format_, through_);
  if (dumper_ == nullptr) return failed(pcap_geterr(format_));
  return success();
}

ssize_t PcapOutput::write_through(void* self, const char* bytes, std::size_t count) {
  auto& output = *static_cast<PcapOutput*>(self);
  (void)EVP_DigestUpdate(output.digest_.get(), bytes, count);
  if (std::fwrite(bytes, 1, count, output.file_) != count && output.error_ == 0) output.error_ = errno;
  return static_cast<ssize_t>(count);
}

void PcapOutput::make(std::span<const traffic::PacketPlan> plans) noexcept {
  if (next_ == made_.size()) {
    made_.clear();
    bytes_.clear();
    next_ = 0;
  }
  for (const traffic::PacketPlan& plan : plans) {
    const std::size_t begin = bytes_.size();
    bytes_.resize(begin + traffic::FrameWriter::kMostFrameBytes);
    const std::size_t length = writer_.write(plan, std::span(bytes_).subspan(begin));
    bytes_.resize(begin + length);
    if (length == 0) ++counts_.too_long;
    made_.push_back({plan.time_ns, begin, length});
  }
  counts_.made += plans.size();
}

void PcapOutput::send(std::size_t count) noexcept {
  for (; count > 0; --count) write(made_[next_++]);
}

void PcapOutput::write(const Frame& frame) noexcept {
  if (frame.length == 0) return;
  const std::int64_t us = start_us_ + static_cast<std::int64_t>(frame.time_ns / 1'000);
  pcap_pkthdr header{};
  header.ts.tv_sec = us / kSecond_us;
  // With this precision the field holds nanoseconds.
  header.ts.tv_usec = us % kSecond_us * 1'000 + static_cast<std::int64_t>(frame.time_ns % 1'000);
  header.caplen = header.len = static_cast<bpf_u_int32>(frame.length);
  pcap_dump(reinterpret_cast<u_char*>(dumper_), &header, bytes_.data() + frame.begin);
  ++counts_.sent;
  counts_.bytes += frame.length;
}

void PcapOutput::discard() noexcept {
  for (; next_ < made_.size(); ++next_)
    if (made_[next_].length > 0) ++counts_.discarded;
}

Status PcapOutput::finish() {
  const bool flushed = pcap_dump_flush(dumper_) == 0 && std::fflush(file_) == 0;
  if (!flushed || error_ != 0)
    return failed(
        fmt::format("it could not be written to its end: {}", std::strerror(error_ != 0 ? error_ : errno)));
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(digest_.get(), digest.data(), &size) == 1)
    sha256_ = hex(std::span<const std::uint8_t>(digest).first(size));
  return success();
}

std::vector<Figure> PcapOutput::facts() const {
  return {{"sha256", sha256_}};
}

}  // namespace mirrorscan::sender
