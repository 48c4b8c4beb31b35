#include "config/fields.h"

#include "config/row.h"

namespace mirrorscan::config {
namespace {

void add_rules(std::vector<Field>& out) {
  out.push_back(row(
      choice("profile",
             "What the other defaults are made for: mirrored traffic, or comparison with Suricata 7.0.10.",
             "write \"mirror\" or \"reference\""),
      MEMBER(profile)));
  out.push_back(row(list("rules.files", kPath, {0, 1'024}, "Rule files, loaded in this order.",
                         "write a list of paths, such as [\"/etc/mirrorscan/local.rules\"]"),
                    MEMBER(rule_files)));
  out.push_back(
      row({.path = "rules.vars_file",
           .value = {0, 4'096},
           .sentence = "YAML file with the address and port variables of the rules; empty for none.",
           .remedy = "write the path of one file"},
          MEMBER(vars_file)));
  out.push_back(row({.path = "rules.threshold_file",
                     .value = {0, 4'096},
                     .sentence = "Thresholds and suppressions of the rules, in the form of Suricata's "
                                 "threshold.config; empty for none.",
                     .remedy = "write the path of one file"},
                    MEMBER(threshold_file)));
  out.push_back(row(list("rules.address_groups", {1, 65'536}, {0, 1'024},
                         "Address variables of the rules; they override those of rules.vars_file.",
                         "write an object of strings, such as {\"HOME_NET\": \"[10.0.0.0/8]\"}"),
                    MEMBER(address_groups)));
  out.push_back(row(list("rules.port_groups", {1, 65'536}, {0, 1'024},
                         "Port variables of the rules; they override those of rules.vars_file.",
                         "write an object of strings, such as {\"HTTP_PORTS\": \"[80,8080]\"}"),
                    MEMBER(port_groups)));
}

void add_sources(std::vector<Field>& out) {
  out.push_back(
      row({.path = "tenants",
           .items = {0, 1'024},
           .sentence = "Mirror sessions that share one address space. A VNI that no tenant names is "
                       "a tenant of its own.",
           .remedy = "write a list of objects, such as [{\"name\": \"prod\", \"vnis\": [10, 11]}]"},
          MEMBER(tenants)));
  out.push_back(row({.path = "tenants[].name",
                     .required = true,
                     .value = {1, 64},
                     .sentence = "Name of the tenant, as events show it.",
                     .remedy = "write a name of 1 to 64 bytes"},
                    ELEMENT(tenants, name)));
  out.push_back(row({.path = "tenants[].vnis",
                     .required = true,
                     .value = kVni,
                     .items = {1, 65'536},
                     .sentence = "VXLAN network identifiers of the tenant's mirror sessions.",
                     .remedy = "write a list of numbers from 0 to 16777215, such as [4711]"},
                    ELEMENT(tenants, vnis)));
  out.push_back(
      row({.path = "tenants[].sources",
           .form = Form::address,
           .value = {2, 45},
           .items = {0, 1'024},
           .sentence = "Outer source addresses of the tenant's mirror sources; empty for any.",
           .remedy = "write IPv4 or IPv6 addresses without a prefix length, such as [\"10.0.0.5\"]"},
          ELEMENT(tenants, sources)));
  out.push_back(row(list("decap.vxlan_ports", kPort, {1, 8}, "UDP destination ports that carry VXLAN.",
                         "write a list of 1 to 8 ports, such as [4789]"),
                    MEMBER(decap.vxlan_ports)));
  out.push_back(row(list("decap.geneve_ports", kPort, {0, 8},
                         "UDP destination ports that carry GENEVE from a Gateway Load Balancer.",
                         "write a list of at most 8 ports, such as [6081]"),
                    MEMBER(decap.geneve_ports)));
}

void add_flow(std::vector<Field>& out) {
  out.push_back(row(number("flow.max_flows", {1, 67'108'864},
                           "Flows an lcore follows at the same time; beyond it the oldest are evicted and "
                           "counted.",
                           "write the number of flows an lcore may follow, such as 262144"),
                    MEMBER(flow.max_flows)));
  out.push_back(
      row(yes_no("flow.vlan_in_key", "Inner packets with different VLAN ids belong to different flows."),
          MEMBER(flow.vlan_in_key)));
  out.push_back(
      row(yes_no("flow.server_by_lower_port",
                 "Without a SYN the endpoint with the lower port is the server; if false, the sender of a "
                 "flow's first packet is the client."),
          MEMBER(flow.server_by_lower_port)));
  const auto timeout = [&out](std::string_view path, std::string_view sentence, auto access) {
    out.push_back(row(number(path, kWeek, sentence, kSeconds), access));
  };
  timeout("flow.tcp_new_timeout_s", "Idle seconds after which a TCP flow without a complete handshake ends.",
          MEMBER(flow.tcp_new_timeout_s));
  timeout("flow.tcp_established_timeout_s", "Idle seconds after which an established TCP flow ends.",
          MEMBER(flow.tcp_established_timeout_s));
  timeout("flow.tcp_closed_timeout_s", "Idle seconds after which a closed TCP flow is forgotten.",
          MEMBER(flow.tcp_closed_timeout_s));
  timeout("flow.udp_new_timeout_s", "Idle seconds after which a UDP flow seen in one direction ends.",
          MEMBER(flow.udp_new_timeout_s));
  timeout("flow.udp_established_timeout_s",
          "Idle seconds after which a UDP flow seen in both directions ends.",
          MEMBER(flow.udp_established_timeout_s));
  timeout("flow.icmp_new_timeout_s", "Idle seconds after which an ICMP flow seen in one direction ends.",
          MEMBER(flow.icmp_new_timeout_s));
  timeout("flow.icmp_established_timeout_s",
          "Idle seconds after which an ICMP flow seen in both directions ends.",
          MEMBER(flow.icmp_established_timeout_s));
  timeout("flow.other_new_timeout_s",
          "Idle seconds after which a flow of another protocol, seen in one direction, ends.",
          MEMBER(flow.other_new_timeout_s));
  timeout("flow.other_established_timeout_s",
          "Idle seconds after which a flow of another protocol, seen in both directions, ends.",
          MEMBER(flow.other_established_timeout_s));
}

constexpr std::string_view kPolicyRemedy = "write how the receivers resolve overlaps, such as \"windows\"";

void add_streams(std::vector<Field>& out) {
  out.push_back(row(number("defrag.max_datagrams", {1, 1'048'576},
                           "Incomplete IP datagrams an lcore holds; beyond it the oldest is evicted.",
                           "write the number of datagrams, such as 4096"),
                    MEMBER(defrag.max_datagrams)));
  out.push_back(row(number("defrag.max_bytes", {131'072, kMaxU32},
                           "Bytes of fragments an lcore holds; beyond it the oldest datagram is evicted.",
                           "write bytes, at least 131072 (two of the largest datagrams)"),
                    MEMBER(defrag.max_bytes)));
  out.push_back(
      row(number("defrag.timeout_s", {1, 3'600}, "Seconds after which an incomplete IP datagram is given up.",
                 "write seconds, from 1 to 3600"),
          MEMBER(defrag.timeout_s)));
  out.push_back(
      row(choice("defrag.overlaps_ipv4",
                 "Which of two IPv4 fragments keeps the bytes that both have: as the receivers do it.",
                 kPolicyRemedy),
          MEMBER(defrag.overlaps_ipv4)));
  out.push_back(row(choice("defrag.overlaps_ipv6", "The same over IPv6.", kPolicyRemedy),
                    MEMBER(defrag.overlaps_ipv6)));
  out.push_back(
      row(yes_no("stream.midstream", "TCP connections are followed even if their handshake was not seen."),
          MEMBER(stream.midstream)));
  out.push_back(row(yes_no("stream.payload_implies_established",
                           "A TCP connection that carries payload counts as established for `flow` rules."),
                    MEMBER(stream.payload_implies_established)));
  out.push_back(
      row(yes_no("stream.syn_data",
                 "Bytes on a SYN are the first of their stream (RFC 9293 3.10.7.4); if false, that holds "
                 "with TCP Fast Open (RFC 7413) alone, and others are inspected as a packet's."),
          MEMBER(stream.syn_data)));
  out.push_back(row(number("stream.depth_bytes", {0, 1'099'511'627'776},
                           "Bytes of each direction of a TCP connection that are inspected; 0 for no limit.",
                           "write bytes, or 0 for no limit"),
                    MEMBER(stream.depth_bytes)));
  out.push_back(
      row(choice("stream.overlaps_ipv4",
                 "Which of two waiting TCP segments over IPv4 leads where both have bytes: as the receivers "
                 "do it; the other's bytes are inspected as the second version.",
                 kPolicyRemedy),
          MEMBER(stream.overlaps_ipv4)));
  out.push_back(row(choice("stream.overlaps_ipv6", "The same over IPv6.", kPolicyRemedy),
                    MEMBER(stream.overlaps_ipv6)));
  out.push_back(row(number("stream.max_held_bytes", {65'536, kMaxU32},
                           "Bytes of out-of-order TCP segments an lcore holds, all flows together.",
                           "write bytes, at least 65536"),
                    MEMBER(stream.max_held_bytes)));
  out.push_back(row(number("stream.max_held_bytes_per_stream", {1'460, 1'073'741'824},
                           "Bytes of out-of-order TCP segments held for one direction of a connection.",
                           "write bytes, at most stream.max_held_bytes"),
                    MEMBER(stream.max_held_bytes_per_stream)));
  out.push_back(row(number("stream.gap_timeout_ms", {1, 600'000},
                           "Milliseconds after which a hole that nobody acknowledged is given up as a gap.",
                           "write milliseconds, from 1 to 600000"),
                    MEMBER(stream.gap_timeout_ms)));
  out.push_back(row(number("stream.max_streams", {1, 67'108'864},
                           "Stream matching states of an lcore, one for each direction with payload that a "
                           "stream rule can match.",
                           "write the number of states, such as 65536"),
                    MEMBER(stream.max_streams)));
}

void add_detect(std::vector<Field>& out) {
  out.push_back(row(number("detect.window_bytes", {64, 32'768},
                           "All parts of a rule that matches on a TCP stream lie within this many bytes.",
                           "write bytes, from 64 to 32768"),
                    MEMBER(detect.window_bytes)));
  out.push_back(row(number("detect.max_window_bytes", {65'536, kMaxU32},
                           "Memory of an lcore for the stream bytes that rules look back at.",
                           "write bytes, at least 65536"),
                    MEMBER(detect.max_window_bytes)));
  out.push_back(row(number("detect.max_pended_triggers", {1, 16'777'216},
                           "Matches of an lcore that wait for bytes after them; beyond it they are decided "
                           "early and counted.",
                           "write the number of matches, such as 65536"),
                    MEMBER(detect.max_pended_triggers)));
  out.push_back(
      row(number("detect.max_remembered_alerts", {1, 16'777'216},
                 "Stream alerts of an lcore that are remembered, so that each comes once a window; beyond it "
                 "they may repeat and are counted.",
                 "write the number of alerts, such as 65536"),
          MEMBER(detect.max_remembered_alerts)));
  out.push_back(
      row(number("detect.max_flow_variables", {1, 16'777'216},
                 "Memory of an lcore for flowbits and flowints: one unit for every integer and every 64 "
                 "bits that a flow has set; beyond it they are not set and are counted.",
                 "write a number, such as 262144"),
          MEMBER(detect.max_flow_variables)));
  out.push_back(
      row(number("detect.max_host_states", {1, 16'777'216},
                 "Windows of thresholds and bits of hosts (xbits, hostbits) that an lcore remembers; "
                 "beyond it those are forgotten that were not asked for lately, and counted.",
                 "write the number of states, such as 262144"),
          MEMBER(detect.max_host_states)));
  out.push_back(row(number("detect.max_evaluation_steps", {100, 100'000'000},
                           "Steps that one evaluation of one rule may take before it is cut off and counted.",
                           "write the number of steps, such as 50000"),
                    MEMBER(detect.max_evaluation_steps)));
  out.push_back(row(number("detect.pcre_match_limit", {100, 100'000'000},
                           "PCRE2 match limit of one `pcre` test, beyond which it counts as no match.",
                           "write the limit, such as 100000"),
                    MEMBER(detect.pcre_match_limit)));
  out.push_back(row(number("detect.max_rule_steps_per_second", {0, kMaxU32},
                           "Steps that one rule's evaluations may take on a worker in a second of packet "
                           "time, beyond which it is suspended. 0 for no limit.",
                           "write the number of steps, such as 10000000, or 0 for no limit"),
                    MEMBER(detect.max_rule_steps_per_second)));
  out.push_back(row(number("detect.max_steps_per_second", {0, 1'000'000'000'000},
                           "Steps that all rules' evaluations may take on a worker in a second of packet "
                           "time, beyond which the costliest rules are suspended. 0 for no limit.",
                           "write the number of steps, such as 100000000, or 0 for no limit"),
                    MEMBER(detect.max_steps_per_second)));
  out.push_back(row(number("detect.suspension_s", {1, 86'400}, "How long a rule is suspended.",
                           "write seconds, from 1 to 86400 (a day)"),
                    MEMBER(detect.suspension_s)));
  out.push_back(
      row(number("detect.max_alerts_per_packet", {1, 65'536}, "Rule matches that one packet may bring.",
                 "write the number of matches, from 1 to 65536"),
          MEMBER(detect.max_alerts_per_packet)));
  out.push_back(row(number("detect.max_alerts_per_sid_and_second", {0, 1'000'000},
                           "Alerts of one rule, worker and second; more are counted only. 0 for no limit.",
                           "write the number of alerts, or 0 for no limit"),
                    MEMBER(detect.max_alerts_per_sid_and_second)));
  out.push_back(row(yes_no("detect.drop_ends_flow",
                           "A `drop` or `reject` rule that matches ends the inspection of its flow."),
                    MEMBER(detect.drop_ends_flow)));
}

void add_dedup(std::vector<Field>& out) {
  out.push_back(
      row(yes_no("dedup.enabled", "A packet mirrored by two sources of one tenant is inspected once."),
          MEMBER(dedup.enabled)));
  out.push_back(row(number("dedup.window_ms", {1, 60'000},
                           "Milliseconds within which the second copy of a packet must come.",
                           "write milliseconds, from 1 to 60000"),
                    MEMBER(dedup.window_ms)));
  out.push_back(row(number("dedup.max_records", {1, 16'777'216},
                           "Packets an lcore remembers to recognise their second copy.",
                           "write the number of packets, such as 65536"),
                    MEMBER(dedup.max_records)));
}

std::vector<Field> make_fields() {
  std::vector<Field> out;
  add_rules(out);
  add_ports(out);
  add_sources(out);
  add_flow(out);
  add_streams(out);
  add_detect(out);
  add_dedup(out);
  add_output(out);
  return out;
}

}  // namespace

std::span<const Field> fields() {
  static const std::vector<Field> table = make_fields();
  return table;
}

bool is_element_field(const Field& field) {
  return field.path.find("[].") != std::string_view::npos;
}

}  // namespace mirrorscan::config
