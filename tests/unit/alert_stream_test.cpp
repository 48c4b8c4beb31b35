// Rules on the bytes of a stream: the same answer for every segmentation, and an answer for every budget.

#include <algorithm>
#include <random>
#include <string>

#include "alert_case.h"

using namespace mirrorscan;
using namespace mirrorscan::alert;
using namespace mirrorscan::alert_test;
using ledger::Counter;

namespace {

/// A match that is only final once 20 bytes after the trigger are known.
constexpr const char* kWaits =
    "alert tcp any any -> any any (content:\"user\"; content:!\"guest\"; distance:0; within:20; sid:1;)\n";
/// A match that may be told as soon as it is there.
constexpr const char* kLooksAhead =
    "alert tcp any any -> any any (content:\"user-name\"; content:\"root\"; distance:0; within:20; sid:1;)\n";

StreamState& stream_of(FlowState& flow) {
  return flow.streams[index_of(Direction::to_server)];
}

/// All alerts of a text that comes in chunks which end at `cuts`.
Sids in_chunks(Case& c, const std::string& text, const std::vector<std::size_t>& cuts) {
  FlowState flow;
  Sids all;
  std::size_t from = 0;
  const auto collect = [&] {
    for (const std::uint32_t sid : c.sids(flow)) all.push_back(sid);
  };
  for (const std::size_t to : cuts) {
    (void)c.feed(flow, std::string_view(text).substr(from, to - from));
    collect();
    from = to;
  }
  (void)c.feed(flow, std::string_view(text).substr(from));
  collect();
  c.end(flow);
  collect();
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<std::size_t> every(std::size_t step, std::size_t size) {
  std::vector<std::size_t> cuts;
  for (std::size_t at = step; at < size; at += step) cuts.push_back(at);
  return cuts;
}

}  // namespace

TEST_CASE("a match that lies in the chunk is told at once", "[alert]") {
  Case c("alert tcp any any -> any any (content:\"attack\"; sid:1;)\n");
  FlowState flow;
  REQUIRE(c.feed(flow, "an attack!") == Scanned::yes);
  REQUIRE(c.told(flow) == std::vector<Told>{{1, true}});
  REQUIRE(c.counted(Counter::triggers_pended) == 0);
  c.end(flow);
}

TEST_CASE("a match that lies across a chunk border is told with the chunk that completes it", "[alert]") {
  Case c("alert tcp any any -> any any (content:\"abc\"; content:\"attack\"; distance:1; sid:1;)\n");
  const std::string text = "abc, attack";
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    CAPTURE(cut);
    FlowState flow;
    (void)c.feed(flow, text.substr(0, cut));
    REQUIRE(c.sids(flow).empty());
    (void)c.feed(flow, text.substr(cut));
    REQUIRE(c.sids(flow) == Sids{1});
    c.end(flow);
  }
}

TEST_CASE("bytes after a trigger are waited for, and told as soon as they are there", "[alert]") {
  Case c(kLooksAhead);
  FlowState flow;
  (void)c.feed(flow, "user-name: ro");
  REQUIRE(c.sids(flow).empty());
  REQUIRE(c.counted(Counter::triggers_pended) == 1);
  (void)c.feed(flow, "ot");
  REQUIRE(c.sids(flow) == Sids{1});
  REQUIRE(stream_of(flow).pending_first == kNoNode);
  c.end(flow);
  REQUIRE(c.sids(flow).empty());
}

TEST_CASE("a match that more bytes can take back waits for the last byte that can", "[alert]") {
  Case c(kWaits);
  FlowState flow;
  (void)c.feed(flow, "user");
  for (int i = 0; i < 19; ++i) {
    (void)c.feed(flow, "x");
    REQUIRE(c.sids(flow).empty());
  }
  (void)c.feed(flow, "x");
  REQUIRE(c.sids(flow) == Sids{1});
  c.end(flow);
}

TEST_CASE("a pended match is taken back by the bytes that forbid it", "[alert]") {
  Case c(kWaits);
  FlowState flow;
  for (const char letter : std::string("user is a guest here, not more than that"))
    (void)c.feed(flow, std::string(1, letter));
  REQUIRE(c.sids(flow).empty());
  REQUIRE(stream_of(flow).pending_first == kNoNode);
  c.end(flow);
  REQUIRE(c.sids(flow).empty());
}

TEST_CASE("a gap decides what waits, with the bytes before it alone", "[alert]") {
  Case c(kWaits);
  FlowState flow;
  (void)c.feed(flow, "user");
  REQUIRE(c.sids(flow).empty());
  (void)c.feed_at(flow, 100, "guest");
  REQUIRE(c.sids(flow) == Sids{1});
  c.end(flow);
}

