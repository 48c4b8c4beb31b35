#include "traffic/frame_parts.h"

#include <algorithm>

#include "wire/ethernet.h"
#include "wire/icmp.h"
#include "wire/ip_protocol.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"
#include "wire/tcp.h"
#include "wire/udp.h"
#include "wire/view.h"

namespace mirrorscan::traffic {
namespace {

namespace protocol = wire::ip_protocol;

constexpr int kMostVlanTags = 8, kMostExtensions = 16;

/// Where the IP packet at `l3` of `stated` bytes ends, as far as it is there: not before `l4`, and at the
/// frame's end where `stated` is 0 (segmentation offload, jumbograms).
[[nodiscard]] std::uint32_t end_of(ByteView frame, std::uint32_t l3, std::uint32_t stated,
                                   std::uint32_t l4) noexcept {
  const auto whole = static_cast<std::uint32_t>(frame.size());
  return stated == 0 ? whole : std::min(std::max(l3 + stated, l4), whole);
}

[[nodiscard]] FrameParts ipv4_parts(ByteView frame, std::uint32_t l3) noexcept {
  const auto* ip = wire::view<wire::Ipv4Header>(frame.subspan(l3));
  if (ip == nullptr || ip->version() != 4 || ip->header_bytes() < sizeof(wire::Ipv4Header) ||
      ip->header_bytes() > frame.size() - l3)
    return {};
  FrameParts parts{IpVersion::v4, ip->protocol};
  parts.l3 = l3;
  parts.l4 = l3 + ip->header_bytes();
  parts.end = end_of(frame, l3, ip->total_length.host(), parts.l4);
  parts.fragment = ip->more_fragments() || ip->fragment_offset_bytes() > 0;
  parts.transport = ip->fragment_offset_bytes() == 0;
  return parts;
}

/// Size of the extension header at `at`; 0 when it is none, or not there whole.
[[nodiscard]] std::uint32_t extension_bytes(ByteView frame, std::uint32_t at, std::uint8_t kind) noexcept {
  const auto* extension = wire::view<wire::Ipv6Extension>(frame.subspan(at));
  if (extension == nullptr) return 0;
  std::uint32_t bytes = 0;
  switch (kind) {
    case protocol::kHopByHop:
    case protocol::kRouting:
    case protocol::kDestinationOptions: bytes = extension->bytes(); break;
    case protocol::kAuthentication: bytes = extension->bytes_of_ah(); break;
    case protocol::kFragment: bytes = sizeof(wire::Ipv6Fragment); break;
    default: return 0;
  }
  return bytes <= frame.size() - at ? bytes : 0;
}

[[nodiscard]] bool is_extension(std::uint8_t kind) noexcept {
  return kind == protocol::kHopByHop || kind == protocol::kRouting || kind == protocol::kDestinationOptions ||
         kind == protocol::kAuthentication || kind == protocol::kFragment;
}

/// Goes from the first extension header on to the transport; a chain that is cut short, or goes on behind
/// the header of a later fragment, has no transport.
void follow_extensions(ByteView frame, FrameParts& parts) noexcept {
  for (int i = 0; i < kMostExtensions && is_extension(parts.protocol); ++i) {
    const std::uint32_t bytes = extension_bytes(frame, parts.l4, parts.protocol);
    if (bytes == 0) return;
    const std::uint8_t kind = parts.protocol;
    const ByteView header = frame.subspan(parts.l4, bytes);
    parts.protocol = header[0];
    parts.l4 += bytes;
    if (kind != protocol::kFragment) continue;
    const auto* fragment = wire::view<wire::Ipv6Fragment>(header);
    parts.fragment |= fragment->more_fragments() || fragment->fragment_offset_bytes() > 0;
    if (fragment->fragment_offset_bytes() > 0) return;
  }
  parts.transport = !is_extension(parts.protocol);
}

[[nodiscard]] FrameParts ipv6_parts(ByteView frame, std::uint32_t l3) noexcept {
  const auto* ip = wire::view<wire::Ipv6Header>(frame.subspan(l3));
  if (ip == nullptr || ip->version() != 6) return {};
  FrameParts parts{IpVersion::v6, ip->next_header};
  parts.l3 = l3;
  parts.l4 = l3 + sizeof(wire::Ipv6Header);
  follow_extensions(frame, parts);
  const std::uint32_t stated = ip->payload_length.host();
  parts.end = end_of(frame, l3, stated == 0 ? 0 : stated + std::uint32_t{sizeof(wire::Ipv6Header)}, parts.l4);
  return parts;
}

[[nodiscard]] bool is_icmp_error(const FrameParts& parts, std::uint8_t type) noexcept {
  if (parts.version == IpVersion::v6) return parts.protocol == protocol::kIcmpv6 && type >= 1 && type <= 4;
  constexpr std::uint8_t kSourceQuench = 4, kRedirect = 5, kTimeExceeded = 11, kParameterProblem = 12;
  return parts.protocol == protocol::kIcmp &&
         (type == wire::IcmpHeader::kDestinationUnreachable || type == kSourceQuench || type == kRedirect ||
          type == kTimeExceeded || type == kParameterProblem);
}

[[nodiscard]] bool has_ports(std::uint8_t number) noexcept {
  return number == protocol::kTcp || number == protocol::kUdp || number == protocol::kSctp;
}

}  // namespace

FrameParts parts_of(ByteView frame) noexcept {
  const auto* ethernet = wire::view<wire::EthernetHeader>(frame);
  if (ethernet == nullptr) return {};
  std::uint16_t type = ethernet->type.host();
  std::uint32_t at = sizeof(wire::EthernetHeader);
  for (int tags = 0; wire::ether_type::is_vlan(type); ++tags) {
    const auto* tag = wire::view<wire::VlanTag>(frame.subspan(at));
    if (tag == nullptr || tags == kMostVlanTags) return {};
    type = tag->type.host();
    at += sizeof(wire::VlanTag);
  }
  if (type == wire::ether_type::kIpv4) return ipv4_parts(frame, at);
  if (type == wire::ether_type::kIpv6) return ipv6_parts(frame, at);
  return {};
}

FrameParts quoted_parts(ByteView frame, const FrameParts& parts) noexcept {
  if (parts.version == IpVersion::none || !parts.transport || parts.l4 > frame.size()) return {};
  const auto* icmp = wire::view<wire::IcmpHeader>(frame.subspan(parts.l4));
  if (icmp == nullptr || !is_icmp_error(parts, icmp->type)) return {};
  const std::uint32_t at = parts.l4 + sizeof(wire::IcmpHeader);
  return parts.version == IpVersion::v4 ? ipv4_parts(frame, at) : ipv6_parts(frame, at);
}

FrameAddresses addresses_of(ByteView frame, const FrameParts& parts) noexcept {
  FrameAddresses found;
  const ByteView packet = frame.subspan(parts.l3);
  if (parts.version == IpVersion::v4) {
    const auto* ip = wire::view<wire::Ipv4Header>(packet);
    found.src = IpAddress::from(ip->src.data(), ip->src.size());
    found.dst = IpAddress::from(ip->dst.data(), ip->dst.size());
  } else {
    const auto* ip = wire::view<wire::Ipv6Header>(packet);
    found.src = IpAddress::from(ip->src.data(), ip->src.size());
    found.dst = IpAddress::from(ip->dst.data(), ip->dst.size());
  }
  struct Ports {
    wire::Be16 src, dst;
  };
  if (!parts.transport || parts.fragment || !has_ports(parts.protocol)) return found;
  if (const auto* ports = wire::view<Ports>(frame.subspan(parts.l4)); ports != nullptr) {
    found.src_port = ports->src.host();
    found.dst_port = ports->dst.host();
  }
  return found;
}

ByteView payload_of(ByteView frame, const FrameParts& parts) noexcept {
  if (parts.version == IpVersion::none || !parts.transport || parts.fragment) return {};
  const ByteView segment = frame.subspan(parts.l4, parts.end - parts.l4);
  if (parts.protocol == protocol::kUdp) {
    const auto* udp = wire::view<wire::UdpHeader>(segment);
    if (udp == nullptr || udp->length.host() < sizeof(wire::UdpHeader)) return {};
    return segment.first(std::min<std::size_t>(segment.size(), udp->length.host()))
        .subspan(sizeof(wire::UdpHeader));
  }
  if (parts.protocol != protocol::kTcp) return {};
  const auto* tcp = wire::view<wire::TcpHeader>(segment);
  if (tcp == nullptr || tcp->header_bytes() < sizeof(wire::TcpHeader) || tcp->header_bytes() > segment.size())
    return {};
  return segment.subspan(tcp->header_bytes());
}

}  // namespace mirrorscan::traffic
