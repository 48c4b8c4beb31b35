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

TEST_CASE("a device says what it is, what it refused and what only its kind counts") {
  StatsSnapshot s = snapshot();
  s.ports = {{.name = "net_af_packet0",
              .received = 9,
              .bytes = 900,
              .driver = "net_af_packet",
              .queues = 2,
              .mtu = 1'500,
              .state = "up",
              .refused = {{"rss", "no hash"}},
              .named = {{"ring_full", 7}}}};
  CHECK(event_of(s)["mirror"]["ports"][0] ==
        parse_json(R"({"name":"net_af_packet0","received":9,"missed":0,"no_mbuf":0,"bytes":900,"errors":0,)"
                   R"("driver":"net_af_packet","queues":2,"mtu":1500,"state":"up",)"
                   R"("refused":[{"operation":"rss","reason":"no hash"}],"named":{"ring_full":7}})"));
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
  CHECK(has(text, "packets: 24 received + 0 handed in = 24 ended + 0 handed out + 0 held\n"));
  CHECK(has(text, "bytes: 4000 received + 0 handed in = 4000 ended + 0 handed out + 0 held\n"));
  CHECK(has(text,
            "payload: 2000 bytes received + 0 handed in = 1800 disposed of + 0 handed out + 0 held by defrag "
            "+ 200 held "
            "by reassembly\n"));
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
