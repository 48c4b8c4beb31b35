#include "exporter/stats.h"
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/parse_json.h"

using namespace mirrorscan;
using namespace mirrorscan::exporter;
using ledger::Counter;
using ledger::PacketEnd;
using ledger::PayloadEnd;

namespace {

/// Ten packets of 1,000 payload bytes, all inspected, 600 bytes scanned, 200 missing.
ledger::Ledger busy_ledger() {
  ledger::Ledger ledger;
  ledger.received = {12, 2'000};
  for (int i = 0; i < 10; ++i) ledger.end(PacketEnd::inspected, 180);
  ledger.end(PacketEnd::inner_not_ip, 150);
  ledger.end(PacketEnd::vxlan_no_vni, 50);
  ledger.payload_received = 1'000;
  ledger.dispose(PayloadEnd::scanned, 600);
  ledger.dispose(PayloadEnd::retransmission, 300);
  ledger.payload_held_reassembly = 100;
  ledger.missing_truncated = 130;
  ledger.missing_cut = 20;
  ledger.cut_packets = 2;
  ledger.missing_gap = 50;
  ledger.ipv4_packets = 9;
  ledger.ipv6_packets = 1;
  ledger.tcp_packets = 8;
  ledger.udp_packets = 2;
  ledger.geneve_packets = 4;
  ledger.alerts = 5;
  return ledger;
}

StatsSnapshot snapshot() {
  StatsSnapshot s;
  s.time = {1'561'644'131'218'216};
  s.uptime_s = 60;
  s.lcores.push_back({.lcore = 1, .ledger = busy_ledger()});
  s.lcores.push_back({.lcore = 2, .ledger = busy_ledger()});
  for (auto& lcore : s.lcores)
    for (std::size_t i = 0; i < ledger::kCounters; ++i) lcore.counters.values[i] = i + 1;
  s.vnis.push_back({.vni = 4711, .tenant = "prod", .ledger = busy_ledger()});
  s.vnis.push_back({.vni = 4712, .ledger = busy_ledger()});
  s.vnis.push_back({.kind = VniKind::none});
  s.vnis.push_back({.kind = VniKind::other});
  s.rules_loaded = 70;
  s.rules_failed = 2;
  return s;
}

Json event_of(const StatsSnapshot& s, Schema schema = Schema::mirror) {
  std::string out;
  append_stats_line(s, schema, out);
  REQUIRE(out.ends_with('\n'));
  return parse_json(out);
}

std::uint64_t twice(Counter counter) {
  return 2 * (static_cast<std::uint64_t>(counter) + 1);
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("stats have Suricata's names where the meaning is the same") {
  const Json event = event_of(snapshot());
  CHECK(event["timestamp"] == "2019-06-27T14:02:11.218216+0000");
  CHECK(event["event_type"] == "stats");
  const Json& stats = event["stats"];
  CHECK(stats["uptime"] == 60);
  CHECK(stats["capture"] == parse_json(R"({"kernel_packets":24,"kernel_drops":0})"));
  CHECK(stats["decoder"] ==
        parse_json(R"({"pkts":24,"bytes":4000,"invalid":2,"ipv4":18,"ipv6":2,"tcp":16,"udp":4,)"
                   R"("sctp":0,"icmpv4":0,"icmpv6":0,"vlan":0,"vxlan":22,"geneve":8})"));
  CHECK(stats["tcp"]["sessions"] == twice(Counter::tcp_sessions));
  CHECK(stats["tcp"]["midstream_pickups"] == twice(Counter::tcp_midstream));
  CHECK(stats["tcp"]["reassembly_gap"] == twice(Counter::tcp_gaps));
  CHECK(stats["tcp"]["overlap_diff_data"] == twice(Counter::tcp_overlap_differs));
  CHECK(stats["flow"]["active"] == twice(Counter::flows_active));
  CHECK(stats["flow"]["total"] == twice(Counter::flows_created));
  CHECK(stats["defrag"]["reassembled"] == twice(Counter::datagrams_reassembled));
  CHECK(stats["detect"]["alert"] == 10);
  CHECK(stats["detect"]["alerts_suppressed"] ==
        twice(Counter::alerts_suppressed_in_window) + twice(Counter::alert_rate_suppressed));
  CHECK(stats["detect"]["engines"] == parse_json(R"([{"id":0,"rules_loaded":70,"rules_failed":2}])"));
}

TEST_CASE("what ports took and lost is capture") {
  StatsSnapshot s = snapshot();
  s.ports = {{"a", 100, 3, 2}, {"b", 50, 0, 0}};
  const Json event = event_of(s);
  CHECK(event["stats"]["capture"] == parse_json(R"({"kernel_packets":155,"kernel_drops":5})"));
  CHECK(event["mirror"]["ports"][0] == parse_json(R"({"name":"a","received":100,"missed":3,"no_mbuf":2})"));
}

TEST_CASE("of a port of a device there is more, and what it refuses and what only it counts is named") {
  StatsSnapshot s = snapshot();
  PortStats port{
      .name = "0000:00:06.0", .received = 7, .bytes = 900, .driver = "net_ena", .queues = 4, .mtu = 9'001};
  port.state = "up";
  port.refused = {{"rss", "not supported"}};
  port.named = {{"bw_in_allowance_exceeded", 5}};
  s.ports.push_back(port);
  CHECK(event_of(s)["mirror"]["ports"][0] ==
        parse_json(
            R"({"name":"0000:00:06.0","received":7,"missed":0,"no_mbuf":0,"driver":"net_ena","queues":4,)"
            R"("bytes":900,"errors":0,"mtu":9001,"state":"up",)"
            R"("refused":[{"operation":"rss","reason":"not supported"}],)"
            R"("named":{"bw_in_allowance_exceeded":5}})"));
}

TEST_CASE("tenants are the sums of their VNIs") {
  StatsSnapshot s = snapshot();
  s.vnis.push_back({.vni = 9, .tenant = "prod", .ledger = busy_ledger()});
  const Json tenants = event_of(s)["mirror"]["tenants"];
  REQUIRE(tenants.size() == 2);
  CHECK(tenants[0]["tenant"] == "prod");
  CHECK(tenants[0]["vnis"] == parse_json("[4711,9]"));
  CHECK(tenants[0]["packets"]["received"] == parse_json(R"({"packets":24,"bytes":4000})"));
  CHECK(tenants[1]["tenant"] == "4712");
  CHECK(tenants[1]["payload"]["received"] == 1000);
}

TEST_CASE("sinks tell what they wrote, what they lost and why") {
  StatsSnapshot s = snapshot();
  s.sinks.push_back({"/a", "file", "ok", 10, 1'000, 0, 0, ""});
  s.sinks.push_back({"/b", "socket", "not connected: x", 5, 500, 2, 200, "why"});
  const Json sinks = event_of(s)["mirror"]["sinks"];
  CHECK(sinks[0] == parse_json(R"({"name":"/a","kind":"file","state":"ok","written_events":10,)"
                               R"("written_bytes":1000,"lost_events":0,"lost_bytes":0})"));
  CHECK(sinks[1]["lost_events"] == 2);
  CHECK(sinks[1]["last_error"] == "why");
}

TEST_CASE("the costliest rules are told, estimated from the sampled evaluations") {
  StatsSnapshot s = snapshot();
  s.rules = {{1, 10, 100, 3, 2, 2, 200},
             {1, 11, 900, 0, 0, 15, 1'500},
             {1, 12, 0, 0, 0, 0, 0},
             {3, 13, 1, 1, 1, 1, 50}};
  s.rules_told = 2;
  const Json rules = event_of(s)["mirror"]["rules"];
  REQUIRE(rules.size() == 2);
  CHECK(rules[0] == parse_json(R"({"sid":11,"gid":1,"evaluations":900,"matches":0,"alerts":0,)"
                               R"("cycles_per_evaluation":100,"share_pct":89.95})"));
  CHECK(rules[1]["sid"] == 10);
  CHECK(rules[1]["alerts"] == 2);
  s.rules_told = 100;
  CHECK(event_of(s)["mirror"]["rules"].size() == 3);
}

TEST_CASE("where cycles cannot be read, the rules evaluated most often are told, without an estimate") {
  StatsSnapshot s = snapshot();
  s.rules = {{1, 10, 100, 3, 2, 2, 0}, {1, 11, 900, 0, 0, 15, 0}};
  const Json rules = event_of(s)["mirror"]["rules"];
  CHECK(rules[0] == parse_json(R"({"sid":11,"gid":1,"evaluations":900,"matches":0,"alerts":0})"));
  CHECK(rules[1]["sid"] == 10);
}

TEST_CASE("the mirror object has both ledgers in all, by lcore and by VNI") {
  const Json mirror = event_of(snapshot())["mirror"];
  CHECK(mirror["balanced"] == true);
  CHECK(mirror["coverage_pct"] == 50.0);
  CHECK(mirror["total"]["packets"]["received"] == parse_json(R"({"packets":24,"bytes":4000})"));
  CHECK(mirror["total"]["packets"]["ends"]["inspected"] == parse_json(R"({"packets":20,"bytes":3600})"));
  CHECK(mirror["total"]["payload"]["ends"]["scanned"] == 1200);
  CHECK(mirror["total"]["payload"]["held_reassembly"] == 200);
  CHECK(mirror["total"]["missing"] == parse_json(R"({"truncated":260,"cut":40,"gap":100})"));
  CHECK(mirror["total"]["cut_packets"] == 4);
  REQUIRE(mirror["lcores"].size() == 2);
  CHECK(mirror["lcores"][1]["lcore"] == 2);
  CHECK(mirror["lcores"][1]["packets"]["received"]["packets"] == 12);
  REQUIRE(mirror["vnis"].size() == 4);
  CHECK(mirror["vnis"][0]["vni"] == 4711);
  CHECK(mirror["vnis"][0]["tenant"] == "prod");
  CHECK(mirror["vnis"][1]["tenant"] == "4712");
  CHECK(mirror["vnis"][2]["name"] == "none");
  CHECK_FALSE(mirror["vnis"][2].contains("vni"));
  CHECK(mirror["vnis"][3]["name"] == "other");
}

TEST_CASE("every bucket and every counter of the tables is there by its name") {
  const Json mirror = event_of(snapshot())["mirror"];
  for (const auto& text : ledger::kPacketEndTexts)
    CHECK(mirror["total"]["packets"]["ends"].contains(text.name) == (text.id != PacketEnd::none));
  for (const auto& text : ledger::kPayloadEndTexts)
    CHECK(mirror["vnis"][0]["payload"]["ends"].contains(text.name));
  for (const auto& text : ledger::kCounterTexts) {
    CHECK(mirror["counters"][text.name] == twice(text.id));
    CHECK(mirror["lcores"][0]["counters"].contains(text.name));
  }
}

TEST_CASE("strict stats have no mirror object") {
  const Json event = event_of(snapshot(), Schema::strict);
  CHECK_FALSE(event.contains("mirror"));
  CHECK(event.contains("stats"));
}

TEST_CASE("one lcore or one VNI that does not balance is an imbalance, even if the sum would balance") {
  StatsSnapshot s = snapshot();
  CHECK(balanced(s));
  s.lcores[0].ledger.received.packets += 1;
  s.lcores[1].ledger.received.packets -= 1;
  CHECK_FALSE(balanced(s));
  CHECK(event_of(s)["mirror"]["balanced"] == false);
  s = snapshot();
  s.vnis[1].ledger.payload_received += 1;
  CHECK_FALSE(balanced(s));
  CHECK(event_of(s)["mirror"]["vnis"][1]["balanced"] == false);
}

TEST_CASE("coverage is rounded down, so that 100 means all") {
  StatsSnapshot s;
  s.lcores.push_back({.lcore = 1});
  s.lcores[0].ledger.payload_received = 100'000;
  s.lcores[0].ledger.dispose(PayloadEnd::scanned, 99'999);
  s.lcores[0].ledger.dispose(PayloadEnd::beyond_depth, 1);
  CHECK(event_of(s)["mirror"]["coverage_pct"] == 99.99);
  CHECK(has(ledger_text(s), "coverage: 99.99 %"));
}

TEST_CASE("the ledger text has both equations, the buckets that are not empty and their sentences") {
  const std::string text = ledger_text(snapshot());
  CHECK(has(text, "packets: 24 received = 24 ended\n"));
  CHECK(has(text, "bytes: 4000 received = 4000 ended\n"));
  CHECK(has(text, "payload: 2000 bytes received = 1800 disposed of + 200 held by reassembly\n"));
  CHECK(has(text, "inner_not_ip"));
  CHECK(has(text, "the inner frame is not IP (ARP and such)"));
  CHECK(has(text, "retransmission"));
  CHECK_FALSE(has(text, "geneve_truncated"));
  CHECK_FALSE(has(text, "out_of_window"));
  CHECK(has(text,
            "missing: 400 bytes never came (260 cut off by the mirror, 40 by the port or capture, 100 in "
            "gaps of TCP streams)\n"));
  CHECK(has(text, "coverage: 50.00 %"));
  CHECK(text.ends_with("both ledgers balance\n"));
}

TEST_CASE("the ledger text's equations tell what went between workers from what went between stages") {
  StatsSnapshot s = snapshot();
  s.lcores[0].ledger.steered_out = {2, 100};
  s.lcores[0].ledger.received += {2, 100};
  s.lcores[1].ledger.steered_in = {2, 100};
  s.lcores[1].ledger.end(PacketEnd::inspected, 50);
  s.lcores[1].ledger.end(PacketEnd::inspected, 50);
  s.lcores[0].ledger.payload_received += 30;
  s.lcores[0].ledger.payload_steered_out = 30;
  s.lcores[1].ledger.payload_steered_in = 30;
  s.lcores[1].ledger.dispose(PayloadEnd::scanned, 30);
  s.lcores[0].ledger.handed_in = s.lcores[0].ledger.handed_out = {1, 7};
  const std::string text = ledger_text(s);
  CHECK(has(text,
            "packets: 26 received + 1 handed in + 2 steered in = 26 ended + 1 handed out + 2 steered out\n"));
  CHECK(has(
      text,
      "bytes: 4100 received + 7 handed in + 100 steered in = 4100 ended + 7 handed out + 100 steered out\n"));
  CHECK(has(text,
            "payload: 2030 bytes received + 30 steered in = 1830 disposed of + 30 steered out + 200 held "));
  CHECK(text.ends_with("both ledgers balance\n"));
}

TEST_CASE("the ledger text names ports and sinks that lost something, and no others") {
  StatsSnapshot s = snapshot();
  s.ports = {{.name = "good", .received = 5}, {.name = "bad", .received = 5, .missed = 3, .no_mbuf = 1}};
  s.sinks.push_back({"/a", "file", "ok", 10, 1'000, 0, 0, ""});
  s.sinks.push_back({"/b", "file", "ok", 5, 500, 2, 200, "writing failed: No space left on device"});
  const std::string text = ledger_text(s);
  CHECK(has(text,
            "port bad lost packets before any worker saw them: 3 missed with full queues, 1 for want of a "
            "packet buffer, 0 receive errors\n"));
  CHECK(has(text, "file /b lost 2 of 7 events: writing failed: No space left on device\n"));
  CHECK_FALSE(has(text, "good"));
  CHECK_FALSE(has(text, "/a"));
}

TEST_CASE("the ledger text says where an imbalance is, and in which direction") {
  StatsSnapshot s = snapshot();
  s.lcores[1].ledger.received += {3, 300};
  s.vnis[0].ledger.dispose(PayloadEnd::encrypted, 7);
  const std::string text = ledger_text(s);
  CHECK(has(text, "DO NOT BALANCE"));
  CHECK(has(text, "lcore 2: 3 packets came in and are booked nowhere\n"));
  CHECK(has(text, "lcore 2: 300 packet bytes came in and are booked nowhere\n"));
  CHECK(has(text, "VNI 4711: 7 payload bytes are booked that never came in\n"));
  CHECK_FALSE(has(text, "lcore 1:"));
  CHECK_FALSE(has(text, "both ledgers balance"));
}

TEST_CASE("an empty snapshot balances and says that there was no payload") {
  CHECK(has(ledger_text({}), "there was no payload"));
  CHECK(event_of({})["mirror"]["balanced"] == true);
}

TEST_CASE("of very many VNIs the busiest have rows and the others one together: the event fits the ring") {
  StatsSnapshot s = snapshot();
  for (std::uint32_t vni = 10'000; vni < 14'000; ++vni) {
    VniStats& made = s.vnis.emplace_back(VniStats{.vni = vni, .ledger = busy_ledger()});
    if (vni != 13'000) continue;
    made.ledger.received.packets += 1;
    made.ledger.end(PacketEnd::inspected, 0);
  }
  std::string line;
  append_stats_line(s, Schema::mirror, line);
  CHECK(line.size() < 2'000'000);
  for (const char* name : {"vnis", "tenants"}) {
    const Json rows = parse_json(line)["mirror"][name];
    REQUIRE(rows.size() == 257);
    std::uint64_t received = 0;
    bool busiest = false;
    for (const Json& row : rows) {
      received += row["packets"]["received"]["packets"].get<std::uint64_t>();
      busiest |= row.value("vni", 0) == 13'000 || row.value("tenant", "") == "13000";
      CHECK(row["balanced"] == true);
    }
    CHECK(received == 4'002 * 12 + 1);
    CHECK(busiest);
    CHECK(rows.back()["rest"] == 4'004 - 256 - (name == std::string("tenants") ? 2 : 0));
  }
  CHECK(parse_json(line)["mirror"]["vnis"][0]["name"] == "none");
}
