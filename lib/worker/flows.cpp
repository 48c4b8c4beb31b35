// From a decoded packet to its flow, and the end of flows.

#include <rte_mbuf.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "worker/visit.h"
#include "worker/worker.h"

namespace mirrorscan::worker {

using ledger::Counter;
using ledger::PacketEnd;
using ledger::PayloadEnd;
using packet::Meta;
using packet::Transport;

Worker::Slot Worker::quoted_flow(const Meta& meta) const noexcept {
  Meta about = meta;
  about.src = meta.quoted.src;
  about.dst = meta.quoted.dst;
  about.src_port = meta.quoted.src_port;
  about.dst_port = meta.quoted.dst_port;
  about.protocol = meta.quoted.protocol;
  about.quotes = false;
  about.transport = meta.quoted.protocol == kProtocolTcp ? Transport::tcp : Transport::udp;
  const flow::Key key = flow::key_of(about, settings_.vlan_in_key);
  const Slot slot = flows_.find(key, flow::hash(key, settings_.flow_seed));
  return slot == flow::kNone || flows_.expired(slot, meta.time) ? flow::kNone : slot;
}

void Worker::inspect(const rte_mbuf& m, Meta& meta) noexcept {
  const flow::Key key = flow::key_of(meta, settings_.vlan_in_key);
  inspect(m, meta, {{}, key, flow::hash(key, settings_.flow_seed), flow::kNone});
}

void Worker::inspect(const rte_mbuf& m, Meta& meta, const Ahead& ahead) noexcept {
  const StageScope flow_stage(stages_, Stage::flow);
  inspector_.at(meta.time);
  deciding_ = {meta.time.us, meta.capture_index + 1, meta.reassembled ? 1U : 0U};
  if (meta.quotes) {
    if (const Slot slot = quoted_flow(meta); slot != flow::kNone) {
      FlowState& flow = flows_.state(slot);
      Visit visit{m, meta, slot, flow, direction_of(flow, meta)};
      datagram(visit);
      ledgers_[meta.ledger_slot].end(PacketEnd::inspected, meta.wire_bytes);
      return;
    }
  }
  ledger::Ledger& ledger = ledgers_[meta.ledger_slot];
  // Twice at most: a new connection on an old tuple ends the old flow and begins again.
  std::optional<Successor> successor;
  for (int attempt = 0; attempt < 2; ++attempt) {
    const Slot slot = slot_for(ahead, meta);
    if (slot == flow::kNone) {
      ledger.end(PacketEnd::flow_budget, meta.wire_bytes);
      ledger.dispose(PayloadEnd::no_flow, meta.payload_captured);
      return;
    }
    FlowState& flow = flows_.state(slot);
    if (successor) begin_as(flow, *successor);
    Visit visit{m, meta, slot, flow, direction_of(flow, meta)};
    if (meta.transport == Transport::tcp) {
      if (segment(visit)) break;
      counters_.add(Counter::tcp_tuple_reused);
      successor = successor_of(flow);
      close_flow(slot, record::FlowEnd::tuple_reused);
    } else {
      datagram(visit);
      break;
    }
  }
  ledger.end(PacketEnd::inspected, meta.wire_bytes);
}

Worker::Successor Worker::successor_of(const FlowState& ended) noexcept {
  Successor next{reassembly::successor_of(ended.tcp), ended.client, ended.client_port};
  if (next.tcp.opener == Direction::to_server) return next;
  next.client = ended.server;
  next.client_port = ended.server_port;
  next.tcp.opener = Direction::to_server;
  std::swap(next.tcp.streams[0], next.tcp.streams[1]);
  return next;
}

void Worker::begin_as(FlowState& flow, const Successor& successor) noexcept {
  flow.tcp = successor.tcp;
  if (flow.tcp.state == reassembly::TcpState::none) return;  // the SYN comes now, and says who the client is
  if (flow.client == successor.client && flow.client_port == successor.client_port) return;
  std::swap(flow.client, flow.server);
  std::swap(flow.client_port, flow.server_port);
}

Worker::Slot Worker::slot_for(const Ahead& ahead, const Meta& meta) noexcept {
  const flow::Key& key = ahead.key;
  const std::uint64_t hash = ahead.hash;
  Slot slot = flows_.find(key, hash, ahead.guess);
  if (slot != flow::kNone && flows_.expired(slot, meta.time)) {
    counters_.add(Counter::flows_timed_out);
    close_flow(slot, record::FlowEnd::timeout);
    slot = flow::kNone;
  }
  if (slot != flow::kNone) return slot;

  const flow::Timeout timeout = new_timeout(meta);
  slot = flows_.insert(key, hash, meta.time, timeout);
  if (slot == flow::kNone) {
    const Slot victim = flows_.oldest(meta.time);
    if (victim == flow::kNone) return flow::kNone;
    counters_.add(Counter::flows_evicted);
    close_flow(victim, record::FlowEnd::evicted);
    slot = flows_.insert(key, hash, meta.time, timeout);
    if (slot == flow::kNone) return flow::kNone;
  }
  counters_.add(Counter::flows_created);
  begin_flow(flows_.state(slot), key, hash, meta);
  return slot;
}

bool Worker::source_is_client(const Meta& meta) const noexcept {
  if (settings_.server_by == ServerBy::first_packet) return true;
  if (meta.transport == Transport::tcp) {
    constexpr std::uint8_t kSyn = 0x02, kAck = 0x10;
    if ((meta.tcp.flags & (kSyn | kAck)) == kSyn) return true;
    if ((meta.tcp.flags & (kSyn | kAck)) == (kSyn | kAck)) return false;
  }
  return meta.dst_port <= meta.src_port;
}

void Worker::begin_flow(FlowState& flow, const flow::Key& key, std::uint64_t hash,
                        const Meta& meta) noexcept {
  const bool from_client = source_is_client(meta);
  flow.client = from_client ? meta.src : meta.dst;
  flow.server = from_client ? meta.dst : meta.src;
  flow.client_port = from_client ? meta.src_port : meta.dst_port;
  flow.server_port = from_client ? meta.dst_port : meta.src_port;
  begin_with(flow, meta);
  flow.icmp_type = meta.icmp_type;
  flow.icmp_code = meta.icmp_code;
  // 53 bits, which every JSON reader holds exactly; the start tells flows of one tuple apart.
  flow.flow_id = (hash ^ static_cast<std::uint64_t>(meta.time.us) * 0x9e37'79b9'7f4a'7c15) >> 11;
  if (const auto other = tenant_conflicts_.seen(key, meta.tunnel.vni)) {
    flow.tunnels.fill(meta.tunnel);
    flow.mirror_directions.fill(meta.mirror_direction);
    tell_anomaly(flow, direction_of(flow, meta),
                 {record::AnomalyKind::tenant_conflict, other->vni, other->tenant, 0}, meta.time);
    flow.tunnels = {};
    flow.mirror_directions = {};
  }
}

void Worker::close_flow(Slot slot, record::FlowEnd why) noexcept {
  const StageScope flow_stage(stages_, Stage::flow, 0);
  FlowState& flow = flows_.state(slot);
  const Timestamp when = flow.counts.last;
  if (flow.protocol == kProtocolTcp) {
    for (const Direction d : {Direction::to_server, Direction::to_client}) assembler_.flush(flow.tcp, d);
    drain(flow);
    end_streams(flow);
    settle(flow, nullptr, when);
    assembler_.release(flow.tcp);
  }
  inspector_.forget(flow.alert);
  if (why == record::FlowEnd::tuple_reused || why == record::FlowEnd::shutdown)
    counters_.add(Counter::flows_closed);
  if (settings_.flow_events) tell_flow_end(flow, why, when);
  flows_.erase(slot);
}

void Worker::expire(Timestamp now) noexcept {
  const StageScope timers(stages_, Stage::timers, 0);
  if (asks_in_order()) {
    flows_.for_each_expired(now, [this](Slot slot) noexcept { ending_.push_back(slot); });
    end_flows({now.us, 0, 0}, record::FlowEnd::timeout);
  } else {
    for (Slot slot = flows_.next_expired(now); slot != flow::kNone; slot = flows_.next_expired(now))
      end_flow(slot, {flows_.due_at(slot).us, 0, 0}, record::FlowEnd::timeout);
  }
  (void)defrag_.expire(now);
  book_released();
}

void Worker::end_flow(Slot slot, const HostOrder& order, record::FlowEnd why) noexcept {
  if (why == record::FlowEnd::timeout) counters_.add(Counter::flows_timed_out);
  deciding_ = order;
  deciding_.flow_id = flows_.state(slot).flow_id;
  close_flow(slot, why);
}

/// Those of ending_, which end at once, in the order of their ids: a match that waits for its answer shall
/// see what flows with lower ids did at their end, whoever follows them.
void Worker::end_flows(const HostOrder& order, record::FlowEnd why) noexcept {
  std::sort(ending_.begin(), ending_.end(),
            [this](Slot a, Slot b) noexcept { return flows_.state(a).flow_id < flows_.state(b).flow_id; });
  for (const Slot slot : ending_) end_flow(slot, order, why);
  ending_.clear();
}

}  // namespace mirrorscan::worker
