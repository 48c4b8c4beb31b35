// What each rule costs: evaluations, matches and alerts, and a sample of the cycles.

#include "alert/measure.h"
#include "alert_case.h"

using namespace mirrorscan;
using namespace mirrorscan::alert;
using namespace mirrorscan::alert_test;
using ruleset::ScanKind;

TEST_CASE("each evaluation is counted, and every 64th timed, the first among them", "[alert]") {
  ruleset::RuleCost cost;
  for (int i = 0; i < 130; ++i)
    REQUIRE(measured(cost, [&]() noexcept { return i % 2 == 0; }) == (i % 2 == 0));
  REQUIRE(cost.evaluations == 130);
  REQUIRE(cost.matches == 65);
  REQUIRE(cost.sampled == 3);
}

TEST_CASE("a rule is charged for what it looked at in packets and streams, and no other rule", "[alert]") {
  Case c(
      "alert tcp any any -> any any (content:\"abc\"; content:\"def\"; sid:1;)\n"
      "alert tcp any any -> any any (content:\"xyz\"; dsize:>3; sid:2;)\n"
      "alert tcp any any -> any any (sid:3;)\n");
  const auto cost_of = [&](std::uint32_t sid) {
    const auto& rules = c.generation().rules->rules;
    for (std::size_t i = 0; i < rules.size(); ++i)
      if (rules[i].sid == sid) return c.generation().costs[i];
    return ruleset::RuleCost{};
  };
  FlowState flow;
  c.header(flow, subject());
  c.packet(flow, ScanKind::tcp_segment, "abc xyz");
  c.packet(flow, ScanKind::tcp_segment, "xyz");
  c.packet(flow, ScanKind::tcp_untracked, "abcdef");
  REQUIRE(c.sids(flow) == Sids{1, 2, 3});
  REQUIRE(cost_of(1).evaluations == 1);
  REQUIRE(cost_of(1).alerts == 1);
  REQUIRE(cost_of(2).evaluations == 2);
  REQUIRE(cost_of(2).matches == 1);
  REQUIRE(cost_of(3).evaluations == 1);
  REQUIRE(cost_of(3).alerts == 1);

  c.feed(flow, "abc");
  c.feed(flow, "def");
  c.end(flow);
  REQUIRE(c.sids(flow) == Sids{1});
  REQUIRE(cost_of(1).matches == 2);
  REQUIRE(cost_of(1).alerts == 2);
  REQUIRE(cost_of(2).evaluations == 2);
}
