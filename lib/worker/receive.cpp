// From the port to a decoded packet: decapsulation, decoding, duplicates, fragments.

#include <rte_mbuf.h>

#include <algorithm>
#include <limits>

#include "decap/decap.h"
#include "decode/decode.h"
#include "packet/access.h"
#include "worker/worker.h"

namespace mirrorscan::worker {

using ledger::Counter;
using ledger::Ledger;
using ledger::PacketEnd;
using ledger::PayloadEnd;
using packet::Meta;
using packet::Transport;

bool Worker::receive(rte_mbuf& m) noexcept {
  Meta& meta = packet::meta(m);
  meta.wire_bytes = m.pkt_len;
  meta.reassembled = false;
  decap::Observed observed;
  const StageScope decap(stages_, Stage::decap);
  const PacketEnd refused = decap::decapsulate(m, settings_.decap, meta.tunnel, observed);
  if (refused != PacketEnd::none) {
    ledgers_[VniLedgers::kNone].received += {1, meta.wire_bytes};
    ledgers_[VniLedgers::kNone].end(refused, meta.wire_bytes);
    ledgers_[VniLedgers::kNone].cut_packets += observed.cut_bytes > 0 ? 1 : 0;
    return false;
  }
  meta.ledger_slot = ledgers_.slot_of(meta.tunnel.vni);
  if (meta.ledger_slot == VniLedgers::kOther) counters_.add(Counter::vni_table_budget);
  meta.tenant = tenants_.of(meta.tunnel);
  Ledger& ledger = ledgers_[meta.ledger_slot];
  ledger.received += {1, meta.wire_bytes};
  ledger.vxlan_reserved_bits += observed.vxlan_reserved_bits ? 1 : 0;
  ledger.geneve_unknown_options += observed.geneve_unknown_options;
  ledger.geneve_packets += meta.tunnel.encap == packet::Encap::geneve ? 1 : 0;
  ledger.outer_vlan_packets += observed.outer_vlans > 0 ? 1 : 0;
  ledger.cut_packets += observed.cut_bytes > 0 ? 1 : 0;

  const StageScope decode(stages_, Stage::decode);
  const PacketEnd undecodable = decode::decode(m, meta);
  if (meta.malformed && rules_for_strays()) return true;
  if (undecodable != PacketEnd::none) {
    ledger.end(undecodable, meta.wire_bytes);
    return false;
  }
  count_decoded(ledger, meta, observed.cut_bytes);
  return true;
}

/// The port cuts last, so what it cut is the end of what the mirror left.
void Worker::count_decoded(Ledger& ledger, const Meta& meta, std::uint32_t cut_bytes) noexcept {
  const std::uint32_t missing = meta.payload_stated - meta.payload_captured;
  const std::uint32_t cut = std::min(missing, cut_bytes);
  ledger.payload_received += meta.payload_captured;
  ledger.missing_cut += cut;
  ledger.missing_truncated += missing - cut;
  ledger.truncated_packets += meta.truncated ? 1 : 0;
  ++(meta.version == IpVersion::v4 ? ledger.ipv4_packets : ledger.ipv6_packets);
  if (meta.fragment) {
    ++ledger.fragments;
    return;
  }
  count_transport(ledger, meta);
}

void Worker::count_transport(Ledger& ledger, const Meta& meta) noexcept {
  switch (meta.transport) {
    case Transport::tcp: ++ledger.tcp_packets; break;
    case Transport::udp: ++ledger.udp_packets; break;
    case Transport::icmp: ++ledger.icmp_packets; break;
    case Transport::icmpv6: ++ledger.icmpv6_packets; break;
    case Transport::sctp: ++ledger.sctp_packets; break;
    case Transport::none:
    case Transport::other: ++ledger.other_packets; break;
  }
}

void Worker::take(std::span<rte_mbuf*> burst) noexcept {
  while (!burst.empty()) {
    const auto now = burst.first(std::min(burst.size(), kAheadPackets));
    look_ahead_for_copies(now);
    look_ahead_for_flows(now);
    for (std::size_t i = 0; i < now.size(); ++i) take(*now[i], ahead_[i]);
    rte_pktmbuf_free_bulk(now.data(), static_cast<unsigned>(now.size()));
    burst = burst.subspan(now.size());
  }
}

void Worker::take(rte_mbuf& m, const Ahead& ahead) noexcept {
  Meta& meta = packet::meta(m);
  now_ = std::max(now_, meta.time);
  give_up_holes(now_);
  if (meta.malformed) {
    inspect_stray(m, meta);
    ledgers_[meta.ledger_slot].end(PacketEnd::inner_bad_transport_header, meta.wire_bytes);
  } else if (settings_.dedup_enabled && is_duplicate(m, meta, ahead.identity)) {
    ledgers_[meta.ledger_slot].end(PacketEnd::duplicate, meta.wire_bytes);
    ledgers_[meta.ledger_slot].dispose(PayloadEnd::duplicate, meta.payload_captured);
  } else if (meta.fragment) {
    fragment(m, meta);
  } else {
    inspect(m, meta, ahead);
  }
}

dedup::Fingerprint Worker::fingerprint_of(const rte_mbuf& m, const Meta& meta) const noexcept {
  const ByteView first = packet::segment_bytes(m);
  if (std::uint64_t{meta.payload_offset} + meta.payload_captured <= first.size())
    return fingerprint_key_.of(first.subspan(meta.payload_offset, meta.payload_captured));
  dedup::Fingerprinter pieces(fingerprint_key_);
  packet::for_each_piece(m, meta.payload_offset, meta.payload_captured,
                         [&](ByteView bytes) noexcept { pieces.add(bytes); });
  return pieces.value();
}

bool Worker::is_duplicate(const rte_mbuf& m, const Meta& meta, const dedup::Identity& identity) noexcept {
  const StageScope dedup(stages_, Stage::dedup);
  return dedup_.check(meta, identity, fingerprint_of(m, meta), meta.time) == dedup::Verdict::duplicate;
}

void Worker::fragment(const rte_mbuf& m, const Meta& meta) noexcept {
  inspect_stray(m, meta);
  const StageScope defrag(stages_, Stage::defrag);
  const defrag::Verdict verdict = defrag_.add(m, meta, meta.time);
  Ledger& ledger = ledgers_[meta.ledger_slot];
  if (defrag::is_held(verdict)) {
    ledger.held_defrag += {1, meta.wire_bytes};
    ledger.payload_held_defrag += meta.payload_captured;
  } else {
    ledger.end(defrag::packet_end(verdict), meta.wire_bytes);
    ledger.dispose(defrag::payload_end(verdict), meta.payload_captured);
  }
  if (verdict == defrag::Verdict::complete) whole_datagram();
  book_released();
}

void Worker::whole_datagram() noexcept {
  rte_mbuf* m = defrag_.take(datagrams_);
  if (m == nullptr) return;  // its fragments end as datagram_no_mbuf
  Meta& meta = packet::meta(*m);
  Ledger& ledger = ledgers_[meta.ledger_slot];
  const std::uint32_t payload = defrag_.payload_length();
  ledger.handed_in += {1, meta.wire_bytes};
  ledger.payload_handed_in += payload;
  const PacketEnd undecodable = decode::decode_ip(*m, 0, meta);
  meta.reassembled = true;
  if (undecodable != PacketEnd::none) {
    ledger.end(undecodable, meta.wire_bytes);
    ledger.dispose(PayloadEnd::fragment_bad, payload);
    rte_pktmbuf_free(m);
    return;
  }
  count_transport(ledger, meta);
  ledger.dispose(PayloadEnd::fragment_header, payload - meta.payload_captured);
  hand_over_datagram(*m);
}

void Worker::book_released() noexcept {
  defrag::Released released;
  while (defrag_.next_released(released)) {
    Ledger& ledger = ledgers_[released.ledger_slot];
    ledger.held_defrag.packets -= released.amount.packets;
    ledger.held_defrag.bytes -= released.amount.bytes;
    ledger.ends[static_cast<std::size_t>(released.packet_end)] += released.amount;
    ledger.payload_held_defrag -= released.payload;
    ledger.dispose(PayloadEnd::fragment_overlap, released.overlap);
    const std::uint64_t rest = released.payload - released.overlap;
    if (released.packet_end == PacketEnd::fragment_reassembled)
      ledger.payload_handed_out += rest;
    else
      ledger.dispose(released.payload_end, rest);
  }
}

void Worker::idle(Timestamp now) noexcept {
  const StageScope rest(stages_, Stage::rest, 0);
  now_ = std::max(now_, now);
  give_up_holes(now_);
  expire(now_);
}

void Worker::finish(Timestamp now) noexcept {
  const StageScope rest(stages_, Stage::rest, 0);
  if (in_order())
    serve_timeouts(now);
  else
    idle(now);
  while (defrag_.expire(Timestamp{std::numeric_limits<std::int64_t>::max()}) > 0) book_released();
  book_released();
  const HostOrder order{now_.us, kAtEnd, 0};
  if (!asks_in_order())
    return flows_.for_each([&](Slot slot) noexcept { end_flow(slot, order, record::FlowEnd::shutdown); });
  flows_.for_each([this](Slot slot) noexcept { ending_.push_back(slot); });
  end_flows(order, record::FlowEnd::shutdown);
}

const ledger::Counters& Worker::counters() noexcept {
  const reassembly::Counters& tcp = assembler_.counters();
  counters_.set(Counter::flows_active, flows_.size());
  counters_.set(Counter::tcp_gaps, tcp.gaps);
  counters_.set(Counter::tcp_out_of_order, tcp.out_of_order);
  counters_.set(Counter::segments_budget, tcp.budget_gaps);
  counters_.set(Counter::tcp_resynchronised, tcp.resynchronised);
  counters_.set(Counter::tcp_beyond_depth, tcp.beyond_depth);
  counters_.set(Counter::tcp_urgent, tcp.urgent);
  counters_.set(Counter::datagrams_reassembled, defrag_.datagrams_reassembled());
  counters_.set(Counter::fragments_budget, defrag_.datagrams_evicted());
  counters_.set(Counter::fragments_overlap_differs, defrag_.overlaps_that_differ());
  counters_.set(Counter::dedup_records_overwritten, dedup_.overwritten());
  counters_.set(Counter::tenant_pairs_budget, tenant_conflicts_.untold());
  counters_.set(Counter::host_states, hosts_.size());
  counters_.set(Counter::host_states_evicted, hosts_.evicted());
  return counters_;
}

}  // namespace mirrorscan::worker
