// What the exporter is told of: alerts, flow ends, anomalies.

#include <rte_pause.h>

#include "worker/visit.h"
#include "worker/worker.h"

namespace mirrorscan::worker {

using ledger::Counter;
using packet::Meta;
using record::Record;

Record Worker::flow_record(const FlowState& flow, Direction d, Timestamp now) const noexcept {
  const bool forward = d == Direction::to_server;
  Record r{};
  r.direction = d;
  r.version = flow.version;
  r.protocol = flow.protocol;
  r.icmp_type = flow.icmp_type;
  r.icmp_code = flow.icmp_code;
  r.src = forward ? flow.client : flow.server;
  r.dst = forward ? flow.server : flow.client;
  r.src_port = forward ? flow.client_port : flow.server_port;
  r.dst_port = forward ? flow.server_port : flow.client_port;
  r.vlan = flow.vlan;
  r.vlans = flow.vlans;
  r.time = now;
  r.flow_id = flow.flow_id;
  const std::size_t seen = index_of(flow.seen(d) ? d : opposite(d));
  r.tunnel = flow.tunnels[seen];
  r.mirror_direction = flow.mirror_directions[seen];
  r.truncated = flow.truncated;
  r.tenant = flow.tenant;
  r.flow = flow.counts;
  return r;
}

Record Worker::alert_record(const FlowState& flow, const Meta* meta, Timestamp now,
                            const alert::Match& match) const noexcept {
  Record r = flow_record(flow, match.direction, now);
  r.type = record::Type::alert;
  if (match.matched == alert::Matched::packet && meta != nullptr) {
    r.protocol = meta->protocol;
    r.src = meta->src;
    r.dst = meta->dst;
    r.src_port = meta->src_port;
    r.dst_port = meta->dst_port;
    r.tunnel = meta->tunnel;
    r.icmp_type = meta->icmp_type;
    r.icmp_code = meta->icmp_code;
    r.truncated = meta->truncated;
    r.mirror_direction = meta->mirror_direction;
    r.vlan = meta->vlan;
    r.vlans = meta->vlans;
  }
  r.alert = {match.rule, generations_[flow.generation]->rules->generation,
             match.matched == alert::Matched::stream, match.stream_offset};
  return r;
}

void Worker::settle(FlowState& flow, const Meta* meta, Timestamp now) noexcept {
  while (const auto suspension = inspector_.take_suspension()) tell_suspension(flow, *suspension, now);
  alert::Generation& generation = *generations_[flow.generation];
  if (inspector_.has_state() && flow.protocol == kProtocolTcp)
    for (const Direction d : {Direction::to_server, Direction::to_client})
      inspector_.catch_up(generation, flow.alert, subject_of_stream(flow, d));
  const auto hosts = [&](const alert::Match& match, alert::Telling telling) noexcept {
    if (generation.rules->rules[match.rule].host.empty()) return alert::HostAnswer::tell;
    return ask_hosts(flow, match, telling, alert_record(flow, meta, now, match));
  };
  inspector_.settle_matches(generation, flow.alert, now, hosts, [&](const alert::Match& match) noexcept {
    const StageScope records(stages_, Stage::records, 0);
    ++ledgers_[meta != nullptr ? meta->ledger_slot : flow.ledger_slot].alerts;
    push(alert_record(flow, meta, now, match));
  });
}

void Worker::tell_flow_end(const FlowState& flow, record::FlowEnd why, Timestamp now) noexcept {
  const StageScope records(stages_, Stage::records, 0);
  Record r = flow_record(flow, Direction::to_server, now);
  r.type = record::Type::flow;
  r.flow_end.end = why;
  r.flow_end.tcp_state = static_cast<record::TcpState>(flow.tcp.state);
  r.flow_end.midstream = flow.midstream;
  r.flow_end.alerted = flow.alert.alerted;
  r.flow_end.tcp_flags = flow.tcp_flags;
  r.flow_end.gap_bytes = flow.gap_bytes;
  push(r);
}

void Worker::tell_anomaly(const FlowState& flow, Direction d, const record::AnomalyBody& body,
                          Timestamp now) noexcept {
  const StageScope records(stages_, Stage::records, 0);
  Record r = flow_record(flow, d, now);
  r.type = record::Type::anomaly;
  r.anomaly = body;
  push(r);
}

void Worker::tell_suspension(const FlowState& flow, const alert::Suspension& suspension,
                             Timestamp now) noexcept {
  const StageScope records(stages_, Stage::records, 0);
  Record r = flow_record(flow, Direction::to_server, now);
  r.type = record::Type::anomaly;
  r.anomaly.kind = record::AnomalyKind::rules_suspended;
  r.alert.rule = suspension.rule;
  r.alert.generation = suspension.generation;
  r.suspension = suspension.body;
  push(r);
}

void Worker::push(const Record& record) noexcept {
  while (!out_.try_push(record)) {
    if (settings_.when_full == WhenFull::drop) {
      counters_.add(Counter::records_lost);
      return;
    }
    rte_pause();
  }
}

}  // namespace mirrorscan::worker
