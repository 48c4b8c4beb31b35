#pragma once
// Where a packet's journey ends: every packet ends in exactly one of these. The one list of drops and their
// names.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mirrorscan::ledger {

enum class PacketEnd : std::uint8_t {
  none = 0,  ///< not an end: the packet goes on to the next room
  inspected,
  outer_truncated,
  outer_not_ip,
  outer_vlan_depth,
  outer_bad_ip_header,
  outer_fragment,
  outer_not_udp,
  outer_other_port,
  vxlan_truncated,
  vxlan_no_vni,
  geneve_truncated,
  geneve_bad_version,
  geneve_bad_options,
  geneve_not_ip,
  geneve_not_vxlan,
  inner_truncated,
  inner_vlan_depth,
  inner_not_ip,
  inner_bad_ip_header,
  inner_bad_extension_chain,
  inner_bad_transport_header,
  duplicate,
  fragment_reassembled,
  fragment_bad,
  fragment_truncated,
  fragment_overlapped,
  fragment_timeout,
  fragment_evicted,
  datagram_no_mbuf,
  flow_budget,
  inbox_full,
  flow_over_share,
  count_,
};

inline constexpr std::size_t kPacketEnds = static_cast<std::size_t>(PacketEnd::count_);

struct PacketEndText {
  PacketEnd id;
  std::string_view name;
  std::string_view sentence;
};

inline constexpr std::array<PacketEndText, kPacketEnds> kPacketEndTexts{{
    {PacketEnd::none, "none", "not an end"},
    {PacketEnd::inspected, "inspected", "followed as part of its flow and inspected as far as rules apply"},
    {PacketEnd::outer_truncated, "outer_truncated", "the outer headers end beyond the captured bytes"},
    {PacketEnd::outer_not_ip, "outer_not_ip", "the outer frame carries neither IPv4 nor IPv6"},
    {PacketEnd::outer_vlan_depth, "outer_vlan_depth", "more than two outer VLAN tags"},
    {PacketEnd::outer_bad_ip_header, "outer_bad_ip_header",
     "outer IP version or lengths contradict each other"},
    {PacketEnd::outer_fragment, "outer_fragment",
     "the mirrored packet was fragmented on its way to the sensor"},
    {PacketEnd::outer_not_udp, "outer_not_udp", "the outer packet is not UDP"},
    {PacketEnd::outer_other_port, "outer_other_port", "outer UDP to a port that is neither VXLAN nor GENEVE"},
    {PacketEnd::vxlan_truncated, "vxlan_truncated", "the VXLAN header is cut short"},
    {PacketEnd::vxlan_no_vni, "vxlan_no_vni",
     "the I flag is not set, so the VNI is not valid (RFC 7348 section 5)"},
    {PacketEnd::geneve_truncated, "geneve_truncated", "the GENEVE header or its options are cut short"},
    {PacketEnd::geneve_bad_version, "geneve_bad_version",
     "a GENEVE version other than 0 (RFC 8926 section 3.4)"},
    {PacketEnd::geneve_bad_options, "geneve_bad_options", "a GENEVE option goes beyond the options' length"},
    {PacketEnd::geneve_not_ip, "geneve_not_ip", "GENEVE carries neither IPv4 nor IPv6"},
    {PacketEnd::geneve_not_vxlan, "geneve_not_vxlan", "the packet inside GENEVE is not UDP to a VXLAN port"},
    {PacketEnd::inner_truncated, "inner_truncated", "the inner frame ends before its IP header is complete"},
    {PacketEnd::inner_vlan_depth, "inner_vlan_depth", "more than two inner VLAN tags"},
    {PacketEnd::inner_not_ip, "inner_not_ip", "the inner frame is not IP (ARP and such)"},
    {PacketEnd::inner_bad_ip_header, "inner_bad_ip_header",
     "inner IP version or lengths contradict each other"},
    {PacketEnd::inner_bad_extension_chain, "inner_bad_extension_chain",
     "an IPv6 extension header chain that is malformed or too long"},
    {PacketEnd::inner_bad_transport_header, "inner_bad_transport_header",
     "a transport header that contradicts the IP length"},
    {PacketEnd::duplicate, "duplicate", "the same packet was mirrored by another source of its tenant"},
    {PacketEnd::fragment_reassembled, "fragment_reassembled", "became part of a whole datagram"},
    {PacketEnd::fragment_bad, "fragment_bad", "an IP fragment with an impossible offset or length"},
    {PacketEnd::fragment_truncated, "fragment_truncated",
     "the mirror cut the fragment, so its datagram cannot be made whole"},
    {PacketEnd::fragment_overlapped, "fragment_overlapped", "a fragment whose bytes were all there already"},
    {PacketEnd::fragment_timeout, "fragment_timeout", "the rest of the datagram did not come in time"},
    {PacketEnd::fragment_evicted, "fragment_evicted", "dropped for newer fragments: the budget was used up"},
    {PacketEnd::datagram_no_mbuf, "datagram_no_mbuf", "a whole datagram for which no mbuf was free"},
    {PacketEnd::flow_budget, "flow_budget", "no room for its flow, and none could be made"},
    {PacketEnd::inbox_full, "inbox_full", "the inbox of the worker that owns its flow was full"},
    {PacketEnd::flow_over_share, "flow_over_share",
     "shed because its flow filled more than its share of an inbox that was filling up"},
}};

[[nodiscard]] constexpr std::string_view name_of(PacketEnd end) noexcept {
  return kPacketEndTexts[static_cast<std::size_t>(end)].name;
}

namespace detail {
constexpr bool in_order() {
  for (std::size_t i = 0; i < kPacketEnds; ++i)
    if (static_cast<std::size_t>(kPacketEndTexts[i].id) != i) return false;
  return true;
}
}  // namespace detail
static_assert(detail::in_order(), "kPacketEndTexts must list the ends in the order of the enum");

}  // namespace mirrorscan::ledger