TEST_CASE("the end decides what waits", "[alert]") {
  Case c(kWaits);
  FlowState flow;
  (void)c.feed(flow, "user gue");
  REQUIRE(c.sids(flow).empty());
  c.end(flow);
  REQUIRE(c.sids(flow) == Sids{1});
}

TEST_CASE("a match that only lacks an established connection waits for it, once a window", "[alert]") {
  Case c("alert tcp any any -> any any (flow:established; content:\"attack\"; sid:1;)\n");
  FlowState flow;
  (void)c.feed_early(flow, "an attack");
  (void)c.feed_early(flow, "an attack");
  REQUIRE(c.sids(flow).empty());
  (void)c.feed(flow, "!");
  REQUIRE(c.sids(flow) == Sids{1});
  (void)c.feed(flow, "an attack");
  c.end(flow);
  REQUIRE(c.sids(flow).empty());

  FlowState ends_established, never;
  (void)c.feed_early(ends_established, "an attack");
  c.end(ends_established);
  REQUIRE(c.sids(ends_established) == Sids{1});
  (void)c.feed_early(never, "an attack");
  c.end_early(never);
  REQUIRE(c.sids(never).empty());
  REQUIRE(c.counted(Counter::triggers_evicted) == 0);
}

TEST_CASE("a gap does not end the wait for the connection", "[alert]") {
  Case c("alert tcp any any -> any any (flow:established; content:\"attack\"; sid:1;)\n");
  FlowState flow;
  (void)c.feed_early(flow, "an attack");
  (void)c.feed_at(flow, 100, "x");
  REQUIRE(c.sids(flow) == Sids{1});
  c.end(flow);
}

TEST_CASE("nothing matches across a gap", "[alert]") {
  Case c(
      "alert tcp any any -> any any (content:\"attack\"; sid:1;)\n"
      "alert tcp any any -> any any (content:\"abc\"; content:\"defg\"; distance:0; sid:2;)\n");
  FlowState flow;
  (void)c.feed(flow, "abc att");
  (void)c.feed_at(flow, 8, "ack defg");
  REQUIRE(c.sids(flow).empty());
  (void)c.feed(flow, " abc attack defg");
  REQUIRE(c.sids(flow) == Sids{1, 2});
  c.end(flow);
}

TEST_CASE("a rule alerts once a window and direction", "[alert]") {
  Case c("alert tcp any any -> any any (content:\"ab\"; sid:1;)\n", Case::small(), 64);
  FlowState flow;
  (void)c.feed(flow, "ab ab ab");
  REQUIRE(c.sids(flow) == Sids{1});
  REQUIRE(c.counted(Counter::alerts_suppressed_in_window) == 2);
  (void)c.feed(flow, std::string(54, '.') + "ab");  // ends at 64: the last byte of window 0
  REQUIRE(c.sids(flow).empty());
  (void)c.feed(flow, "ab");
  REQUIRE(c.sids(flow) == Sids{1});
  (void)c.feed(flow, "ab", Direction::to_client);
  REQUIRE(c.sids(flow) == Sids{1});
  c.end(flow);
  c.end(flow, Direction::to_client);
}

TEST_CASE("a rule on the stream's start looks nowhere else", "[alert]") {
  Case c("alert tcp any any -> any any (content:\"GET\"; offset:2; depth:5; sid:1;)\n");
  REQUIRE(in_chunks(c, "..GET...", {}) == Sids{1});
  REQUIRE(in_chunks(c, "..GET...", every(1, 8)) == Sids{1});
  REQUIRE(in_chunks(c, "GET.....", every(1, 8)).empty());
  REQUIRE(in_chunks(c, ".....GET", every(3, 8)).empty());

  FlowState midstream;  // what comes first is not the start
  (void)c.feed_at(midstream, 500, "..GET...");
  c.end(midstream);
  REQUIRE(c.sids(midstream).empty());
  FlowState gap;
  (void)c.feed(gap, ".");
  (void)c.feed_at(gap, 2, "GET...");
  c.end(gap);
  REQUIRE(c.sids(gap).empty());
}

TEST_CASE("a rule on the stream's end waits for the end and is not fooled by a gap", "[alert]") {
  Case c("alert tcp any any -> any any (content:\"tail\"; endswith; sid:1;)\n");
  REQUIRE(in_chunks(c, "the tail", every(3, 8)) == Sids{1});
  REQUIRE(in_chunks(c, "the tail.", every(3, 8)).empty());
  FlowState flow;
  (void)c.feed(flow, "the tail");
  (void)c.feed_at(flow, 100, "x");
  c.end(flow);
  REQUIRE(c.sids(flow).empty());
}

