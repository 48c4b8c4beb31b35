#include "worker/settings.h"

#include "base/mix.h"

namespace mirrorscan::worker {
namespace {

using flow::Timeout;

[[nodiscard]] decap::PortSet ports_of(const std::vector<std::uint16_t>& ports) {
  decap::PortSet set;
  for (const std::uint16_t port : ports) (void)set.add(port);  // the configuration reader bounds the list
  return set;
}

[[nodiscard]] flow::Timeouts timeouts_of(const config::Flow& c) {
  flow::Timeouts t;
  t[Timeout::tcp_new] = Duration::seconds(c.tcp_new_timeout_s);
  t[Timeout::tcp_established] = Duration::seconds(c.tcp_established_timeout_s);
  t[Timeout::tcp_closed] = Duration::seconds(c.tcp_closed_timeout_s);
  t[Timeout::udp_new] = Duration::seconds(c.udp_new_timeout_s);
  t[Timeout::udp_established] = Duration::seconds(c.udp_established_timeout_s);
  t[Timeout::icmp_new] = Duration::seconds(c.icmp_new_timeout_s);
  t[Timeout::icmp_established] = Duration::seconds(c.icmp_established_timeout_s);
  t[Timeout::other_new] = Duration::seconds(c.other_new_timeout_s);
  t[Timeout::other_established] = Duration::seconds(c.other_established_timeout_s);
  return t;
}

[[nodiscard]] reassembly::Settings reassembly_of(const config::Stream& c) {
  reassembly::Settings s;
  s.midstream = c.midstream ? reassembly::Midstream::pick_up : reassembly::Midstream::ignore;
  s.established = c.payload_implies_established ? reassembly::Established::by_payload
                                                : reassembly::Established::by_handshake;
  s.syn_data = c.syn_data ? reassembly::SynData::in_stream : reassembly::SynData::with_fast_open;
  s.overlaps = {c.overlaps_ipv4, c.overlaps_ipv6};
  s.depth_bytes = c.depth_bytes;
  s.max_held_bytes = c.max_held_bytes;
  s.max_held_bytes_per_stream = c.max_held_bytes_per_stream;
  s.gap_timeout = Duration::milliseconds(c.gap_timeout_ms);
  return s;
}

[[nodiscard]] alert::Settings alert_of(const config::Config& c) {
  alert::Settings s;
  s.stream.window_bytes = c.detect.max_window_bytes;
  s.stream.pended = c.detect.max_pended_triggers;
  s.evaluation.steps = c.detect.max_evaluation_steps;
  s.evaluation.pcre_match_limit = c.detect.pcre_match_limit;
  s.budgets = {c.detect.max_rule_steps_per_second, c.detect.max_steps_per_second, c.detect.suspension_s};
  s.max_streams = c.stream.max_streams;
  s.max_alert_memories = c.detect.max_remembered_alerts;
  s.max_flow_variables = c.detect.max_flow_variables;
  s.max_matches_per_packet = c.detect.max_alerts_per_packet;
  s.max_alerts_per_sid_and_second = c.detect.max_alerts_per_sid_and_second;
  s.drop_ends_flow = c.detect.drop_ends_flow ? alert::DropEndsFlow::yes : alert::DropEndsFlow::no;
  return s;
}

}  // namespace

Settings Settings::from(const config::Config& config) {
  Settings s;
  s.decap = {ports_of(config.decap.vxlan_ports), ports_of(config.decap.geneve_ports)};
  s.dedup = {config.dedup.max_records, Duration::milliseconds(config.dedup.window_ms), {}};
  s.dedup_enabled = config.dedup.enabled;
  s.defrag.max_datagrams = config.defrag.max_datagrams;
  s.defrag.max_bytes = config.defrag.max_bytes;
  s.defrag.timeout = Duration::seconds(config.defrag.timeout_s);
  s.defrag.policies = {config.defrag.overlaps_ipv4, config.defrag.overlaps_ipv6};
  s.defrag.vlan_in_key = config.flow.vlan_in_key ? defrag::VlanInKey::included : defrag::VlanInKey::ignored;
  s.max_flows = config.flow.max_flows;
  s.vlan_in_key = config.flow.vlan_in_key ? flow::VlanInKey::yes : flow::VlanInKey::no;
  s.timeouts = timeouts_of(config.flow);
  s.server_by = config.flow.server_by_lower_port ? ServerBy::lower_port : ServerBy::first_packet;
  s.reassembly = reassembly_of(config.stream);
  s.alert = alert_of(config);
  s.max_host_states = config.detect.max_host_states;
  s.flow_events = config.output.flow_events;
  return s;
}

void Settings::seed_hashes(std::uint64_t random) noexcept {
  steer_seed = mix(random, std::uint64_t{1});
  flow_seed.value = mix(random, std::uint64_t{2});
  dedup.seed.value = mix(random, std::uint64_t{3});
}

}  // namespace mirrorscan::worker
