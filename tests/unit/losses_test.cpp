#include "engine/losses.h"

#include "support/catch.h"

using namespace mirrorscan;
using engine::new_losses;
using exporter::StatsSnapshot;

TEST_CASE("nothing lost is nothing to tell") {
  StatsSnapshot s;
  s.ports.push_back({.name = "a", .received = 9});
  s.sinks.push_back({.name = "/x", .kind = "file", .written_events = 9});
  CHECK(new_losses({}, s).empty());
}

TEST_CASE("a sink's losses are told once, by how much they grew and with the reason") {
  StatsSnapshot before, now;
  before.sinks.push_back({.name = "/x", .kind = "file", .lost_events = 2});
  now.sinks.push_back({.name = "/y", .kind = "socket", .lost_events = 1});
  now.sinks.push_back(
      {.name = "/x", .kind = "file", .lost_events = 5, .last_error = "writing failed: disk full"});
  const std::vector<std::string> told = new_losses(before, now);
  REQUIRE(told.size() == 2);
  CHECK(told[0] == "socket /y lost 1 events: it had no room");
  CHECK(told[1] == "file /x lost 3 events: writing failed: disk full");
  CHECK(new_losses(now, now).empty());
}

TEST_CASE(
    "that nothing is mirrored traffic is told from a number of packets on, and no more once a VNI came") {
  StatsSnapshot now;
  now.vnis.emplace_back().kind = exporter::VniKind::none;
  now.vnis.back().ledger.received.packets = 9;
  CHECK(engine::nothing_mirrored({}, 1).empty());
  CHECK(engine::nothing_mirrored(now, 10).empty());
  CHECK(engine::nothing_mirrored(now, 9).find("none of 9 packets was mirrored traffic") == 0);
  now.vnis.emplace_back().ledger.received.packets = 1;
  CHECK(engine::nothing_mirrored(now, 9).empty());
}

TEST_CASE("a port's losses are told by how much they grew") {
  StatsSnapshot before, now;
  before.ports.push_back({.name = "a", .missed = 3, .no_mbuf = 1});
  now.ports.push_back({.name = "a", .missed = 10, .no_mbuf = 1, .errors = 2});
  const std::vector<std::string> told = new_losses(before, now);
  REQUIRE(told.size() == 2);
  CHECK(told[0] == "port a missed 7 packets: its receive queues were full");
  CHECK(told[1] == "port a counted 2 receive errors");
}

TEST_CASE("a spent budget and a lost packet are told with the counter's own sentence") {
  StatsSnapshot now;
  auto& lcore = now.lcores.emplace_back();
  lcore.counters.add(ledger::Counter::records_lost, 4);
  lcore.ledger.end(ledger::PacketEnd::inbox_full, 100);
  lcore.ledger.cut_packets = 3;
  const std::vector<std::string> told = new_losses({}, now);
  REQUIRE(told.size() == 3);
  CHECK(told[0].starts_with("1 packets ended as inbox_full: "));
  CHECK(told[1].starts_with("cut_packets grew by 3: "));
  CHECK(told[2].starts_with("records_lost grew by 4: "));
}

TEST_CASE("what a worker lost is not told again after it was silent for a while") {
  StatsSnapshot first, silent, third;
  for (StatsSnapshot* all : {&first, &third}) {
    all->lcores.resize(2);
    all->lcores[0].lcore = 1;
    all->lcores[1].lcore = 2;
    all->lcores[1].counters.add(ledger::Counter::records_lost, 100);
  }
  third.lcores[1].counters.add(ledger::Counter::records_lost, 1);
  third.lcores[0].counters.add(ledger::Counter::records_lost, 7);
  silent.lcores = {third.lcores[0]};
  engine::keep_silent_lcores(first, silent);
  REQUIRE(new_losses(first, silent).size() == 1);  // and the other's losses are told meanwhile
  CHECK(new_losses(first, silent)[0].starts_with("records_lost grew by 7: "));
  REQUIRE(new_losses(silent, third).size() == 1);
  CHECK(new_losses(silent, third)[0].starts_with("records_lost grew by 1: "));
}
