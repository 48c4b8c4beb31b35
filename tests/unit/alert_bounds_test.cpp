// No rule can stall an lcore: what hostile traffic and unlucky rules can cost is bounded in steps.

#include "alert_case.h"

using namespace mirrorscan;
using namespace mirrorscan::alert;
using namespace mirrorscan::alert_test;
using ledger::Counter;
using record::SuspensionReason;
using ruleset::ScanKind;

namespace {

constexpr std::uint64_t kRuleSteps = 5'000, kAllSteps = 50'000;
constexpr std::uint64_t kOneEvaluation = 50'001;  ///< max_evaluation_steps, and one for the hit

alert::Settings strict() {
  alert::Settings s = Case::small();
  s.budgets = {kRuleSteps, kAllSteps, 60};
  return s;
}

alert::Settings unlimited() {
  alert::Settings s = Case::small();
  s.budgets = {0, 0, 60};
  return s;
}

}  // namespace

TEST_CASE("a flood of a one-byte pattern suspends its rule, with one event, and another rule goes on",
          "[alert]") {
  Case c(
      "alert tcp any any -> any any (content:\"a\"; fast_pattern; content:\"zb\"; within:4; sid:1;)\n"
      "alert tcp any any -> any any (content:\"attack\"; sid:2;)\n",
      strict());
  FlowState flow;
  c.at_second(100);
  for (int chunk = 0; chunk < 200; ++chunk) (void)c.feed(flow, std::string(1'000, 'a'));
  REQUIRE(c.counted(Counter::rules_suspended) == 1);
  REQUIRE(c.counted(Counter::evaluation_steps) <= kRuleSteps + kOneEvaluation);
  REQUIRE(c.counted(Counter::evaluations_skipped) > 100'000);
  const auto told = c.suspension();
  REQUIRE(told.has_value());
  REQUIRE(c.rules().rules[told->rule].sid == 1);
  REQUIRE(told->body.reason == SuspensionReason::rule_budget);
  REQUIRE(told->body.rules == 1);
  REQUIRE(told->body.seconds == 60);
  REQUIRE(told->body.steps > kRuleSteps);
  REQUIRE_FALSE(c.suspension().has_value());

  (void)c.feed(flow, "attack");
  REQUIRE(c.sids(flow) == Sids{2});
  c.end(flow);
}

TEST_CASE("a suspended rule is evaluated again when its time is over", "[alert]") {
  Case c("alert tcp any any -> any any (content:\"a\"; fast_pattern; content:\"bcd\"; distance:0; sid:1;)\n",
         strict());
  FlowState flood, flow;
  c.at_second(100);
  for (int chunk = 0; chunk < 20; ++chunk) (void)c.feed(flood, std::string(1'000, 'a'));
  REQUIRE(c.suspension().has_value());
  c.at_second(159);
  (void)c.feed(flow, "abcd");
  REQUIRE(c.sids(flow).empty());
  c.at_second(160);
  (void)c.feed(flow, "abcd");
  REQUIRE(c.sids(flow) == Sids{1});
  c.end(flood);
  c.end(flow);
}

TEST_CASE("the budget is one of each second, and none where it is 0", "[alert]") {
  const char* rule =
      "alert tcp any any -> any any (content:\"a\"; fast_pattern; content:\"bcd\"; within:8; sid:1;)\n";
  Case slow(rule, strict()), fast(rule, unlimited());
  for (Case* c : {&slow, &fast}) {
    FlowState flow;
    for (int second = 1; second <= 50; ++second) {
      c->at_second(second);
      (void)c->feed(flow, std::string(c == &fast ? 10'000 : 500, 'a'));
    }
    REQUIRE(c->counted(Counter::rules_suspended) == 0);
    REQUIRE(c->counted(Counter::evaluation_steps) > kRuleSteps);
    c->end(flow);
  }
}

TEST_CASE("an expression that explodes costs its rule a bounded number of steps", "[alert]") {
  for (const char* expression : {"/^x?(a+)+$/m", "/(a|aa)+$/", "/a{1,90}a{1,90}b/", "/(?:a+a+)+b/R"}) {
    CAPTURE(expression);
    Case c(
        std::string("alert tcp any any -> any any (content:\"aa\"; pcre:\"") + expression + "\"; sid:1;)\n",
        strict());
    FlowState flow;
    c.at_second(100);
    for (int chunk = 0; chunk < 40; ++chunk) (void)c.feed(flow, std::string(1'000, 'a') + "!");
    c.end(flow);
    REQUIRE(c.counted(Counter::rules_suspended) == 1);
    REQUIRE(c.counted(Counter::evaluation_steps) <= kRuleSteps + kOneEvaluation);
    REQUIRE(c.counted(Counter::evaluations) < 4'000);
  }
}

TEST_CASE("a rule that looks back over the whole window costs no more when its stream comes byte by byte",
          "[alert]") {
  Case c(
      "alert tcp any any -> any any (content:\"a\"; fast_pattern; content:!\"zz\"; distance:0; "
      "content:\"bd\"; sid:1;)\n",
      strict());
  FlowState flow;
  c.at_second(100);
  for (int byte = 0; byte < 60'000; ++byte)
    (void)c.feed(flow, byte % 3 == 0 ? "a" : byte % 3 == 1 ? "b" : "c");
  c.end(flow);
  REQUIRE(c.counted(Counter::rules_suspended) == 1);
  REQUIRE(c.counted(Counter::evaluation_steps) <= kRuleSteps + kOneEvaluation);
}

TEST_CASE("a flood of matches that wait for a connection which never comes about is bounded", "[alert]") {
  Case c("alert tcp any any -> any any (flow:established; content:\"a\"; flowbits:set,x; sid:1;)\n",
         strict());
  FlowState flow;
  c.at_second(100);
  (void)c.feed_early(flow, std::string(1'000, 'a'));
  for (int i = 0; i < 1'000; ++i) (void)c.feed_early(flow, "b");
  REQUIRE(c.counted(Counter::rules_suspended) == 1);
  REQUIRE(c.counted(Counter::evaluation_steps) <= 2 * kRuleSteps);
  c.end_early(flow);
}

TEST_CASE("ten thousand rules that wait for the same bytes are suspended together, in one event", "[alert]") {
  std::string rules;
  for (int i = 1; i <= 10'000; ++i)
    rules += "alert tcp any any -> any any (content:\"aa\"; fast_pattern; content:\"zz" + std::to_string(i) +
             "\"; within:9; sid:" + std::to_string(i) + ";)\n";
  rules += "alert tcp any any -> any any (content:\"attack\"; sid:20000;)\n";
  Case c(rules, strict());
  FlowState flow;
  c.at_second(100);
  for (int chunk = 0; chunk < 100; ++chunk) (void)c.feed(flow, std::string(1'000, 'a'));
  // Half of the budget is left after the first time, and so on: about twice the budget at most.
  REQUIRE(c.counted(Counter::evaluation_steps) <= 2 * kAllSteps + kOneEvaluation);
  REQUIRE(c.counted(Counter::rules_suspended) == 10'000);
  std::uint32_t rules_told = 0, events = 0;
  while (const auto told = c.suspension()) {
    REQUIRE(told->body.reason == SuspensionReason::lcore_budget);
    rules_told += told->body.rules;
    ++events;
  }
  REQUIRE(rules_told == 10'000);
  REQUIRE(events <= 8);
  (void)c.feed(flow, "attack");
  REQUIRE(c.sids(flow) == Sids{20'000});
  c.end(flow);
}

TEST_CASE("in a packet a flood of one pattern costs each of its rules one look", "[alert]") {
  Case c(
      "alert udp any any -> any any (content:\"a\"; content:\"b\"; sid:1;)\n"
      "alert udp any any -> any any (content:\"a\"; content:\"c\"; sid:2;)\n",
      strict());
  Subject udp = subject();
  udp.protocol = 17;
  FlowState flow;
  c.packet(flow, ScanKind::udp, std::string(60'000, 'a'), udp);
  REQUIRE(c.counted(Counter::evaluations) == 2);
  REQUIRE(c.counted(Counter::rules_suspended) == 0);
}

TEST_CASE("a needle that hostile bytes nearly hold at each place costs its length there", "[alert]") {
  const std::string needle = std::string(200, 'x') + "y";
  Case c("alert udp any any -> any any (content:\"key\"; fast_pattern; content:\"" + needle +
             "\"; nocase; sid:1;)\n",
         unlimited());
  Subject udp = subject();
  udp.protocol = 17;
  FlowState flow;
  std::string payload = "key";
  for (int i = 0; i < 40; ++i) payload += std::string(199, 'x') + "zy";
  c.packet(flow, ScanKind::udp, payload, udp);
  const std::uint64_t hostile = c.counted(Counter::evaluation_steps);
  c.packet(flow, ScanKind::udp, "key" + std::string(8'000, 'q'), udp);
  REQUIRE(c.counted(Counter::evaluation_steps) - hostile < hostile);
}
