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
