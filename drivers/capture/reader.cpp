#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <utility>

#include "capture/capture.h"

namespace mirrorscan::capture {
namespace {

struct PcapClose {
  void operator()(pcap_t* capture) const noexcept { pcap_close(capture); }
};
using Pcap = std::unique_ptr<pcap_t, PcapClose>;

struct File {
  std::string name;
  Pcap pcap;
};

std::string name_of(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

Result<File> open_file(const std::string& path) {
  std::array<char, PCAP_ERRBUF_SIZE> reason{};
  const std::string name = name_of(path);
  // Microseconds: libpcap rounds nanosecond files down.
  Pcap pcap(
      pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_MICRO, reason.data()));
  if (pcap == nullptr) {
    std::string what = reason.data();
    if (what.rfind(path + ": ", 0) == 0) what.erase(0, path.size() + 2);
    return Error{name, what, "give a pcap or pcapng file"};
  }
  const int link_type = pcap_datalink(pcap.get());
  if (link_type != DLT_EN10MB) {
    const char* known = pcap_datalink_val_to_name(link_type);
    return Error{name,
                 "link type " + std::string(known != nullptr ? known : "unknown") + " (" +
                     std::to_string(link_type) + ") is not Ethernet",
                 "capture on an Ethernet interface, or rewrite the file as EN10MB (1)"};
  }
  return File{name, std::move(pcap)};
}

/// A pcapng block may state any 64-bit time. Times from 1970 to 9999 are kept, others become the nearest of
/// these, so that adding a timeout to a packet's time cannot overflow.
Timestamp time_of(const pcap_pkthdr& header) noexcept {
  constexpr std::int64_t kLastSecond = 253'402'300'799;
  const auto seconds = std::clamp<std::int64_t>(header.ts.tv_sec, 0, kLastSecond);
  const auto micros = std::clamp<std::int64_t>(header.ts.tv_usec, 0, 999'999);
  return {seconds * 1'000'000 + micros};
}

}  // namespace

struct Reader::State {
  /// One more frame of the current file into `frames`; false at its end or when it cannot be read further.
  bool append_frame(Frame& frame);

  std::vector<File> files;
  std::size_t current = 0;
  std::uint64_t packets_of_file = 0, packets = 0;
  std::vector<std::uint8_t> bytes;  ///< of the frames that the last read() gave
  std::optional<Error> error;
};

bool Reader::State::append_frame(Frame& frame) {
  pcap_pkthdr* header = nullptr;
  const std::uint8_t* data = nullptr;
  pcap_t* pcap = files[current].pcap.get();
  const int outcome = pcap_next_ex(pcap, &header, &data);
  if (outcome == 1) {
    ++packets_of_file;
    // The bytes may still move while the burst grows; read() says where they are.
    frame = {time_of(*header), packets++, {data, header->caplen}, header->len};
    bytes.insert(bytes.end(), data, data + header->caplen);
    return true;
  }
  if (outcome != PCAP_ERROR_BREAK)
    error = Error{files[current].name + ", packet " + std::to_string(packets_of_file + 1), pcap_geterr(pcap),
                  "the packets before it were read; repair the file or capture again"};
  return false;
}

Result<Reader> Reader::open(const std::vector<std::string>& paths) {
  if (paths.empty())
    return Error{"", "no capture file is given", "name one or more, or - for standard input"};
  if (std::count(paths.begin(), paths.end(), "-") > 1)
    return Error{"-", "standard input is given more than once", "name it once"};
  auto state = std::make_unique<State>();
  for (const std::string& path : paths) {
    Result<File> file = open_file(path);
    if (!file) return file.error();
    state->files.push_back(std::move(file).value());
  }
  return Reader(std::move(state));
}

Reader::Reader(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

std::size_t Reader::read(std::span<Frame> out) {
  State& s = *state_;
  s.bytes.clear();
  std::size_t count = 0;
  while (count < out.size() && !s.error && s.current < s.files.size()) {
    if (s.append_frame(out[count])) {
      ++count;
    } else if (!s.error) {
      s.files[s.current++].pcap.reset();
      s.packets_of_file = 0;
    }
  }
  std::size_t offset = 0;
  for (Frame& frame : out.first(count)) {
    frame.bytes = {s.bytes.data() + offset, frame.bytes.size()};
    offset += frame.bytes.size();
  }
  return count;
}

const std::optional<Error>& Reader::error() const noexcept {
  return state_->error;
}

}  // namespace mirrorscan::capture
