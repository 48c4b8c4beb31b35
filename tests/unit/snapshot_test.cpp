#include "engine/snapshot.h"

#include <array>

#include "support/catch.h"

using namespace mirrorscan;
using ruleset::RuleCost;

TEST_CASE("what rules cost is summed over the workers, by rule") {
  ruleset::Ruleset rules;
  rules.rules.resize(2);
  rules.rules[0].sid = 11;
  rules.rules[1].sid = 12;
  rules.rules[1].gid = 3;
  exporter::StatsSnapshot stats;
  engine::add_rules(stats, std::array{RuleCost{1, 2, 3, 4, 5}, RuleCost{10, 20, 30, 40, 50}}, rules);
  engine::add_rules(stats, std::array{RuleCost{}, RuleCost{1, 1, 1, 1, 1}}, rules);
  REQUIRE(stats.rules.size() == 2);
  CHECK(stats.rules[0].sid == 11);
  CHECK(stats.rules[0].gid == 1);
  CHECK(stats.rules[0].evaluations == 1);
  CHECK(stats.rules[1].sid == 12);
  CHECK(stats.rules[1].gid == 3);
  CHECK(stats.rules[1].evaluations == 11);
  CHECK(stats.rules[1].matches == 21);
  CHECK(stats.rules[1].alerts == 31);
  CHECK(stats.rules[1].sampled == 41);
  CHECK(stats.rules[1].sampled_cycles == 51);
}

TEST_CASE("a VNI has one row for all workers, and a worker a row of all its VNIs") {
  worker::VniLedgers first, second;
  first[first.slot_of(7)].received = {1, 100};
  first[first.slot_of(9)].received = {2, 200};
  first[worker::VniLedgers::kNone].received = {4, 400};
  second[second.slot_of(9)].received = {8, 800};
  config::Config config;
  config.tenants.push_back({.name = "prod", .vnis = {9}});
  exporter::StatsSnapshot stats;
  engine::add_worker(stats, 1, first, {}, config);
  engine::add_worker(stats, 2, second, {}, config);
  REQUIRE(stats.lcores.size() == 2);
  CHECK(stats.lcores[0].ledger.received == ledger::Amount{7, 700});
  CHECK(stats.lcores[1].ledger.received == ledger::Amount{8, 800});
  REQUIRE(stats.vnis.size() == 3);
  CHECK(stats.vnis[0].kind == exporter::VniKind::none);
  CHECK(stats.vnis[1].vni == 7);
  CHECK(stats.vnis[1].tenant.empty());
  CHECK(stats.vnis[2].ledger.received == ledger::Amount{10, 1'000});
  CHECK(stats.vnis[2].tenant == "prod");
}
