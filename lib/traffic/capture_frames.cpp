#include "traffic/capture_frames.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <memory>

#include "traffic/frame_parts.h"
#include "wire/ip_protocol.h"
#include "wire/udp.h"
#include "wire/view.h"
#include "wire/vxlan.h"

namespace mirrorscan::traffic {
namespace {

constexpr std::uint16_t kVxlanPort = 4'789;

struct PcapClose {
  void operator()(pcap_t* capture) const noexcept { pcap_close(capture); }
};
using Pcap = std::unique_ptr<pcap_t, PcapClose>;

[[nodiscard]] Result<Pcap> open_file(const std::string& path) {
  std::array<char, PCAP_ERRBUF_SIZE> reason{};
  Pcap pcap(pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, reason.data()));
  if (pcap == nullptr) return Error{path, reason.data(), "give a pcap or pcapng file"};
  if (pcap_datalink(pcap.get()) != DLT_EN10MB)
    return Error{path, "its link type is not Ethernet", "capture on an Ethernet interface"};
  return pcap;
}

/// Nanoseconds since the epoch. A pcapng block may state any time; until the year 2255, so that two of them
/// can be added in 64 bits.
[[nodiscard]] std::uint64_t time_of(const pcap_pkthdr& header) noexcept {
  constexpr std::int64_t kLastSecond = 9'000'000'000;
  const auto seconds = std::clamp<std::int64_t>(header.ts.tv_sec, 0, kLastSecond);
  const auto nanos = std::clamp<std::int64_t>(header.ts.tv_usec, 0, 999'999'999);
  return static_cast<std::uint64_t>(seconds) * 1'000'000'000 + static_cast<std::uint64_t>(nanos);
}

/// The frame within VXLAN; empty where there is none.
[[nodiscard]] ByteView within_vxlan(ByteView frame, const FrameParts& parts) noexcept {
  if (parts.version == IpVersion::none || !parts.transport || parts.protocol != wire::ip_protocol::kUdp ||
      addresses_of(frame, parts).dst_port != kVxlanPort)
    return {};
  const ByteView payload = payload_of(frame, parts);
  const auto* vxlan = wire::view<wire::VxlanHeader>(payload);
  return vxlan == nullptr || !vxlan->vni_valid() ? ByteView{} : payload.subspan(sizeof(wire::VxlanHeader));
}

enum class Form : std::uint8_t { undecided, plain, vxlan };

class Reading {
 public:
  explicit Reading(std::uint64_t most_bytes) : most_bytes_(most_bytes) {}

  /// False: the frame is beyond the budget.
  [[nodiscard]] bool take(const pcap_pkthdr& header, ByteView frame) {
    const FrameParts parts = parts_of(frame);
    const ByteView inner = within_vxlan(frame, parts);
    if (form_ == Form::undecided && parts.version != IpVersion::none)
      form_ = inner.empty() ? Form::plain : Form::vxlan;
    const ByteView kept = form_ == Form::vxlan ? inner : frame;
    if (!kept.empty()) return keep(header, kept);
    ++read_.left_out;
    return true;
  }
  [[nodiscard]] CaptureFrames done() && { return std::move(read_); }

 private:
  [[nodiscard]] bool keep(const pcap_pkthdr& header, ByteView inner) {
    if (inner.size() > most_bytes_ - read_.bytes.size() || read_.frames.size() == kMostCaptureFrames)
      return false;
    const std::uint64_t time = time_of(header);
    if (read_.frames.empty()) begin_ns_ = time;
    last_ns_ = std::max(last_ns_, time - std::min(time, begin_ns_));
    read_.frames.push_back({last_ns_, static_cast<std::uint32_t>(read_.bytes.size()),
                            static_cast<std::uint32_t>(inner.size()),
                            header.len - std::min(header.len, header.caplen)});
    read_.bytes.insert(read_.bytes.end(), inner.begin(), inner.end());
    return true;
  }

  std::uint64_t most_bytes_;
  CaptureFrames read_;
  Form form_ = Form::undecided;
  std::uint64_t begin_ns_ = 0, last_ns_ = 0;
};

}  // namespace

Result<CaptureFrames> read_capture(const std::string& path, std::uint64_t most_bytes) {
  Result<Pcap> file = open_file(path);
  if (!file) return file.error();
  Reading reading(std::min(most_bytes, kMostCaptureBytes));
  pcap_pkthdr* header = nullptr;
  const std::uint8_t* data = nullptr;
  int outcome = 0;
  for (std::uint64_t packet = 1; (outcome = pcap_next_ex(file.value().get(), &header, &data)) == 1; ++packet)
    if (!reading.take(*header, {data, header->caplen}))
      return Error{
          fmt::format("{}, packet {}", path, packet),
          fmt::format("the capture has more than {} bytes or {} frames", most_bytes, kMostCaptureFrames),
          "give a part of it (editcap -r)"};
  if (outcome != PCAP_ERROR_BREAK)
    return Error{path, pcap_geterr(file.value().get()), "repair the file or capture again"};
  CaptureFrames read = std::move(reading).done();
  if (read.frames.empty()) return Error{path, "has no packet", "give a capture with traffic in it"};
  return read;
}

}  // namespace mirrorscan::traffic
