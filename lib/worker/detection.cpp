// A packet's payload through detection: packet by packet, and as part of its stream.

#include <rte_mbuf.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "packet/access.h"
#include "worker/visit.h"
#include "worker/worker.h"

namespace mirrorscan::worker {

using alert::Scanned;
using alert::Subject;
using ledger::Counter;
using ledger::Ledger;
using ledger::PayloadEnd;
using packet::Meta;
using reassembly::Outcome;
using reassembly::TcpState;
using ruleset::ScanKind;

namespace {

[[nodiscard]] Subject subject_of(const Visit& visit, bool established) noexcept {
  const Meta& meta = visit.meta;
  const bool flow = in_flow(visit.flow, meta);
  return {meta.version,
          meta.protocol,
          flow ? visit.direction : Direction::to_server,
          established,
          meta.reassembled,
          flow,
          has_ports(meta.protocol),
          meta.src_port,
          meta.dst_port,
          meta.src,
          meta.dst};
}

[[nodiscard]] ByteView payload_in(ByteView l3, const Meta& meta) noexcept {
  const std::size_t head = meta.payload_offset - meta.l3_offset;
  return head < l3.size() ? l3.subspan(head) : ByteView{};
}

/// Sequence numbers from the SYN's own to the end of what was sent, or acknowledged where the peer knows more
/// than we saw: so a FIN counts once it is acknowledged.
[[nodiscard]] std::uint32_t size_of(const reassembly::StreamState& s) noexcept {
  using reassembly::StreamState;
  if (!s.is(StreamState::kStarted)) return 0;
  const auto in_order =
      static_cast<std::uint32_t>(std::max(s.next, s.is(StreamState::kAckSeen) ? s.acked : 0));
  const bool ahead = static_cast<std::int32_t>(s.furthest - in_order) > 0;
  return 1 + (ahead ? s.furthest : in_order);
}

}  // namespace

Subject Worker::subject_of_stream(const FlowState& flow, Direction d) const noexcept {
  const bool forward = d == Direction::to_server;
  return {flow.version,
          flow.protocol,
          d,
          established(flow),
          false,
          true,
          has_ports(flow.protocol),
          forward ? flow.client_port : flow.server_port,
          forward ? flow.server_port : flow.client_port,
          forward ? flow.client : flow.server,
          forward ? flow.server : flow.client};
}

bool Worker::established(const FlowState& flow) const noexcept {
  if (flow.protocol == kProtocolTcp) return flow.tcp_established;
  return flow.seen(Direction::to_server) && flow.seen(Direction::to_client);
}

void Worker::count(Visit& visit) noexcept {
  FlowState& flow = visit.flow;
  const std::size_t d = index_of(visit.direction);
  const bool own = visit.meta.protocol == flow.protocol;  // an ICMP message about the flow is no sign of life
  if (own && !flow.seen(visit.direction)) {
    flow.tunnels[d] = visit.meta.tunnel;
    flow.mirror_directions[d] = visit.meta.mirror_direction;
    flow.own_packets[d] = true;
  }
  flow.truncated |= visit.meta.truncated;
  ++flow.counts.packets[d];
  flow.counts.bytes[d] += visit.mbuf.pkt_len;
  if (!own) return;
  flow.counts.last = visit.meta.time;
  flows_.touch(visit.slot, visit.meta.time);
}

ByteView Worker::in_one_piece(const rte_mbuf& m, const Meta& meta) noexcept {
  const std::uint32_t length = meta.payload_offset + meta.payload_captured - meta.l3_offset;
  if (length > linear_.size()) return {};
  const std::uint8_t* bytes = packet::read(m, meta.l3_offset, length, linear_.data());
  if (bytes == nullptr) return {};
  if (bytes == linear_.data()) counters_.add(Counter::payload_linearised);
  return {bytes, length};
}

bool Worker::inspect_packet(Visit& visit, const Subject& subject, const PacketScan& scan) noexcept {
  const StageScope evaluation(stages_, Stage::evaluation);
  const Meta& meta = visit.meta;
  const alert::Generation& generation = *generations_[visit.flow.generation];
  if (generation.rules->scan(scan.kind, visit.direction).empty()) return false;
  const ByteView l3 = in_one_piece(visit.mbuf, meta);
  const reassembly::Connection& tcp = visit.flow.tcp;
  const signature::StreamSizes streams{size_of(tcp.stream(Direction::to_server)),
                                       size_of(tcp.stream(Direction::to_client))};
  const bool tracked = meta.transport == packet::Transport::tcp && visit.flow.tcp.state != TcpState::none;
  const bool stray = scan.kind == ScanKind::stray;
  const signature::PacketView view{meta, l3, stray ? 0 : meta.payload_stated, tracked ? &streams : nullptr};
  const ByteView payload = stray ? ByteView{} : payload_in(l3, meta);
  alert::PacketUnderTest packet{subject, view, scan.kind, payload, nullptr, scan.stream_offset};
  if (scan.tracked == Tracked::yes) packet.stream = &visit.flow.alert.streams[index_of(visit.direction)];
  return inspector_.inspect_packet(*generations_[visit.flow.generation], packet);
}

void Worker::datagram(Visit& visit) noexcept {
  FlowState& flow = visit.flow;
  const Meta& meta = visit.meta;
  Ledger& ledger = ledgers_[meta.ledger_slot];
  count(visit);
  if (established(flow) && meta.protocol == flow.protocol)
    flows_.set_timeout(visit.slot, established_timeout(meta));
  if (flow.alert.verdict != alert::Verdict::none) {
    ledger.dispose(PayloadEnd::flow_verdict, meta.payload_captured);
    return;
  }
  const Subject subject = subject_of(visit, established(flow));
  if (meta.protocol == flow.protocol) {
    if (!subject.in_flow) flow.alert.ip_only_done = {};
    inspector_.inspect_header(*generations_[flow.generation], flow.alert, subject);
  }
  const bool scanned = inspect_packet(visit, subject, {kind_of(meta), Tracked::no, 0});
  ledger.dispose(scanned ? PayloadEnd::scanned : PayloadEnd::no_rule_applies, meta.payload_captured);
  settle(flow, &meta, meta.time);
}

Outcome Worker::reassemble(Visit& visit, std::span<const ByteView> payload) noexcept {
  const StageScope reassembly(stages_, Stage::reassembly);
  const Meta& meta = visit.meta;
  return assembler_.segment(
      visit.flow.tcp, visit.slot,
      {visit.direction, meta.tcp, meta.payload_captured, meta.payload_stated, meta.time, meta.version},
      payload);
}

bool Worker::segment(Visit& visit) noexcept {
  FlowState& flow = visit.flow;
  const Meta& meta = visit.meta;
  std::size_t count_pieces = 0;
  packet::for_each_piece(visit.mbuf, meta.payload_offset, meta.payload_captured,
                         [&](ByteView bytes) noexcept {
                           if (count_pieces < kMaxPieces) pieces_[count_pieces++] = bytes;
                         });
  if (count_pieces == kMaxPieces) {
    const ByteView whole = payload_in(in_one_piece(visit.mbuf, meta), meta);
    pieces_[0] = whole;
    count_pieces = 1;
  }
  const std::span<const ByteView> payload{pieces_.data(), count_pieces};
  const Outcome outcome = reassemble(visit, payload);
  if (outcome.tuple_reused) return false;

  count(visit);
  flow.tcp_flags[index_of(visit.direction)] |= meta.tcp.flags;
  // Not by `closed`: a RST closes what was never established, too.
  const bool before = flow.tcp_established;
  flow.tcp_established |= flow.tcp.state == TcpState::established || flow.tcp.state == TcpState::closing;
  // To the reference the bare acknowledgment that completes the handshake comes before the connection.
  const bool established = before || (flow.tcp_established && meta.payload_stated > 0);
  if (outcome.new_connection) counters_.add(Counter::tcp_sessions);
  if (outcome.midstream) {
    flow.midstream = true;
    counters_.add(Counter::tcp_midstream);
  }
  flows_.set_timeout(visit.slot, tcp_timeout(flow));
  if (flow.alert.verdict == alert::Verdict::none) {
    const Subject subject = subject_of(visit, established);
    inspector_.inspect_header(*generations_[flow.generation], flow.alert, subject);
    inspect_segment(visit, subject, outcome, payload);
  } else {
    inspect_segment(visit, {}, outcome, payload);
  }
  settle(flow, &meta, meta.time);
  return true;
}

void Worker::inspect_segment(Visit& visit, const Subject& subject, const Outcome& outcome,
                             std::span<const ByteView> payload) noexcept {
  FlowState& flow = visit.flow;
  const Meta& meta = visit.meta;
  Ledger& ledger = ledgers_[meta.ledger_slot];
  const bool inspected = flow.alert.verdict == alert::Verdict::none;
  if (outcome.kind == Outcome::Kind::untracked) {
    if (meta.payload_captured > 0) counters_.add(Counter::tcp_untracked);
    const bool scanned =
        inspected && inspect_packet(visit, subject, {ScanKind::tcp_untracked, Tracked::no, 0});
    ledger.dispose(!inspected ? PayloadEnd::flow_verdict
                   : scanned  ? PayloadEnd::scanned
                              : PayloadEnd::no_rule_applies,
                   meta.payload_captured);
    end_finished_streams(flow);
    return;
  }
  // Bytes that no stream will ever contain are inspected with the packet they came in.
  const bool stray = outcome.late + outcome.out_of_window > 0;
  const auto offset = static_cast<std::uint64_t>(std::max<std::int64_t>(outcome.payload_offset, 0));
  const PacketScan scan{stray ? ScanKind::tcp_untracked : ScanKind::tcp_segment, Tracked::yes, offset};
  const bool scanned = inspected && inspect_packet(visit, subject, scan);
  if (inspected && outcome.retransmitted > 0) inspect_copy(visit, outcome);
  deliver(visit, outcome, payload, scanned ? ByPacket::scanned : ByPacket::unseen);
  ledger.dispose(scanned ? PayloadEnd::scanned : PayloadEnd::out_of_window, outcome.out_of_window);
  ledger.dispose(scanned ? PayloadEnd::scanned : PayloadEnd::no_rule_applies, outcome.late);
  ledger.dispose(PayloadEnd::retransmission, outcome.retransmitted);
  ledger.dispose(PayloadEnd::beyond_depth, outcome.beyond_depth);
  ledger.dispose(PayloadEnd::over_budget, outcome.over_budget);
  hold(visit, outcome.held);
  if (outcome.overlap_differs) {
    if (outcome.other_lost) counters_.add(Counter::second_versions_budget);
    overlap_differs(visit, offset);
  }
  drain(flow);
  end_finished_streams(flow);
}

void Worker::inspect_copy(Visit& visit, const Outcome& outcome) noexcept {
  FlowState& flow = visit.flow;
  const Meta& meta = visit.meta;
  const StageScope evaluation(stages_, Stage::evaluation);
  ByteView bytes = payload_in(in_one_piece(visit.mbuf, meta), meta);
  const auto before = static_cast<std::size_t>(std::max<std::int64_t>(-outcome.payload_offset, 0));
  if (before >= bytes.size()) return;
  const alert::StreamBytes copy{bytes.subspan(before),
                                static_cast<std::uint64_t>(std::max<std::int64_t>(outcome.payload_offset, 0)),
                                0};
  const alert::Copy found = inspector_.inspect_copy(*generations_[flow.generation], flow.alert,
                                                    subject_of_stream(flow, visit.direction), copy);
  // A keep-alive probe has one byte of garbage (RFC 9293 3.8.4).
  const bool probe = meta.payload_stated == 1 && copy.offset + 1 == flow.tcp.stream(visit.direction).next;
  if (found == alert::Copy::differs && !probe) overlap_differs(visit, copy.offset);
}

/// Told once a flow: an attacker can send as many of them as packets.
void Worker::overlap_differs(Visit& visit, std::uint64_t offset) noexcept {
  counters_.add(Counter::tcp_overlap_differs);
  if (std::exchange(visit.flow.overlap_told, true)) return;
  tell_anomaly(visit.flow, visit.direction, {record::AnomalyKind::overlap_differs, 0, 0, offset},
               visit.meta.time);
}

void Worker::deliver(Visit& visit, const Outcome& outcome, std::span<const ByteView> payload,
                     ByPacket seen) noexcept {
  if (outcome.deliver_length == 0) return;
  const std::size_t d = index_of(visit.direction);
  Ledger& ledger = ledgers_[visit.meta.ledger_slot];
  book_gap(visit.flow, visit.direction, outcome.gap_before, outcome.gap_truncated);
  alert::StreamBytes next{{}, outcome.stream_offset, outcome.gap_before};
  std::uint32_t skip = outcome.deliver_offset;
  std::uint32_t left = outcome.deliver_length;
  for (ByteView piece : payload) {
    if (skip >= piece.size()) {
      skip -= static_cast<std::uint32_t>(piece.size());
      continue;
    }
    piece = piece.subspan(skip);
    skip = 0;
    piece = piece.first(std::min<std::size_t>(piece.size(), left));
    left -= static_cast<std::uint32_t>(piece.size());
    next.bytes = piece;
    ledger.dispose(inspect_bytes(visit.flow, static_cast<Direction>(d), next, seen), piece.size());
    next.offset += piece.size();
    next.gap_before = 0;
    if (left == 0) break;
  }
}

PayloadEnd Worker::inspect_bytes(FlowState& flow, Direction d, const alert::StreamBytes& bytes,
                                 ByPacket seen) noexcept {
  if (flow.alert.verdict != alert::Verdict::none) return PayloadEnd::flow_verdict;
  const StageScope evaluation(stages_, Stage::evaluation);
  const Scanned result = inspector_.inspect_stream(*generations_[flow.generation], flow.alert,
                                                   subject_of_stream(flow, d), bytes);
  if (result == Scanned::over_budget) return PayloadEnd::over_budget;  // whatever packet rules saw of it
  return result == Scanned::yes || seen == ByPacket::scanned ? PayloadEnd::scanned
                                                             : PayloadEnd::no_rule_applies;
}

void Worker::hold(Visit& visit, std::uint32_t bytes) noexcept {
  if (bytes == 0) return;
  // What a flow holds is booked on one slot, since a held byte no longer knows which of the tenant's VNIs it
  // came by.
  Ledger& here = ledgers_[visit.meta.ledger_slot];
  Ledger& holder = ledgers_[visit.flow.ledger_slot];
  here.payload_handed_out += bytes;
  holder.payload_handed_in += bytes;
  holder.payload_held_reassembly += bytes;
}

void Worker::book_gap(FlowState& flow, Direction d, std::uint64_t gap, std::uint64_t truncated) noexcept {
  if (gap == 0) return;                        // as nearly always: the flow's line for it stays untouched
  const std::uint64_t lost = gap - truncated;  // truncated bytes were booked with the packet that lacked them
  ledgers_[flow.ledger_slot].missing_gap += lost;
  flow.gap_bytes[index_of(d)] += lost;
}

void Worker::drain(FlowState& flow) noexcept {
  Ledger& holder = ledgers_[flow.ledger_slot];
  for (const Direction d : {Direction::to_server, Direction::to_client}) {
    if (flow.tcp.stream(d).held == 0) continue;
    reassembly::Chunk chunk;
    while (assembler_.next_chunk(flow.tcp, d, chunk)) {
      book_gap(flow, d, chunk.gap_before, chunk.gap_truncated);
      holder.payload_held_reassembly -= chunk.bytes.size();
      holder.dispose(
          inspect_bytes(flow, d, {chunk.bytes, chunk.stream_offset, chunk.gap_before}, ByPacket::unseen),
          chunk.bytes.size());
      inspect_others(flow, d);
    }
  }
}

void Worker::inspect_others(FlowState& flow, Direction d) noexcept {
  reassembly::Chunk other;
  while (assembler_.next_other(flow.tcp, d, other)) {
    if (flow.alert.verdict != alert::Verdict::none) continue;
    const StageScope evaluation(stages_, Stage::evaluation);
    (void)inspector_.inspect_copy(*generations_[flow.generation], flow.alert, subject_of_stream(flow, d),
                                  {other.bytes, other.stream_offset, 0});
  }
}

void Worker::end_finished_streams(FlowState& flow) noexcept {
  for (const Direction d : {Direction::to_server, Direction::to_client})
    if (flow.tcp.finished(d))
      inspector_.end_stream(*generations_[flow.generation], flow.alert, subject_of_stream(flow, d));
}

void Worker::end_streams(FlowState& flow) noexcept {
  const StageScope evaluation(stages_, Stage::evaluation, 0);
  for (const Direction d : {Direction::to_server, Direction::to_client})
    inspector_.end_stream(*generations_[flow.generation], flow.alert, subject_of_stream(flow, d));
}

void Worker::give_up_holes(Timestamp now) noexcept {
  const StageScope timers(stages_, Stage::timers);
  if (!assembler_.may_be_due(now)) return;
  while (const auto due = assembler_.due(now)) {
    if (!asks_in_order()) {
      give_up_hole(*due);
      continue;
    }
    // Those that are due at once, in the order of their flows' ids: as in end_flows().
    dues_.assign(1, *due);
    while (dues_.size() < kDuesAtOnce) {
      const auto another = assembler_.due(due->when);
      if (!another) break;
      dues_.push_back(*another);
    }
    std::sort(dues_.begin(), dues_.end(),
              [this](const reassembly::Due& a, const reassembly::Due& b) noexcept {
                const auto place = [this](const reassembly::Due& d) noexcept {
                  return std::tuple(d.when, flows_.state(d.connection_id).flow_id, d.direction);
                };
                return place(a) < place(b);
              });
    for (const reassembly::Due& each : dues_) give_up_hole(each);
  }
}

void Worker::give_up_hole(const reassembly::Due& due) noexcept {
  inspector_.at(due.when);
  FlowState& flow = flows_.state(due.connection_id);
  deciding_ = {due.when.us, 0, flow.flow_id};
  assembler_.give_up(flow.tcp, due.direction, due.when);
  drain(flow);
  settle(flow, nullptr, due.when);
}

flow::Timeout Worker::tcp_timeout(const FlowState& flow) noexcept {
  if (flow.tcp.state == TcpState::closed) return flow::Timeout::tcp_closed;
  if (flow.tcp.state >= TcpState::established) return flow::Timeout::tcp_established;
  return flow::Timeout::tcp_new;
}

}  // namespace mirrorscan::worker
