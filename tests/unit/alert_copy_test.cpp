// Bytes that come again with other contents: both versions of the stream are inspected.

#include <string>

#include "alert_case.h"

using namespace mirrorscan;
using namespace mirrorscan::alert;
using namespace mirrorscan::alert_test;
using ledger::Counter;

namespace {

constexpr const char* kEvil = "alert tcp any any -> any any (content:\"attack\"; sid:1;)\n";
constexpr const char* kEvilFar =
    "alert tcp any any -> any any (content:\"at\"; content:\"tack\"; distance:0; within:20; sid:1;)\n";
constexpr const char* kNegated =
    "alert tcp any any -> any any (content:\"user\"; content:!\"guest\"; distance:0; within:20; sid:1;)\n";

}  // namespace

TEST_CASE("bytes that come again unchanged are not inspected again", "[alert]") {
  Case c(kEvil);
  FlowState flow;
  (void)c.feed(flow, "an attack!");
  REQUIRE(c.sids(flow) == Sids{1});
  REQUIRE(c.again(flow, 0, "an attack!") == Copy::same);
  REQUIRE(c.sids(flow).empty());
  REQUIRE(c.counted(Counter::tcp_second_versions) == 0);
  c.end(flow);
}

TEST_CASE("the attack is found whichever of two copies has it", "[alert]") {
  const std::string first = GENERATE("an attack!", "harmless!!");
  Case c(kEvil);
  FlowState flow;
  (void)c.feed(flow, first);
  REQUIRE(c.again(flow, 0, first == "harmless!!" ? "an attack!" : "harmless!!") == Copy::differs);
  REQUIRE(c.sids(flow) == Sids{1});
  c.end(flow);
}

TEST_CASE("a second copy is inspected with what came before it and after it", "[alert]") {
  Case c(kEvil);
  FlowState flow;
  (void)c.feed(flow, "an at");
  (void)c.feed(flow, "xx");
  (void)c.feed(flow, "ck!");
  REQUIRE(c.again(flow, 5, "ta") == Copy::differs);
  REQUIRE(c.sids(flow) == Sids{1});
  c.end(flow);
}

TEST_CASE("a second copy is followed: what comes later belongs to it too", "[alert]") {
  Case c(kEvilFar);
  FlowState flow;
  (void)c.feed(flow, "...xx");
  REQUIRE(c.again(flow, 3, "at") == Copy::differs);
  REQUIRE(c.sids(flow).empty());
  for (const char* byte : {".", "t", "a", "c", "k", "."}) (void)c.feed(flow, byte);
  c.end(flow);
  REQUIRE(c.sids(flow) == Sids{1});
}

TEST_CASE("a negated content is decided on the bytes of the second copy's version alone", "[alert]") {
  Case c(kNegated);
  FlowState flow;
  (void)c.feed(flow, "user-guest");
  REQUIRE(c.again(flow, 5, "admin") == Copy::differs);
  REQUIRE(c.sids(flow).empty());
  SECTION("the word may still come") {
    (void)c.feed(flow, "guest and more text");
    c.end(flow);
    REQUIRE(c.sids(flow).empty());
  }
  SECTION("the word does not come") {
    (void)c.feed(flow, " and more text without it");
    c.end(flow);
    REQUIRE(c.sids(flow) == Sids{1});
  }
}

TEST_CASE("a copy that comes too late to be compared is inspected by itself", "[alert]") {
  Case c(kEvil);
  FlowState flow;
  for (int i = 0; i < 20; ++i) (void)c.feed(flow, std::string(1'000, 'x'));
  REQUIRE(c.again(flow, 100, "an attack!") == Copy::not_compared);
  REQUIRE(c.counted(Counter::tcp_uncompared) == 10);
  REQUIRE(c.sids(flow) == Sids{1});
  REQUIRE(c.again(flow, 100, "an attack!") == Copy::not_compared);
  REQUIRE(c.sids(flow).empty());
  c.end(flow);
}

TEST_CASE("a late copy of part of the stream cannot make a negated content match", "[alert]") {
  Case c(kNegated);
  FlowState flow;
  (void)c.feed(flow, "user-guest");
  for (int i = 0; i < 20; ++i) (void)c.feed(flow, std::string(1'000, 'x'));
  REQUIRE(c.again(flow, 0, "user-") == Copy::not_compared);
  c.end(flow);
  REQUIRE(c.sids(flow).empty());
}

TEST_CASE("each of two differences is inspected with the first version of the other", "[alert]") {
  Case c(kEvil);
  FlowState flow;
  (void)c.feed(flow, "an attxxx and more");
  REQUIRE(c.again(flow, 11, "AND") == Copy::differs);
  REQUIRE(c.again(flow, 6, "ack") == Copy::differs);
  REQUIRE(c.sids(flow) == Sids{1});
  c.end(flow);
}

TEST_CASE("a flood of differing copies keeps one second version a stream", "[alert]") {
  Case c(kEvil);
  FlowState flow;
  (void)c.feed(flow, std::string(2'000, 'x'));
  for (std::uint64_t at = 0; at < 1'000; ++at)
    REQUIRE(c.again(flow, at, std::string(1, static_cast<char>('a' + at % 20))) == Copy::differs);
  REQUIRE(c.counted(Counter::second_versions_budget) == 0);
  c.end(flow);
  REQUIRE(c.sids(flow).empty());
}

TEST_CASE("a `tcp-stream` rule sees the first version alone") {
  Case c("alert tcp-stream any any -> any any (content:\"attack\"; sid:1;)\n");
  FlowState flow;
  (void)c.feed(flow, "harmless!!");
  REQUIRE(c.again(flow, 0, "an attack!") == Copy::differs);
  c.end(flow);
  REQUIRE(c.sids(flow).empty());
}
