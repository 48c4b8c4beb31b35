#include "traffic/inner_frame.h"

#include <algorithm>
#include <cstring>

#include "traffic/frame_headers.h"
#include "traffic/frame_length.h"
#include "traffic/readdress.h"
#include "wire/ip_protocol.h"
#include "wire/tcp.h"
#include "wire/udp.h"

namespace mirrorscan::traffic {
namespace {

namespace protocol = wire::ip_protocol;

constexpr std::size_t kMostIpBytes = 65'535;
/// The most that a receiver without window scaling can offer (RFC 9293 section 3.1).
constexpr std::uint16_t kWindow = 65'535;

/// Who sends to whom.
struct Way {
  const IpAddress &src, &dst;
  wire::Be16 src_port, dst_port;
};

[[nodiscard]] Way way_of(const PacketPlan& plan) noexcept {
  const Endpoints& ends = plan.ends;
  const auto client = wire::Be16::from_host(ends.client_port),
             server = wire::Be16::from_host(ends.server_port);
  if (plan.direction == Direction::to_server) return {ends.client, ends.server, client, server};
  return {ends.server, ends.client, server, client};
}

[[nodiscard]] bool is_packet(const PacketPlan& plan) noexcept {
  const bool version = plan.ends.version == IpVersion::v4 || plan.ends.version == IpVersion::v6;
  const bool known = plan.ends.protocol == protocol::kTcp || plan.ends.protocol == protocol::kUdp;
  return version && known &&
         frame_length(plan) - plan.pad_bytes - sizeof(wire::EthernetHeader) <= kMostIpBytes;
}

/// `sum` of pseudo-header and payload. Writes the header at `at`; what follows it.
std::uint8_t* write_tcp(std::uint8_t* at, const PacketPlan& plan, const Way& way,
                        std::uint64_t sum) noexcept {
  constexpr std::uint8_t kOffset = sizeof(wire::TcpHeader) / 4 << 4;
  const auto seq = wire::Be32::from_host(plan.seq), ack = wire::Be32::from_host(plan.ack);
  const auto window = wire::Be16::from_host(kWindow);
  sum += sum_of(way.src_port) + sum_of(way.dst_port) + sum_of(seq) + sum_of(ack) +
         sum_of(kOffset, plan.tcp_flags) + sum_of(window);
  new (at) wire::TcpHeader{.src_port = way.src_port,
                           .dst_port = way.dst_port,
                           .seq = seq,
                           .ack = ack,
                           .offset_reserved = kOffset,
                           .flags = plan.tcp_flags,
                           .window = window,
                           .checksum = checksum_of(sum),
                           .urgent = {}};
  return at + sizeof(wire::TcpHeader);
}

/// `sum` of pseudo-header and payload. Writes the header at `at`; what follows it.
std::uint8_t* write_udp(std::uint8_t* at, wire::Be16 length, const Way& way, std::uint64_t sum) noexcept {
  wire::Be16 checksum = checksum_of(sum + sum_of(way.src_port) + sum_of(way.dst_port) + sum_of(length));
  if (checksum == wire::Be16{})
    checksum = wire::Be16::from_host(0xffff);  // RFC 768: 0 says that there is none
  new (at) wire::UdpHeader{
      .src_port = way.src_port, .dst_port = way.dst_port, .length = length, .checksum = checksum};
  return at + sizeof(wire::UdpHeader);
}

std::uint8_t* write_ip(std::uint8_t* at, const PacketPlan& plan, const Way& way,
                       std::uint16_t bytes) noexcept {
  const std::uint8_t number = plan.ends.protocol;
  if (plan.ends.version == IpVersion::v6) return write_ipv6(at, bytes, number, way.src, way.dst);
  const Ipv4Fields fields{.total_bytes = static_cast<std::uint16_t>(sizeof(wire::Ipv4Header) + bytes),
                          .id = plan.ip_id,
                          .flags_fragment = number == protocol::kTcp ? kDontFragment : std::uint16_t{0},
                          .protocol = number};
  return write_ipv4(at, fields, way.src, way.dst);
}

/// All headers; what follows them.
std::uint8_t* write_headers(std::uint8_t* at, const PacketPlan& plan) noexcept {
  const Way way = way_of(plan);
  const bool tcp = plan.ends.protocol == protocol::kTcp;
  const auto bytes = static_cast<std::uint16_t>((tcp ? sizeof(wire::TcpHeader) : sizeof(wire::UdpHeader)) +
                                                plan.payload.size());
  const auto length = wire::Be16::from_host(bytes);
  at = write_ethernet(at, plan.ends.version, way.src, way.dst);
  at = write_ip(at, plan, way, bytes);
  // RFC 9293 section 3.1, RFC 768, RFC 8200 section 8.1: the pseudo-headers add up to the same.
  const std::uint64_t sum = sum_of(way.src) + sum_of(way.dst) + sum_of(0, plan.ends.protocol) +
                            sum_of(length) + sum_of(plan.payload);
  return tcp ? write_tcp(at, plan, way, sum) : write_udp(at, length, way, sum);
}

/// How much of `length` bytes the mirror keeps.
[[nodiscard]] std::size_t kept(const PacketPlan& plan, std::size_t length) noexcept {
  return plan.snap_bytes == 0 ? length : std::min<std::size_t>(length, plan.snap_bytes);
}

}  // namespace

std::size_t write_inner_frame(const PacketPlan& plan, std::span<std::uint8_t> out) noexcept {
  if (!plan.captured.empty()) return kept(plan, write_captured(plan, out));
  if (!is_packet(plan)) return 0;
  const std::size_t length = frame_length(plan), end = kept(plan, length);
  const std::size_t headers = length - plan.payload.size() - plan.pad_bytes;
  if (std::max(end, headers) > out.size()) return 0;

  std::uint8_t* at = write_headers(out.data(), plan);
  if (end <= headers) return end;
  const std::size_t payload = std::min(plan.payload.size(), end - headers);
  if (payload > 0) std::memcpy(at, plan.payload.data(), payload);
  std::fill(at + payload, out.data() + end, std::uint8_t{0});
  return end;
}

}  // namespace mirrorscan::traffic
