#include "packet/layers.h"

#include <algorithm>

#include "wire/ethernet.h"
#include "wire/ip_protocol.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"

namespace mirrorscan::packet {

namespace {

/// Each extension header but the destination options is to occur once (RFC 8200 section 4.1), so that real
/// chains have a handful. Receivers walk longer ones, so an attacker may send them: the bound has to end the
/// walk, no more. A longer chain is refused by name, and so counted.
constexpr int kMaxExtensions = 256;
constexpr std::uint32_t kMinExtensionBytes = 8;
constexpr std::uint32_t kMinAhBytes = 12;
constexpr std::uint32_t kMaxHeaderOffset = 65'535;

/// Where a walk through headers stands: bytes left by the stated length, and bytes left that are there.
struct Cursor {
  std::uint32_t offset = 0, stated = 0, captured = 0;

  void advance(std::uint32_t bytes) noexcept {
    offset += bytes;
    stated -= bytes;
    captured -= bytes;
  }
};

void set_payload(const Cursor& at, IpLayer& out) noexcept {
  out.payload_offset = at.offset;
  out.payload_stated = at.stated;
  out.payload_captured = std::min(at.stated, at.captured);
  out.truncated = at.stated > at.captured;
}

bool is_extension(std::uint8_t next_header) noexcept {
  using namespace wire::ip_protocol;
  return next_header == kHopByHop || next_header == kRouting || next_header == kFragment ||
         next_header == kAuthentication || next_header == kDestinationOptions;
}

LayerFault read_ipv4(const rte_mbuf& m, Cursor at, IpLayer& out) noexcept {
  HeaderScratch scratch;
  if (at.captured < sizeof(wire::Ipv4Header)) return LayerFault::truncated;
  const auto* ip = view<wire::Ipv4Header>(m, at.offset, scratch);
  if (ip == nullptr) return LayerFault::truncated;
  const std::uint32_t header = ip->header_bytes();
  const std::uint32_t total = ip->total_length.host();
  at.stated = total == 0 ? at.captured : total;
  if (header < sizeof(wire::Ipv4Header) || (total != 0 && total < header)) return LayerFault::bad_header;

  out.version = IpVersion::v4;
  out.src = IpAddress::from(ip->src.data(), ip->src.size());
  out.dst = IpAddress::from(ip->dst.data(), ip->dst.size());
  out.protocol = ip->protocol;
  out.ttl = ip->ttl;
  out.tos = ip->tos;
  out.id = ip->id.host();
  out.more_fragments = ip->more_fragments();
  out.fragment_offset = ip->fragment_offset_bytes();
  out.fragment = out.more_fragments || out.fragment_offset > 0;
  if (at.captured < header) return LayerFault::truncated;
  at.advance(header);
  set_payload(at, out);
  return LayerFault::none;
}

/// One extension header: its next header goes to out.protocol, its size (0: cut by truncation) to `bytes`.
LayerFault read_extension(const rte_mbuf& m, const Cursor& at, IpLayer& out, std::uint32_t& bytes) noexcept {
  bytes = 0;
  if (at.stated < kMinExtensionBytes) return LayerFault::bad_extensions;
  if (at.captured < kMinExtensionBytes) return LayerFault::none;
  HeaderScratch scratch;
  const auto* header = view<wire::Ipv6Fragment>(m, at.offset, scratch);
  if (header == nullptr) return LayerFault::none;
  if (out.protocol == wire::ip_protocol::kFragment) {
    out.id = header->id.host();
    out.more_fragments = header->more_fragments();
    out.fragment_offset = header->fragment_offset_bytes();
    out.fragment = out.more_fragments || out.fragment_offset > 0;
    bytes = sizeof(wire::Ipv6Fragment);
  } else {
    const wire::Ipv6Extension extension{header->next_header, header->reserved};
    const bool ah = out.protocol == wire::ip_protocol::kAuthentication;
    const std::uint32_t size = ah ? extension.bytes_of_ah() : extension.bytes();
    if (size > at.stated || (ah && size < kMinAhBytes)) return LayerFault::bad_extensions;
    if (size > at.captured) return LayerFault::none;
    bytes = size;
  }
  out.protocol = header->next_header;
  return LayerFault::none;
}

LayerFault walk_extensions(const rte_mbuf& m, Cursor& at, IpLayer& out) noexcept {
  for (int count = 0; is_extension(out.protocol) && !out.fragment; ++count) {
    // RFC 8200 section 4.1: hop-by-hop options stand directly after the IPv6 header; receivers discard
    // others.
    const bool misplaced = out.protocol == wire::ip_protocol::kHopByHop && count > 0;
    if (misplaced || count == kMaxExtensions) return LayerFault::bad_extensions;
    std::uint32_t bytes = 0;
    const LayerFault fault = read_extension(m, at, out, bytes);
    if (fault != LayerFault::none) return fault;
    if (bytes == 0) {
      out.extensions_cut = true;
      return LayerFault::none;
    }
    at.advance(bytes);
  }
  return LayerFault::none;
}

LayerFault read_ipv6(const rte_mbuf& m, Cursor at, IpLayer& out) noexcept {
  HeaderScratch scratch;
  if (at.captured < sizeof(wire::Ipv6Header)) return LayerFault::truncated;
  const auto* ip = view<wire::Ipv6Header>(m, at.offset, scratch);
  if (ip == nullptr) return LayerFault::truncated;
  const std::uint32_t length = ip->payload_length.host();
  const bool jumbo = length == 0 && ip->next_header == wire::ip_protocol::kHopByHop;

  out.version = IpVersion::v6;
  out.src = IpAddress::from(ip->src.data(), ip->src.size());
  out.dst = IpAddress::from(ip->dst.data(), ip->dst.size());
  out.protocol = ip->next_header;
  out.ttl = ip->hop_limit;
  out.tos = ip->traffic_class();
  at.stated = jumbo ? at.captured : static_cast<std::uint32_t>(sizeof(wire::Ipv6Header)) + length;
  at.advance(sizeof(wire::Ipv6Header));
  const LayerFault fault = walk_extensions(m, at, out);
  if (fault != LayerFault::none) return fault;
  if (at.offset > kMaxHeaderOffset) return LayerFault::bad_extensions;
  set_payload(at, out);
  if (out.extensions_cut) out.payload_captured = 0;
  return LayerFault::none;
}

}  // namespace

IpVersion ip_version_of(std::uint16_t ether_type) noexcept {
  if (ether_type == wire::ether_type::kIpv4) return IpVersion::v4;
  return ether_type == wire::ether_type::kIpv6 ? IpVersion::v6 : IpVersion::none;
}

LayerFault read_link(const rte_mbuf& m, LinkLayer& out) noexcept {
  HeaderScratch scratch;
  out = {};
  const auto* ethernet = view<wire::EthernetHeader>(m, 0, scratch);
  if (ethernet == nullptr) return LayerFault::truncated;
  out.ether_type = ethernet->type.host();
  out.end = sizeof(wire::EthernetHeader);
  while (wire::ether_type::is_vlan(out.ether_type)) {
    if (out.vlans == out.vlan.size()) return LayerFault::vlan_depth;
    const auto* tag = view<wire::VlanTag>(m, out.end, scratch);
    if (tag == nullptr) return LayerFault::truncated;
    out.vlan[out.vlans++] = tag->id();
    out.ether_type = tag->type.host();
    out.end = static_cast<std::uint16_t>(out.end + sizeof(wire::VlanTag));
  }
  return LayerFault::none;
}

LayerFault read_ip(const rte_mbuf& m, std::uint32_t offset, std::uint32_t end, IpVersion expected,
                   IpLayer& out) noexcept {
  out = {};
  HeaderScratch scratch;
  const std::uint8_t* first = offset < end ? read(m, offset, 1, scratch.data()) : nullptr;
  if (first == nullptr) return LayerFault::truncated;
  const int version = *first >> 4;
  if (expected != IpVersion::none && version != static_cast<int>(expected)) return LayerFault::bad_header;
  // Offsets are 16 bits: a header that could end beyond them is none that we follow.
  if (offset > kMaxHeaderOffset - 60) return LayerFault::bad_header;
  const Cursor at{offset, 0, end - offset};
  if (version == 4) return read_ipv4(m, at, out);
  return version == 6 ? read_ipv6(m, at, out) : LayerFault::bad_header;
}

}  // namespace mirrorscan::packet
