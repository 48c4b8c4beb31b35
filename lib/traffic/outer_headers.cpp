#include "traffic/outer_headers.h"

#include "base/mix.h"
#include "traffic/frame_headers.h"
#include "wire/geneve.h"
#include "wire/ip_protocol.h"
#include "wire/udp.h"
#include "wire/vxlan.h"

namespace mirrorscan::traffic {
namespace {

constexpr std::uint16_t kVxlanPort = 4'789, kGenevePort = 6'081;
constexpr std::size_t kMostIpBytes = 65'535;

/// AWS's options as a Gateway Load Balancer writes them, each header with its data.
struct GwlbOptions {
  wire::GeneveOption endpoint_header;
  wire::Be64 endpoint;
  wire::GeneveOption attachment_header;
  wire::Be64 attachment;
  wire::GeneveOption cookie_header;
  wire::Be32 cookie;
};
static_assert(sizeof(GwlbOptions) == 32 && wire::kIsWireLayout<GwlbOptions>);

constexpr std::size_t kTransportBytes =
    sizeof(wire::Ipv4Header) + sizeof(wire::UdpHeader) + sizeof(wire::VxlanHeader);
constexpr std::size_t kTunnelBytes =
    sizeof(wire::Ipv4Header) + sizeof(wire::UdpHeader) + sizeof(wire::GeneveHeader) + sizeof(GwlbOptions);
static_assert(kMostOuterBytes == sizeof(wire::EthernetHeader) + kTunnelBytes + kTransportBytes);

// The balancer's side, the same in all frames: its own address, the sensor's, and the ids of an endpoint
// and of its attachment.
constexpr IpAddress kBalancer = IpAddress::v4(10, 202, 0, 1), kSensor = IpAddress::v4(10, 202, 0, 2);
constexpr std::uint64_t kEndpointId = 0x0a1b'2c3d'4e5f'6071, kAttachmentId = 0x1122'3344'5566'7788;

/// IPv4 and UDP without a checksum, in front of `bytes`; what follows them. TTL, id and flags are those of
/// AWS's mirroring, by a capture of it.
std::uint8_t* write_udp_packet(std::uint8_t* at, const IpAddress& src, const IpAddress& dst,
                               std::uint16_t src_port, std::uint16_t dst_port, std::size_t bytes) noexcept {
  const auto udp_bytes = static_cast<std::uint16_t>(sizeof(wire::UdpHeader) + bytes);
  const Ipv4Fields fields{.total_bytes = static_cast<std::uint16_t>(sizeof(wire::Ipv4Header) + udp_bytes),
                          .ttl = 255,
                          .protocol = wire::ip_protocol::kUdp};
  at = write_ipv4(at, fields, src, dst);
  new (at) wire::UdpHeader{.src_port = wire::Be16::from_host(src_port),
                           .dst_port = wire::Be16::from_host(dst_port),
                           .length = wire::Be16::from_host(udp_bytes),
                           .checksum = {}};
  return at + sizeof(wire::UdpHeader);
}

/// From the mirror source's IPv4 header to the VXLAN header.
void write_transport(std::uint8_t* at, const Source& source, std::uint16_t port,
                     std::size_t inner_bytes) noexcept {
  at = write_udp_packet(at, source.address, Sources::target(), port, kVxlanPort,
                        sizeof(wire::VxlanHeader) + inner_bytes);
  new (at) wire::VxlanHeader{
      .flags = 0x08, .reserved1 = {}, .vni = wire::Be24::from_host(source.vni), .reserved2 = 0};
}

[[nodiscard]] constexpr wire::GeneveOption option(std::uint8_t type, std::size_t data_bytes) noexcept {
  return {.option_class = wire::Be16::from_host(wire::gwlb_option::kClass),
          .critical_type = type,
          .reserved_length = static_cast<std::uint8_t>(data_bytes / 4)};
}

/// From the balancer's IPv4 header to the last option; what follows it. `hash` is of what the balancer takes
/// for a flow.
std::uint8_t* write_tunnel(std::uint8_t* at, std::uint64_t hash, std::size_t inner_bytes) noexcept {
  // RFC 8926 section 3.3: a source port by the flow, of the ephemeral ones.
  const auto port = static_cast<std::uint16_t>(0xc000 | hash >> 50);
  at = write_udp_packet(at, kBalancer, kSensor, port, kGenevePort,
                        sizeof(wire::GeneveHeader) + sizeof(GwlbOptions) + kTransportBytes + inner_bytes);
  new (at) wire::GeneveHeader{.version_length = sizeof(GwlbOptions) / 4,
                              .control_flags = 0,
                              .protocol = wire::Be16::from_host(wire::ether_type::kIpv4),
                              .vni = {},
                              .reserved = 0};
  at += sizeof(wire::GeneveHeader);
  namespace gwlb = wire::gwlb_option;
  new (at) GwlbOptions{.endpoint_header = option(gwlb::kEndpoint, sizeof(wire::Be64)),
                       .endpoint = wire::Be64::from_host(kEndpointId),
                       .attachment_header = option(gwlb::kAttachment, sizeof(wire::Be64)),
                       .attachment = wire::Be64::from_host(kAttachmentId),
                       .cookie_header = option(gwlb::kFlowCookie, sizeof(wire::Be32)),
                       .cookie = wire::Be32::from_host(static_cast<std::uint32_t>(hash))};
  return at + sizeof(GwlbOptions);
}

}  // namespace

OuterHeaders::OuterHeaders(const Mirrors& mirrors) noexcept
    : sources_(mirrors),
      shape_(!mirrors.encapsulated                    ? Shape::plain
             : mirrors.encap == packet::Encap::geneve ? Shape::geneve
                                                      : Shape::vxlan) {
  const std::size_t ip =
      shape_ == Shape::plain ? 0 : kTransportBytes + (shape_ == Shape::geneve ? kTunnelBytes : 0);
  bytes_ = ip == 0 ? 0 : sizeof(wire::EthernetHeader) + ip;
  most_inner_bytes_ = ip == 0 ? SIZE_MAX : kMostIpBytes - ip;
}

void OuterHeaders::write(std::uint8_t* at, const PacketPlan& plan, std::size_t inner_bytes) const noexcept {
  if (shape_ == Shape::plain) return;
  const Source source = sources_.at(plan.source);
  const std::uint16_t port = outer_source_port(plan.ends);
  if (shape_ == Shape::vxlan) {
    at = write_ethernet(at, IpVersion::v4, source.address, Sources::target());
  } else {
    at = write_ethernet(at, IpVersion::v4, kBalancer, kSensor);
    at = write_tunnel(at, mix(mix(0, source.address), port), inner_bytes);
  }
  write_transport(at, source, port, inner_bytes);
}

std::uint16_t outer_source_port(const Endpoints& ends) noexcept {
  const std::uint64_t rest =
      std::uint64_t{ends.protocol} << 32 | std::uint64_t{ends.client_port} << 16 | ends.server_port;
  return static_cast<std::uint16_t>(0xff80 | mix(mix(mix(0, ends.client), ends.server), rest) >> 57);
}

}  // namespace mirrorscan::traffic
