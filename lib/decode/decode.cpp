#include "decode/decode.h"

#include "decode/transport.h"
#include "packet/layers.h"

namespace mirrorscan::decode {

using ledger::PacketEnd;
using packet::LayerFault;
using packet::MirrorDirection;

namespace {

PacketEnd refusal_of(LayerFault fault) noexcept {
  switch (fault) {
    case LayerFault::none: return PacketEnd::none;
    case LayerFault::truncated: return PacketEnd::inner_truncated;
    case LayerFault::vlan_depth: return PacketEnd::inner_vlan_depth;
    case LayerFault::bad_header: return PacketEnd::inner_bad_ip_header;
    case LayerFault::bad_extensions: break;
  }
  return PacketEnd::inner_bad_extension_chain;
}

/// The mirror source's own address tells the direction (facts: AWS sends VXLAN from the primary address of
/// the mirrored interface). Secondary addresses stay unknown.
MirrorDirection direction_of(const packet::Tunnel& tunnel, const packet::IpLayer& ip) noexcept {
  if (tunnel.version != ip.version || ip.version == IpVersion::none) return MirrorDirection::unknown;
  if (ip.src == tunnel.src) return MirrorDirection::out;
  return ip.dst == tunnel.src ? MirrorDirection::in : MirrorDirection::unknown;
}

void take_ip(const packet::IpLayer& ip, std::uint32_t l3_offset, packet::Meta& meta) noexcept {
  meta.src = ip.src;
  meta.dst = ip.dst;
  meta.version = ip.version;
  meta.protocol = ip.protocol;
  meta.ttl = ip.ttl;
  meta.tos = ip.tos;
  meta.l3_offset = static_cast<std::uint16_t>(l3_offset);
  meta.l4_offset = static_cast<std::uint16_t>(ip.payload_offset);
  meta.truncated = ip.truncated;
  meta.fragment = ip.fragment;
  meta.more_fragments = ip.more_fragments;
  meta.fragment_offset = ip.fragment_offset;
  meta.ip_id = ip.id;
  meta.mirror_direction = direction_of(meta.tunnel, ip);
}

void reset_transport(packet::Meta& meta) noexcept {
  meta.src_port = meta.dst_port = 0;
  meta.icmp_type = meta.icmp_code = 0;
  meta.transport = packet::Transport::none;
  meta.payload_offset = meta.payload_captured = meta.payload_stated = 0;
  meta.quotes = false;
  meta.malformed = false;
  meta.tcp = {};
  meta.tcp.window_scale = packet::Tcp::kNoWindowScale;
}

PacketEnd decode_ip_version(const rte_mbuf& m, std::uint16_t l3_offset, IpVersion expected,
                            packet::Meta& meta) noexcept {
  packet::IpLayer ip;
  reset_transport(meta);
  const PacketEnd bad_ip = refusal_of(packet::read_ip(m, l3_offset, m.pkt_len, expected, ip));
  take_ip(ip, l3_offset, meta);
  if (bad_ip != PacketEnd::none) return bad_ip;
  if (!ip.fragment) {
    const PacketEnd end = read_transport(m, ip, meta);
    meta.malformed = end == PacketEnd::inner_bad_transport_header;
    return end;
  }
  // A first fragment's transport header is not looked at either: defrag takes the IP payload of all of them.
  meta.payload_offset = ip.payload_offset;
  meta.payload_stated = ip.payload_stated;
  meta.payload_captured = ip.payload_captured;
  return PacketEnd::none;
}

}  // namespace

PacketEnd decode_ip(const rte_mbuf& m, std::uint16_t l3_offset, packet::Meta& meta) noexcept {
  return decode_ip_version(m, l3_offset, IpVersion::none, meta);
}

PacketEnd decode(const rte_mbuf& m, packet::Meta& meta) noexcept {
  packet::LinkLayer link;
  const LayerFault fault = packet::read_link(m, link);
  meta.vlan = link.vlan;
  meta.vlans = link.vlans;
  meta.reassembled = false;
  const IpVersion version =
      fault == LayerFault::none ? packet::ip_version_of(link.ether_type) : IpVersion::none;
  if (version != IpVersion::none) return decode_ip_version(m, link.end, version, meta);

  reset_transport(meta);
  take_ip({}, link.end, meta);
  return fault == LayerFault::none ? PacketEnd::inner_not_ip : refusal_of(fault);
}

}  // namespace mirrorscan::decode
