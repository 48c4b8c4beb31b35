#include <arpa/inet.h>

#include <nlohmann/json.hpp>
#include "exporter/community_id.h"
#include "exporter/eve_event.h"
#include "exporter/text.h"

#include "support/catch.h"
#include "support/parse_json.h"

using namespace mirrorscan;
using namespace mirrorscan::exporter;
using record::Record;

namespace {

constexpr Timestamp kStart{1'561'644'131'216'000};
constexpr std::string_view kStartText = "2019-06-27T14:02:11.216000+0000";

IpAddress v6(const char* text) {
  IpAddress out;
  REQUIRE(inet_pton(AF_INET6, text, out.bytes.data()) == 1);
  return out;
}

/// A client's segment to an SSH server, mirrored in a VXLAN.
Record ssh_record(record::Type type) {
  Record r;
  r.type = type;
  r.version = IpVersion::v4;
  r.protocol = 6;
  r.mirror_direction = packet::MirrorDirection::in;
  r.src = IpAddress::v4(18, 196, 145, 224);
  r.dst = IpAddress::v4(172, 31, 0, 238);
  r.src_port = 37180;
  r.dst_port = 22;
  r.time = {kStart.us + 2'216};
  r.flow_id = 1187263548123;
  r.tunnel.version = IpVersion::v4;
  r.tunnel.src = IpAddress::v4(172, 31, 0, 238);
  r.tunnel.dst = IpAddress::v4(172, 31, 5, 9);
  r.tunnel.src_port = 65474;
  r.tunnel.dst_port = 4789;
  r.tunnel.vni = 4711;
  r.tenant = 0x8000'0000 | 4711;
  r.flow.packets = {4, 3};
  r.flow.bytes = {300, 280};
  r.flow.start = kStart;
  r.flow.last = kStart + Duration::milliseconds(3'500);
  return r;
}

ruleset::Ruleset rules_with(signature::RuleText text) {
  ruleset::Ruleset rules;
  signature::Rule rule;
  rule.sid = 1;
  rule.rev = 2;
  rule.priority = 3;
  rule.text = std::move(text);
  rules.rules.push_back(std::move(rule));
  return rules;
}

std::string line_of(const Record& r, const ruleset::Ruleset& rules = {}, EveWriter::Options options = {}) {
  std::string out;
  EveWriter(std::move(options)).line(r, rules, out);
  REQUIRE(out.ends_with('\n'));
  return out;
}

Json event_of(const Record& r, const ruleset::Ruleset& rules = {}, EveWriter::Options options = {}) {
  return parse_json(line_of(r, rules, std::move(options)));
}

}  // namespace

TEST_CASE("an alert is the event of the design, field by field") {
  const std::string expected =
      R"({"timestamp":"2019-06-27T14:02:11.218216+0000","flow_id":1187263548123,"event_type":"alert",)"
      R"("src_ip":"18.196.145.224","src_port":37180,"dest_ip":"172.31.0.238","dest_port":22,"proto":"TCP","ip_v":4,)"
      R"("community_id":"1:MK4oF89JWitt8pr/OVDckdM1sJo=","direction":"to_server",)"
      R"("tunnel":{"src_ip":"172.31.0.238","src_port":65474,"dest_ip":"172.31.5.9","dest_port":4789,"proto":"UDP","depth":1},)"
      R"("alert":{"action":"allowed","gid":1,"signature_id":1,"rev":2,"signature":"banner","category":"","severity":3},)"
      R"("flow":{"pkts_toserver":4,"pkts_toclient":3,"bytes_toserver":300,"bytes_toclient":280,)"
      R"("start":"2019-06-27T14:02:11.216000+0000"},)"
      R"("mirror":{"vni":4711,"tenant":"4711","encap":"vxlan","direction":"in","truncated":false}})"
      "\n";
  CHECK(line_of(ssh_record(record::Type::alert), rules_with({.msg = "banner"})) == expected);
}

TEST_CASE("an alert on the answer is oriented as the record and says to_client") {
  Record r = ssh_record(record::Type::alert);
  r.direction = Direction::to_client;
  std::swap(r.src, r.dst);
  std::swap(r.src_port, r.dst_port);
  const Json event = event_of(r, rules_with({}));
  CHECK(event["direction"] == "to_client");
  CHECK(event["src_ip"] == "172.31.0.238");
  CHECK(event["src_port"] == 22);
  CHECK(event["dest_port"] == 37180);
}

TEST_CASE("an alert carries the rule's category, references and metadata") {
  const auto rules = rules_with({.category = "Misc activity",
                                 .references = {{"url", "example.org/a"}, {"cve", "2021-44228"}},
                                 .metadata = {{"policy", "one"}, {"policy", "two"}, {"tag", "x"}}});
  const Json alert = event_of(ssh_record(record::Type::alert), rules)["alert"];
  CHECK(alert["category"] == "Misc activity");
  CHECK(alert["references"] == parse_json(R"(["http://example.org/a", "cve,2021-44228"])"));
  CHECK(alert["metadata"] == parse_json(R"({"policy": ["one", "two"], "tag": ["x"]})"));
}

TEST_CASE("an alert of a drop rule is allowed: a mirror cannot block") {
  auto rules = rules_with({});
  rules.rules[0].action = signature::Action::drop;
  CHECK(event_of(ssh_record(record::Type::alert), rules)["alert"]["action"] == "allowed");
}

TEST_CASE("an alert whose rule is not in the ruleset is still an event") {
  Record r = ssh_record(record::Type::alert);
  r.alert.rule = 7;
  r.alert.generation = 2;
  CHECK(event_of(r, rules_with({}))["alert"]["signature"] == "rule 7 of generation 2");
}

TEST_CASE("bytes that are no UTF-8 give valid JSON") {
  const Json event = event_of(ssh_record(record::Type::alert), rules_with({.msg = "a\xff\xc3z\"\n\x01"}));
  CHECK(event["alert"]["signature"] == "a\xef\xbf\xbd\xef\xbf\xbdz\"\n\x01");
}

TEST_CASE("a stream alert tells its offset in the stream") {
  Record r = ssh_record(record::Type::alert);
  CHECK_FALSE(event_of(r, rules_with({}))["mirror"].contains("stream_offset"));
  r.alert.from_stream = true;
  r.alert.stream_offset = 1234;
  CHECK(event_of(r, rules_with({}))["mirror"]["stream_offset"] == 1234);
}

TEST_CASE("IPv6 addresses have their short form and ICMPv6 has type and code instead of ports") {
  Record r = ssh_record(record::Type::alert);
  r.version = IpVersion::v6;
  r.protocol = 58;
  r.src = v6("fe80::200:86ff:fe05:80da");
  r.dst = v6("fe80::260:97ff:fe07:69ea");
  r.icmp_type = 135;
  const Json event = event_of(r, rules_with({}));
  CHECK(event["src_ip"] == "fe80::200:86ff:fe05:80da");
  CHECK(event["ip_v"] == 6);
  CHECK(event["proto"] == "IPv6-ICMP");
  CHECK(event["icmp_type"] == 135);
  CHECK(event["icmp_code"] == 0);
  CHECK(event["community_id"] == "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=");
  CHECK_FALSE(event.contains("src_port"));
  CHECK_FALSE(event.contains("dest_port"));
}

TEST_CASE("protocols have IANA's names or their number, and ports only where they exist") {
  Record r = ssh_record(record::Type::alert);
  for (const auto& [number, name] :
       {std::pair{17, "UDP"}, {132, "SCTP"}, {1, "ICMP"}, {47, "GRE"}, {253, "253"}}) {
    r.protocol = static_cast<std::uint8_t>(number);
    const Json event = event_of(r, rules_with({}));
    CHECK(event["proto"] == name);
    CHECK(event.contains("src_port") == (number == 17 || number == 132));
  }
}

TEST_CASE("VLAN ids are listed when the inner frame was tagged") {
  Record r = ssh_record(record::Type::alert);
  CHECK_FALSE(event_of(r).contains("vlan"));
  r.vlan = {10, 20};
  r.vlans = 2;
  CHECK(event_of(r)["vlan"] == parse_json("[10, 20]"));
  r.vlans = 200;  // no record says so, and still nothing is read beyond the two
  CHECK(event_of(r)["vlan"] == parse_json("[10, 20]"));
}

TEST_CASE("GENEVE adds what the load balancer told and a level of tunnel") {
  Record r = ssh_record(record::Type::alert);
  r.tunnel.encap = packet::Encap::geneve;
  r.tunnel.gwlb_endpoint = 0x0123456789abcdef;
  r.tunnel.gwlb_attachment = 1;
  r.tunnel.gwlb_flow_cookie = 4'000'000'000;
  const Json event = event_of(r);
  CHECK(event["tunnel"]["depth"] == 2);
  CHECK(event["mirror"]["encap"] == "geneve");
  CHECK(event["mirror"]["gwlb_endpoint"] == "0123456789abcdef");
  CHECK(event["mirror"]["gwlb_attachment"] == "0000000000000001");
  CHECK(event["mirror"]["flow_cookie"] == 4'000'000'000);
}

TEST_CASE("a tenant has its configured name, else the VNI is its name") {
  Record r = ssh_record(record::Type::alert);
  r.tenant = 1;
  CHECK(event_of(r, {}, {.tenant_names = {"a", "b"}})["mirror"]["tenant"] == "b");
  CHECK(event_of(r, {}, {.tenant_names = {"a"}})["mirror"]["tenant"] == "4711");
}

TEST_CASE("strict events have no mirror object and the VNI as a label") {
  for (const auto type : {record::Type::alert, record::Type::flow, record::Type::anomaly}) {
    const Json event = event_of(ssh_record(type), rules_with({}), {.schema = Schema::strict});
    CHECK_FALSE(event.contains("mirror"));
    CHECK(event["traffic"] == parse_json(R"({"label": ["vni:4711"]})"));
  }
}

TEST_CASE("a flow id is positive for readers with signed numbers") {
  Record r = ssh_record(record::Type::alert);
  r.flow_id = 0xffff'ffff'ffff'ffff;
  CHECK(event_of(r)["flow_id"] == 0x7fff'ffff'ffff'ffff);
}

TEST_CASE("a TCP flow's end is told field by field") {
  Record r = ssh_record(record::Type::flow);
  r.flow_end.end = record::FlowEnd::timeout;
  r.flow_end.tcp_state = record::TcpState::closed;
  r.flow_end.midstream = true;
  r.flow_end.alerted = true;
  r.flow_end.tcp_flags = {0x1b, 0x12};
  r.flow_end.gap_bytes = {0, 77};
  const Json event = event_of(r);
  CHECK(event["event_type"] == "flow");
  CHECK_FALSE(event.contains("direction"));
  CHECK(event["flow"] == parse_json(R"({"pkts_toserver":4,"pkts_toclient":3,"bytes_toserver":300,)"
                                    R"("bytes_toclient":280,"start":"2019-06-27T14:02:11.216000+0000",)"
                                    R"("end":"2019-06-27T14:02:14.716000+0000","age":3,"state":"closed",)"
                                    R"("reason":"timeout","alerted":true})"));
  CHECK(event["tcp"] == parse_json(R"({"tcp_flags":"1b","tcp_flags_ts":"1b","tcp_flags_tc":"12","syn":true,)"
                                   R"("fin":true,"psh":true,"ack":true,"state":"closed"})"));
  CHECK(event["mirror"] ==
        parse_json(R"({"vni":4711,"tenant":"4711","encap":"vxlan","direction":"in","truncated":false,)"
                   R"("end":"timeout","midstream":true,"gap_bytes_toserver":0,"gap_bytes_toclient":77})"));
}

TEST_CASE("the reasons of a flow's end are Suricata's") {
  Record r = ssh_record(record::Type::flow);
  using record::FlowEnd;
  const std::vector<std::pair<FlowEnd, std::string>> reasons{{FlowEnd::timeout, "timeout"},
                                                             {FlowEnd::evicted, "forced"},
                                                             {FlowEnd::tcp_closed, "timeout"},
                                                             {FlowEnd::tuple_reused, "tcp_reuse"},
                                                             {FlowEnd::shutdown, "shutdown"}};
  for (const auto& [end, reason] : reasons) {
    r.flow_end.end = end;
    CHECK(event_of(r)["flow"]["reason"] == reason);
  }
}

TEST_CASE("a flow's state follows its TCP state, else the directions that were seen") {
  Record r = ssh_record(record::Type::flow);
  using record::TcpState;
  const std::vector<std::pair<TcpState, std::string>> states{{TcpState::syn_sent, "new"},
                                                             {TcpState::syn_received, "new"},
                                                             {TcpState::established, "established"},
                                                             {TcpState::closing, "established"},
                                                             {TcpState::closed, "closed"},
                                                             {TcpState::none, "established"}};
  for (const auto& [tcp_state, state] : states) {
    r.flow_end.tcp_state = tcp_state;
    CHECK(event_of(r)["flow"]["state"] == state);
  }
  r.protocol = 17;
  CHECK_FALSE(event_of(r).contains("tcp"));
  CHECK(event_of(r)["flow"]["state"] == "established");
  r.flow.packets = {4, 0};
  CHECK(event_of(r)["flow"]["state"] == "new");
}

TEST_CASE("a tenant conflict names both sessions and the setting to change") {
  Record r = ssh_record(record::Type::anomaly);
  r.anomaly.kind = record::AnomalyKind::tenant_conflict;
  r.anomaly.other_vni = 9;
  r.anomaly.other_tenant = 0;
  const Json event = event_of(r, {}, {.tenant_names = {"prod"}});
  CHECK(event["anomaly"] == parse_json(R"({"type":"mirror","event":"tenant_conflict"})"));
  CHECK(event["mirror"]["other_vni"] == 9);
  CHECK(event["mirror"]["other_tenant"] == "prod");
  const std::string text = event["mirror"]["text"];
  CHECK(text.find("VNI 9 (tenant \"prod\") and VNI 4711 (tenant \"4711\")") != std::string::npos);
  CHECK(text.find("`tenants`") != std::string::npos);
}

TEST_CASE("an overlap that differs tells where in the stream") {
  Record r = ssh_record(record::Type::anomaly);
  r.anomaly.kind = record::AnomalyKind::overlap_differs;
  r.anomaly.stream_offset = 55;
  const Json event = event_of(r);
  CHECK(event["anomaly"] == parse_json(R"({"type":"stream","event":"overlap_differs"})"));
  CHECK(event["direction"] == "to_server");
  CHECK(event["mirror"]["stream_offset"] == 55);
}

TEST_CASE("times have microseconds, and those that no calendar has are set to the nearest that one has") {
  CHECK(time_text(kStart) == kStartText);
  CHECK(time_text({0}) == "1970-01-01T00:00:00.000000+0000");
  CHECK(time_text({951'782'399'999'999}) == "2000-02-28T23:59:59.999999+0000");
  CHECK(time_text({951'782'400'000'000}) == "2000-02-29T00:00:00.000000+0000");
  CHECK(time_text({-1}) == "1970-01-01T00:00:00.000000+0000");
  CHECK(time_text({INT64_MAX}) == "9999-12-31T23:59:59.999999+0000");
}

TEST_CASE("records with any values in their enums give valid lines") {
  Record r = ssh_record(record::Type::flow);
  r.flow_end.end = static_cast<record::FlowEnd>(200);
  r.flow_end.tcp_state = static_cast<record::TcpState>(200);
  CHECK(event_of(r)["flow"]["reason"] == "timeout");
  r = ssh_record(record::Type::anomaly);
  r.anomaly.kind = static_cast<record::AnomalyKind>(200);
  CHECK(event_of(r)["event_type"] == "anomaly");
}
