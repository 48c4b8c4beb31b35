#include "ledger/ledger.h"

#include <numeric>

namespace mirrorscan::ledger {

Ledger& Ledger::operator+=(const Ledger& o) noexcept {
  received += o.received;
  handed_in += o.handed_in;
  handed_out += o.handed_out;
  steered_in += o.steered_in;
  steered_out += o.steered_out;
  held_defrag += o.held_defrag;
  for (std::size_t i = 0; i < kPacketEnds; ++i) ends[i] += o.ends[i];
  payload_received += o.payload_received;
  payload_handed_in += o.payload_handed_in;
  payload_handed_out += o.payload_handed_out;
  payload_steered_in += o.payload_steered_in;
  payload_steered_out += o.payload_steered_out;
  payload_held_defrag += o.payload_held_defrag;
  payload_held_reassembly += o.payload_held_reassembly;
  for (std::size_t i = 0; i < kPayloadEnds; ++i) payload[i] += o.payload[i];
  missing_truncated += o.missing_truncated;
  missing_cut += o.missing_cut;
  missing_gap += o.missing_gap;
  vxlan_reserved_bits += o.vxlan_reserved_bits;
  geneve_unknown_options += o.geneve_unknown_options;
  geneve_packets += o.geneve_packets;
  outer_vlan_packets += o.outer_vlan_packets;
  truncated_packets += o.truncated_packets;
  cut_packets += o.cut_packets;
  ipv4_packets += o.ipv4_packets;
  ipv6_packets += o.ipv6_packets;
  tcp_packets += o.tcp_packets;
  udp_packets += o.udp_packets;
  icmp_packets += o.icmp_packets;
  icmpv6_packets += o.icmpv6_packets;
  sctp_packets += o.sctp_packets;
  other_packets += o.other_packets;
  fragments += o.fragments;
  alerts += o.alerts;
  return *this;
}

Amount Ledger::packet_imbalance() const noexcept {
  Amount in = received;
  in += handed_in;
  in += steered_in;
  Amount out = handed_out;
  out += steered_out;
  out += held_defrag;
  for (std::size_t i = 1; i < kPacketEnds; ++i) out += ends[i];
  return {in.packets - out.packets, in.bytes - out.bytes};
}

std::uint64_t Ledger::payload_imbalance() const noexcept {
  const std::uint64_t in = payload_received + payload_handed_in + payload_steered_in;
  const std::uint64_t out = std::accumulate(
      payload.begin(), payload.end(),
      payload_handed_out + payload_steered_out + payload_held_defrag + payload_held_reassembly);
  return in - out;
}

double Ledger::coverage_pct() const noexcept {
  const std::uint64_t whole = payload_received + missing_truncated + missing_cut + missing_gap;
  if (whole == 0) return 100.0;
  const auto scanned = payload[static_cast<std::size_t>(PayloadEnd::scanned)];
  return 100.0 * static_cast<double>(scanned) / static_cast<double>(whole);
}

}  // namespace mirrorscan::ledger
