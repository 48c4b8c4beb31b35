#include "exporter/eve_event.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "exporter/community_id.h"
#include "exporter/event_names.h"
#include "exporter/text.h"
#include "wire/ip_protocol.h"

namespace mirrorscan::exporter {
namespace {

using Json = nlohmann::ordered_json;
using record::Record;
using namespace wire::ip_protocol;

constexpr auto kServer = index_of(Direction::to_server), kClient = index_of(Direction::to_client);

bool is_icmp(std::uint8_t protocol) {
  return protocol == kIcmp || protocol == kIcmpv6;
}

bool has_ports(std::uint8_t protocol) {
  return protocol == kTcp || protocol == kUdp || protocol == kSctp;
}

// --- What all events have ----------------------------------------------------------------------------------

void put_addresses(Json& event, const Record& r) {
  const bool ports = has_ports(r.protocol);
  event["src_ip"] = address_text(r.version, r.src);
  if (ports) event["src_port"] = r.src_port;
  event["dest_ip"] = address_text(r.version, r.dst);
  if (ports) event["dest_port"] = r.dst_port;
  event["proto"] = protocol_text(r.protocol);
  event["ip_v"] = r.version == IpVersion::v6 ? 6 : 4;
  if (is_icmp(r.protocol)) {
    event["icmp_type"] = r.icmp_type;
    event["icmp_code"] = r.icmp_code;
  }
}

void put_vlan(Json& event, const Record& r) {
  if (r.vlans == 0) return;
  Json ids = Json::array();
  for (std::size_t i = 0; i < r.vlans && i < r.vlan.size(); ++i) ids.push_back(r.vlan[i]);
  event["vlan"] = std::move(ids);
}

void put_community_id(Json& event, const Record& r) {
  std::string id = community_id({.version = r.version,
                                 .src = r.src,
                                 .dst = r.dst,
                                 .protocol = r.protocol,
                                 .src_port = r.src_port,
                                 .dst_port = r.dst_port,
                                 .icmp_type = r.icmp_type,
                                 .icmp_code = r.icmp_code});
  if (!id.empty()) event["community_id"] = std::move(id);
}

Json tunnel_of(const packet::Tunnel& tunnel) {
  return {{"src_ip", address_text(tunnel.version, tunnel.src)},
          {"src_port", tunnel.src_port},
          {"dest_ip", address_text(tunnel.version, tunnel.dst)},
          {"dest_port", tunnel.dst_port},
          {"proto", "UDP"},
          {"depth", tunnel.encap == packet::Encap::geneve ? 2 : 1}};
}

Json head(const Record& r, std::string_view event_type) {
  constexpr std::uint64_t kPositive = 0x7fff'ffff'ffff'ffff;  // readers take it for a signed 64-bit number
  Json event;
  event["timestamp"] = time_text(r.time);
  event["flow_id"] = r.flow_id & kPositive;
  event["event_type"] = event_type;
  put_addresses(event, r);
  put_vlan(event, r);
  put_community_id(event, r);
  return event;
}

std::string_view name_of(packet::MirrorDirection direction) {
  switch (direction) {
    case packet::MirrorDirection::in: return "in";
    case packet::MirrorDirection::out: return "out";
    default: return "unknown";
  }
}

std::string tenant_name(const std::vector<std::string>& names, std::uint32_t tenant, std::uint32_t vni) {
  return tenant < names.size() ? names[tenant] : std::to_string(vni);
}

Json mirror_of(const Record& r, const std::vector<std::string>& tenant_names) {
  const bool geneve = r.tunnel.encap == packet::Encap::geneve;
  Json mirror{{"vni", r.tunnel.vni},
              {"tenant", tenant_name(tenant_names, r.tenant, r.tunnel.vni)},
              {"encap", geneve ? "geneve" : "vxlan"},
              {"direction", name_of(r.mirror_direction)},
              {"truncated", r.truncated}};
  if (!geneve) return mirror;
  // As text: 64-bit identifiers do not survive readers whose numbers are doubles.
  mirror["gwlb_endpoint"] = fmt::format("{:016x}", r.tunnel.gwlb_endpoint);
  mirror["gwlb_attachment"] = fmt::format("{:016x}", r.tunnel.gwlb_attachment);
  mirror["flow_cookie"] = r.tunnel.gwlb_flow_cookie;
  return mirror;
}

// --- alert -------------------------------------------------------------------------------------------------

/// `reference:url,host/path` stands for http://host/path; other systems have no fixed address.
std::string reference_text(const signature::Reference& reference) {
  if (reference.system != "url") return reference.system + "," + reference.id;
  return reference.id.find("://") == std::string::npos ? "http://" + reference.id : reference.id;
}

Json metadata_of(const signature::RuleText& text) {
  Json out = Json::object();
  for (const auto& [key, value] : text.metadata) out[key].push_back(value);
  return out;
}

Json alert_of(const Record& r, const ruleset::Ruleset& rules) {
  Json alert;
  alert["action"] = "allowed";  // a mirror cannot block, whatever the rule's action is
  if (r.alert.rule >= rules.rules.size()) {
    alert["gid"] = 0;
    alert["signature_id"] = 0;
    alert["signature"] = fmt::format("rule {} of generation {}", r.alert.rule, r.alert.generation);
    return alert;
  }
  const signature::Rule& rule = rules.rules[r.alert.rule];
  alert["gid"] = rule.gid;
  alert["signature_id"] = rule.sid;
  alert["rev"] = rule.rev;
  alert["signature"] = rule.text.msg;
  alert["category"] = rule.text.category;
  alert["severity"] = rule.priority;
  if (!rule.text.references.empty())
    for (const auto& reference : rule.text.references)
      alert["references"].push_back(reference_text(reference));
  if (!rule.text.metadata.empty()) alert["metadata"] = metadata_of(rule.text);
  return alert;
}

Json counts_of(const record::FlowCounts& flow) {
  return {{"pkts_toserver", flow.packets[kServer]},
          {"pkts_toclient", flow.packets[kClient]},
          {"bytes_toserver", flow.bytes[kServer]},
          {"bytes_toclient", flow.bytes[kClient]},
          {"start", time_text(flow.start)}};
}

// --- flow --------------------------------------------------------------------------------------------------

std::string_view flow_state(const Record& r) {
  const std::string_view by_tcp = row_of(kTcpStateTexts, r.flow_end.tcp_state).flow_state;
  if (r.protocol == kTcp && !by_tcp.empty()) return by_tcp;
  return r.flow.packets[kServer] > 0 && r.flow.packets[kClient] > 0 ? "established" : "new";
}

Json flow_of(const Record& r) {
  Json flow = counts_of(r.flow);
  flow["end"] = time_text(r.flow.last);
  flow["age"] = (r.flow.last - r.flow.start).us / 1'000'000;
  flow["state"] = flow_state(r);
  flow["reason"] = row_of(kFlowEndTexts, r.flow_end.end).reason;
  flow["alerted"] = r.flow_end.alerted;
  return flow;
}

Json tcp_of(const record::FlowBody& body) {
  const std::uint8_t ts = body.tcp_flags[kServer], tc = body.tcp_flags[kClient];
  const auto both = static_cast<std::uint8_t>(ts | tc);
  Json tcp{{"tcp_flags", fmt::format("{:02x}", both)},
           {"tcp_flags_ts", fmt::format("{:02x}", ts)},
           {"tcp_flags_tc", fmt::format("{:02x}", tc)}};
  for (const FlagName& flag : kFlagNames)
    if ((both & flag.bit) != 0) tcp[flag.name] = true;
  tcp["state"] = row_of(kTcpStateTexts, body.tcp_state).name;
  return tcp;
}

void add_flow_facts(Json& mirror, const Record& r) {
  mirror["end"] = row_of(kFlowEndTexts, r.flow_end.end).name;
  if (r.protocol != kTcp) return;
  mirror["midstream"] = r.flow_end.midstream;
  mirror["gap_bytes_toserver"] = r.flow_end.gap_bytes[kServer];
  mirror["gap_bytes_toclient"] = r.flow_end.gap_bytes[kClient];
}

// --- anomaly -----------------------------------------------------------------------------------------------

std::string conflict_text(const Record& r, const std::vector<std::string>& names) {
  return fmt::format(
      "the same addresses and ports were seen under VNI {} (tenant \"{}\") and VNI {} (tenant \"{}\"); if "
      "both "
      "mirror one network, name both VNIs in one entry of the setting `tenants`",
      r.anomaly.other_vni, tenant_name(names, r.anomaly.other_tenant, r.anomaly.other_vni), r.tunnel.vni,
      tenant_name(names, r.tenant, r.tunnel.vni));
}

std::string suspension_text(const Record& r, const std::string& rule) {
  const record::SuspensionBody& body = r.suspension;
  if (body.reason == record::SuspensionReason::rule_budget)
    return fmt::format(
        "{} took {} evaluation steps within a second: {} suspended for {} s "
        "(detect.max_rule_steps_per_second)",
        rule, body.steps, body.rules == 1 ? "it is" : fmt::format("it and {} others are", body.rules - 1),
        body.seconds);
  return fmt::format(
      "rules took all the evaluation steps of a second (detect.max_steps_per_second): the {} costliest are "
      "suspended for {} s, most of all {} with {} steps",
      body.rules, body.seconds, rule, body.steps);
}

void add_suspension_facts(Json& mirror, const Record& r, const ruleset::Ruleset& rules) {
  std::string name = fmt::format("rule {} of generation {}", r.alert.rule, r.alert.generation);
  if (r.alert.rule < rules.rules.size()) {
    const signature::Rule& rule = rules.rules[r.alert.rule];
    mirror["rule"] = {{"gid", rule.gid}, {"sid", rule.sid}, {"rev", rule.rev}, {"msg", rule.text.msg}};
    name = fmt::format("rule {}:{} \"{}\"", rule.gid, rule.sid, rule.text.msg);
  }
  mirror["reason"] = row_of(kSuspensionTexts, r.suspension.reason).name;
  mirror["steps"] = r.suspension.steps;
  mirror["rules"] = r.suspension.rules;
  mirror["suspended_s"] = r.suspension.seconds;
  mirror["text"] = suspension_text(r, name);
}

void add_anomaly_facts(Json& mirror, const Record& r, const ruleset::Ruleset& rules,
                       const std::vector<std::string>& names) {
  switch (r.anomaly.kind) {
    case record::AnomalyKind::tenant_conflict:
      mirror["other_vni"] = r.anomaly.other_vni;
      mirror["other_tenant"] = tenant_name(names, r.anomaly.other_tenant, r.anomaly.other_vni);
      mirror["text"] = conflict_text(r, names);
      break;
    case record::AnomalyKind::overlap_differs:
      mirror["stream_offset"] = r.anomaly.stream_offset;
      mirror["text"] =
          "a TCP segment repeats bytes of the stream with other content; both versions were inspected";
      break;
    case record::AnomalyKind::rules_suspended: add_suspension_facts(mirror, r, rules); break;
  }
}

Json anomaly_of(const record::AnomalyBody& body) {
  const AnomalyText& text = row_of(kAnomalyTexts, body.kind);
  return {{"type", text.type}, {"event", text.event}};
}

// --- one event of each type --------------------------------------------------------------------------------

Json alert_event(const Record& r, const ruleset::Ruleset& rules) {
  Json event = head(r, "alert");
  event["direction"] = name_of(r.direction);
  event["tunnel"] = tunnel_of(r.tunnel);
  event["alert"] = alert_of(r, rules);
  event["flow"] = counts_of(r.flow);
  return event;
}

Json flow_event(const Record& r) {
  Json event = head(r, "flow");
  event["tunnel"] = tunnel_of(r.tunnel);
  event["flow"] = flow_of(r);
  if (r.protocol == kTcp) event["tcp"] = tcp_of(r.flow_end);
  return event;
}

Json anomaly_event(const Record& r) {
  Json event = head(r, "anomaly");
  event["direction"] = name_of(r.direction);
  event["tunnel"] = tunnel_of(r.tunnel);
  event["anomaly"] = anomaly_of(r.anomaly);
  return event;
}

void add_facts(Json& mirror, const Record& r, const ruleset::Ruleset& rules,
               const std::vector<std::string>& names) {
  switch (r.type) {
    case record::Type::flow: add_flow_facts(mirror, r); break;
    case record::Type::anomaly: add_anomaly_facts(mirror, r, rules, names); break;
    case record::Type::alert:
      if (r.alert.from_stream) mirror["stream_offset"] = r.alert.stream_offset;
      break;
  }
}

Json event_of(const Record& r, const ruleset::Ruleset& rules) {
  switch (r.type) {
    case record::Type::flow: return flow_event(r);
    case record::Type::anomaly: return anomaly_event(r);
    default: return alert_event(r, rules);
  }
}

}  // namespace

EveWriter::Options EveWriter::Options::from(const config::Config& config) {
  Options options;
  options.schema = config.output.mirror_object ? Schema::mirror : Schema::strict;
  for (const config::Tenant& tenant : config.tenants) options.tenant_names.push_back(tenant.name);
  return options;
}

EveWriter::EveWriter(Options options) : options_(std::move(options)) {}

void EveWriter::line(const Record& record, const ruleset::Ruleset& rules, std::string& out) const {
  Json event = event_of(record, rules);
  if (options_.schema == Schema::strict) {
    event["traffic"] = {{"label", Json::array({fmt::format("vni:{}", record.tunnel.vni)})}};
  } else {
    Json mirror = mirror_of(record, options_.tenant_names);
    add_facts(mirror, record, rules, options_.tenant_names);
    event["mirror"] = std::move(mirror);
  }
  out += event.dump(-1, ' ', false, Json::error_handler_t::replace);
  out += '\n';
}

}  // namespace mirrorscan::exporter