TEST_CASE("a rule without a trigger is told once for each whole window, and for the rest at the end",
          "[alert]") {
  Case c("alert tcp any any -> any any (content:!\"friend\"; sid:1;)\n", Case::small(), 64);
  FlowState flow;
  (void)c.feed(flow, std::string(63, '.'));
  REQUIRE(c.sids(flow).empty());
  (void)c.feed(flow, "..");
  REQUIRE(c.sids(flow) == Sids{1});
  (void)c.feed(flow, "friend" + std::string(57, '.'));  // to 128
  REQUIRE(c.sids(flow).empty());
  (void)c.feed(flow, std::string(200, '.'));  // windows 2, 3, 4
  REQUIRE(c.sids(flow) == Sids{1, 1, 1});
  c.end(flow);
  REQUIRE(c.sids(flow) == Sids{1});
}

TEST_CASE("every segmentation gives the same alerts", "[alert]") {
  const std::string rules =
      "alert tcp any any -> any any (content:\"user\"; content:!\"guest\"; distance:0; within:20; sid:1;)\n"
      "alert tcp any any -> any any (content:\"pw\"; content:\"root\"; distance:2; within:30; sid:2;)\n"
      "alert tcp any any -> any any (content:\"root\"; content:\"pw\"; sid:3;)\n"
      "alert tcp any any -> any any (content:\"us\"; depth:40; content:\"t\"; distance:3; sid:4;)\n"
      "alert tcp any any -> any any (pcre:\"/u[sp]er +ro/\"; sid:5;)\n"
      "alert tcp any any -> any any (content:!\"root\"; sid:6;)\n"
      "alert tcp any any -> any any (content:\"er\"; isdataat:30,relative; sid:7;)\n";
  std::mt19937 random(5);
  const std::vector<std::string> words = {"user", "guest", "pw", "root", " ", " ", "us", "er", "....", "t"};
  for (const std::uint32_t window : {64U, 100U, 4'096U}) {
    Case c(rules, Case::small(), window);
    for (int round = 0; round < 60; ++round) {
      std::string text;
      for (std::size_t n = random() % 120; n > 0; --n) text += words[random() % words.size()];
      const Sids whole = in_chunks(c, text, {});
      CAPTURE(window, text);
      REQUIRE(in_chunks(c, text, every(1, text.size())) == whole);
      REQUIRE(in_chunks(c, text, every(1 + random() % 90, text.size())) == whole);
    }
    REQUIRE(c.counted(Counter::triggers_evicted) == 0);
    REQUIRE(c.counted(Counter::windows_budget) == 0);
  }
}

TEST_CASE("the largest window looks as far back in pieces as in one", "[alert]") {
  Case c(
      "alert tcp any any -> any any (content:\"head\"; content:\"tail\"; fast_pattern; distance:20000; "
      "sid:1;)\n",
      Case::small(), 32'768);
  const std::string text = "head" + std::string(30'000, '.') + "tail";
  REQUIRE(in_chunks(c, text, {}) == Sids{1});
  REQUIRE(in_chunks(c, text, every(1'460, text.size())) == Sids{1});
}

TEST_CASE("a non-monotone rule with the largest window is decided on all of it", "[alert]") {
  Case c(
      "alert tcp any any -> any any (content:\"head\"; content:\"mid\"; fast_pattern; content:!\"tail\"; "
      "sid:1;)\n",
      Case::small(), 32'768);
  const std::string before = "head" + std::string(30'000, '.');
  const std::string text = before + "mid" + std::string(40'000, '.');
  REQUIRE(in_chunks(c, text, {}) == Sids{1});
  REQUIRE(in_chunks(c, text, every(1'460, text.size())) == Sids{1});
}

TEST_CASE("without a window a match within one chunk is still found, and the shortage is counted",
          "[alert]") {
  Settings settings = Case::small();
  settings.stream.window_bytes = 0;
  Case c("alert tcp any any -> any any (content:\"abc\"; content:\"attack\"; distance:0; sid:1;)\n",
         settings);
  FlowState flow;
  REQUIRE(c.feed(flow, "abc attack") == Scanned::yes);
  REQUIRE(c.sids(flow) == Sids{1});
  REQUIRE(c.counted(Counter::windows_budget) == 1);
  c.end(flow);
  FlowState cut;
  (void)c.feed(cut, "abc att");
  (void)c.feed(cut, "ack");
  c.end(cut);
  REQUIRE(c.sids(cut).empty());
}

TEST_CASE("a trigger that finds no place to wait is decided at once and counted", "[alert]") {
  Settings settings = Case::small();
  settings.stream.pended = 1;
  Case c(kWaits, settings, 64);
  FlowState flow;
  (void)c.feed(flow, "user user");  // the first one waits, the second is answered on what is there
  REQUIRE(c.sids(flow) == Sids{1});
  REQUIRE(c.counted(Counter::triggers_pended) == 1);
  REQUIRE(c.counted(Counter::triggers_evicted) == 1);
  c.end(flow);
  REQUIRE(c.sids(flow).empty());
  FlowState next;  // the place is free again
  (void)c.feed(next, "user");
  REQUIRE(c.counted(Counter::triggers_evicted) == 1);
  c.end(next);
  REQUIRE(c.sids(next) == Sids{1});
}

TEST_CASE("alerts that cannot be remembered are told, perhaps again, and counted", "[alert]") {
  Settings settings = Case::small();
  settings.max_alert_memories = 0;
  Case c("alert tcp any any -> any any (content:\"ab\"; sid:1;)\n", settings);
  FlowState flow;
  (void)c.feed(flow, "ab ab");
  REQUIRE(c.sids(flow) == Sids{1, 1});
  REQUIRE(c.counted(Counter::alert_memory_budget) == 2);
  c.end(flow);
}

TEST_CASE("without a free stream a direction is over budget until it ends", "[alert]") {
  Settings settings = Case::small();
  settings.max_streams = 2;
  Case c("alert tcp any any -> any any (content:\"attack\"; sid:1;)\n", settings);
  FlowState first, second;
  REQUIRE(c.feed(first, "an att") == Scanned::yes);
  REQUIRE(c.feed(second, "an attack") == Scanned::over_budget);
  REQUIRE(c.counted(Counter::streams_budget) == 1);
  REQUIRE(c.sids(second).empty());
  c.end(first);
  REQUIRE(c.feed(second, "an attack") == Scanned::over_budget);
  c.end(second);
  FlowState third;
  REQUIRE(c.feed(third, "attack") == Scanned::yes);
  REQUIRE(c.sids(third) == Sids{1});
  c.end(third);
}

TEST_CASE("a budget of one stream is a stream for each direction, not none", "[alert]") {
  Settings settings = Case::small();
  settings.max_streams = 1;
  Case c("alert tcp any any -> any any (content:\"attack\"; sid:1;)\n", settings);
  FlowState flow;
  REQUIRE(c.feed(flow, "attack") == Scanned::yes);
  c.end(flow);
}

TEST_CASE("where no rule looks at streams, nothing is taken and nothing is scanned", "[alert]") {
  Case c("alert udp any any -> any any (content:\"attack\"; sid:1;)\n");
  FlowState flow;
  REQUIRE(c.feed(flow, "attack") == Scanned::no_rule);
  REQUIRE_FALSE(stream_of(flow).started);
  c.end(flow);
}

TEST_CASE("a stream that ended and goes on begins anew, with nothing left of before", "[alert]") {
  Case c("alert tcp any any -> any any (content:\"attack\"; sid:1;)\n");
  FlowState flow;
  (void)c.feed(flow, "an att");
  c.end(flow);
  REQUIRE_FALSE(stream_of(flow).started);
  REQUIRE_FALSE(stream_of(flow).window.there());
  (void)c.feed_at(flow, 6, "ack, an attack");
  REQUIRE(c.sids(flow) == Sids{1});
  c.end(flow);
}

TEST_CASE("after many streams with all that a stream can take, everything was given back", "[alert]") {
  Settings settings = Case::small();
  settings.stream.window_bytes = 256;
  settings.stream.pended = 1;
  settings.max_streams = 2;
  settings.max_alert_memories = 1;
  Case c(
      "alert tcp any any -> any any (content:\"user\"; content:!\"guest\"; distance:0; within:20; sid:1;)\n",
      settings, 64);
  for (int round = 0; round < 50; ++round) {
    FlowState flow;
    REQUIRE(c.feed(flow, "user" + std::string(round % 30, '.')) == Scanned::yes);
    if (round % 3 == 0) (void)c.feed_at(flow, 200, "user");
    c.end(flow);
    REQUIRE_FALSE(c.sids(flow).empty());
  }
  REQUIRE(c.counted(Counter::triggers_evicted) == 0);
  REQUIRE(c.counted(Counter::windows_budget) == 0);
  REQUIRE(c.counted(Counter::alert_memory_budget) == 0);
}
