#include "decap/decap.h"

#include <algorithm>

#include "decap/geneve.h"
#include "packet/layers.h"
#include "wire/ip_protocol.h"
#include "wire/udp.h"
#include "wire/vxlan.h"

namespace mirrorscan::decap {

using ledger::PacketEnd;
using packet::LayerFault;

namespace {

/// A UDP datagram inside the frame.
struct Datagram {
  packet::IpLayer ip;
  std::uint16_t src_port = 0, dst_port = 0;
  std::uint32_t data = 0;  ///< offset of what follows the UDP header
  std::uint32_t end =
      0;  ///< offset of its end: by the smaller of UDP and IP length, and not beyond the capture
};

PacketEnd refusal_of(LayerFault fault) noexcept {
  switch (fault) {
    case LayerFault::none: return PacketEnd::none;
    case LayerFault::truncated: return PacketEnd::outer_truncated;
    case LayerFault::vlan_depth: return PacketEnd::outer_vlan_depth;
    case LayerFault::bad_header:
    case LayerFault::bad_extensions: break;
  }
  return PacketEnd::outer_bad_ip_header;
}

/// Lengths: a UDP length below the IP length cuts off what lies between (RFC 768 allows it, and nothing of it
/// can be VXLAN); one above it, or one that has no room for the UDP header, contradicts it and the packet is
/// refused, as every receiver does. Only a capture may be shorter than its headers say.
PacketEnd read_datagram(const rte_mbuf& m, std::uint32_t offset, std::uint32_t end, IpVersion version,
                        Datagram& out) noexcept {
  const PacketEnd bad_ip = refusal_of(packet::read_ip(m, offset, end, version, out.ip));
  if (bad_ip != PacketEnd::none) return bad_ip;
  if (out.ip.extensions_cut) return PacketEnd::outer_truncated;
  if (out.ip.fragment) return PacketEnd::outer_fragment;
  if (out.ip.protocol != wire::ip_protocol::kUdp) return PacketEnd::outer_not_udp;
  if (out.ip.payload_stated < sizeof(wire::UdpHeader)) return PacketEnd::outer_bad_ip_header;
  if (out.ip.payload_captured < sizeof(wire::UdpHeader)) return PacketEnd::outer_truncated;

  packet::HeaderScratch scratch;
  const auto* udp = packet::view<wire::UdpHeader>(m, out.ip.payload_offset, scratch);
  if (udp == nullptr) return PacketEnd::outer_truncated;
  const std::uint32_t length = udp->length.host();
  if (length < sizeof(wire::UdpHeader) || length > out.ip.payload_stated)
    return PacketEnd::outer_bad_ip_header;
  out.src_port = udp->src_port.host();
  out.dst_port = udp->dst_port.host();
  out.data = out.ip.payload_offset + static_cast<std::uint32_t>(sizeof(wire::UdpHeader));
  out.end = out.ip.payload_offset + std::min(length, out.ip.payload_captured);
  return PacketEnd::none;
}

/// What a refused header says may be nonsense: at most an IPv4 packet, or an IPv6 payload, of 64 KiB.
std::uint32_t cut_bytes(const packet::IpLayer& outer, std::uint32_t frame) noexcept {
  const std::uint32_t stated_end = outer.payload_offset + outer.payload_stated;
  return stated_end > frame ? stated_end - frame : 0;
}

/// The VXLAN header in `transport`. On success the mbuf is what it carries.
PacketEnd strip_vxlan(rte_mbuf& m, const Datagram& transport, packet::Tunnel& tunnel,
                      Observed& observed) noexcept {
  packet::HeaderScratch scratch;
  if (transport.end - transport.data < sizeof(wire::VxlanHeader)) return PacketEnd::vxlan_truncated;
  const auto* vxlan = packet::view<wire::VxlanHeader>(m, transport.data, scratch);
  if (vxlan == nullptr) return PacketEnd::vxlan_truncated;
  if (!vxlan->vni_valid()) return PacketEnd::vxlan_no_vni;
  observed.vxlan_reserved_bits = vxlan->any_reserved_bit();
  tunnel.vni = vxlan->vni.host();
  tunnel.version = transport.ip.version;
  tunnel.src = transport.ip.src;
  tunnel.dst = transport.ip.dst;
  tunnel.src_port = transport.src_port;
  tunnel.dst_port = transport.dst_port;
  packet::keep_front(m, transport.end);
  packet::trim_front(m, transport.data + static_cast<std::uint32_t>(sizeof(wire::VxlanHeader)));
  return PacketEnd::none;
}

PacketEnd strip_geneve(rte_mbuf& m, const Datagram& outer, const Settings& settings, packet::Tunnel& tunnel,
                       Observed& observed) noexcept {
  Geneve geneve;
  tunnel.encap = packet::Encap::geneve;
  const PacketEnd bad_geneve = read_geneve(m, outer.data, outer.end, tunnel, geneve);
  observed.geneve_unknown_options = geneve.unknown_options;
  if (bad_geneve != PacketEnd::none) return bad_geneve;

  Datagram transport;
  const PacketEnd bad = read_datagram(m, geneve.end, outer.end, geneve.inner, transport);
  if (bad == PacketEnd::outer_not_udp) return PacketEnd::geneve_not_vxlan;
  if (bad != PacketEnd::none) return bad;
  if (!settings.vxlan_ports.contains(transport.dst_port)) return PacketEnd::geneve_not_vxlan;
  return strip_vxlan(m, transport, tunnel, observed);
}

}  // namespace

PacketEnd decapsulate(rte_mbuf& m, const Settings& settings, packet::Tunnel& tunnel,
                      Observed& observed) noexcept {
  tunnel = {};
  observed = {};
  packet::settle_chain(m);

  packet::LinkLayer link;
  const PacketEnd bad_link = refusal_of(packet::read_link(m, link));
  tunnel.outer_vlans = observed.outer_vlans = link.vlans;
  if (bad_link != PacketEnd::none) return bad_link;
  const IpVersion version = packet::ip_version_of(link.ether_type);
  if (version == IpVersion::none) return PacketEnd::outer_not_ip;

  Datagram outer;
  const PacketEnd bad_outer = read_datagram(m, link.end, m.pkt_len, version, outer);
  observed.cut_bytes = cut_bytes(outer.ip, m.pkt_len);
  if (bad_outer != PacketEnd::none) return bad_outer;
  if (settings.vxlan_ports.contains(outer.dst_port)) return strip_vxlan(m, outer, tunnel, observed);
  if (settings.geneve_ports.contains(outer.dst_port))
    return strip_geneve(m, outer, settings, tunnel, observed);
  return PacketEnd::outer_other_port;
}

}  // namespace mirrorscan::decap
