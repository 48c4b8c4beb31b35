// Rules on one packet at a time: classes packet and anchored, header-only rules, payload without a stream.

#include "alert_case.h"

using namespace mirrorscan;
using namespace mirrorscan::alert;
using namespace mirrorscan::alert_test;
using ledger::Counter;
using ruleset::ScanKind;

namespace {

Subject udp_subject() {
  Subject s = subject();
  s.protocol = 17;
  return s;
}

}  // namespace

TEST_CASE("payload that belongs to no stream is inspected by stream rules too, each time", "[alert]") {
  Case c("alert tcp any any -> any any (content:\"attack\"; sid:1;)\n");
  FlowState flow;
  c.packet(flow, ScanKind::tcp_untracked, "an attack");
  REQUIRE(c.told(flow) == std::vector<Told>{{1, false}});
  c.packet(flow, ScanKind::tcp_untracked, "an attack");
  REQUIRE(c.told(flow) == std::vector<Told>{{1, false}});
}

TEST_CASE("a tracked segment is left to its stream, except by rules of class packet and anchored",
          "[alert]") {
  Case c(
      "alert tcp any any -> any any (content:\"GET\"; sid:1;)\n"
      "alert tcp any any -> any any (content:\"GET\"; depth:3; sid:2;)\n"
      "alert tcp any any -> any any (content:\"GET\"; dsize:6; sid:3;)\n");
  FlowState flow;
  c.packet(flow, ScanKind::tcp_segment, "GET  /");
  REQUIRE(c.sids(flow) == Sids{2, 3});
}

TEST_CASE("a rule is told once a packet, however often its trigger stands there", "[alert]") {
  Case c("alert udp any any -> any any (content:\"ab\"; sid:1;)\n");
  FlowState flow;
  c.packet(flow, ScanKind::udp, "abababababab", udp_subject());
  REQUIRE(c.sids(flow) == Sids{1});
  REQUIRE(c.counted(Counter::evaluations) == 1);
}

TEST_CASE("literals that begin with others of the set are all found", "[alert]") {
  std::string rules;
  for (const int n : {1, 4, 8, 10, 20, 30, 40, 41})
    rules += "alert udp any any -> any any (content:\"ordata" +
             std::string(static_cast<std::size_t>(n), 'A') + "\"; sid:" + std::to_string(n) + ";)\n";
  Case c(rules);
  FlowState flow;
  c.packet(flow, ScanKind::udp, "xordata" + std::string(41, 'A') + "....", udp_subject());
  REQUIRE(c.sids(flow) == Sids{1, 4, 8, 10, 20, 30, 40, 41});
}

TEST_CASE("a rule is looked at again after 2^32 packets", "[alert]") {
  Case c("alert udp any any -> any any (content:\"ab\"; sid:1;)\n");
  FlowState flow;
  for (const std::uint32_t before : {0xffff'fffeU, 0xffff'ffffU}) {
    c.generation().packet = before;
    c.packet(flow, ScanKind::udp, "ab", udp_subject());
    CAPTURE(before);
    REQUIRE(c.sids(flow) == Sids{1});
    c.packet(flow, ScanKind::udp, "ab", udp_subject());
    REQUIRE(c.sids(flow) == Sids{1});
  }
}

TEST_CASE("rules that need only the header are told once a flow and direction", "[alert]") {
  Case c("alert tcp any any -> any any (sid:1;)\n");
  FlowState flow, other;
  c.header(flow, subject());
  REQUIRE(c.sids(flow) == Sids{1});
  c.header(flow, subject());
  REQUIRE(c.sids(flow).empty());
  c.header(flow, subject(Direction::to_client));
  REQUIRE(c.sids(flow) == Sids{1});
  c.header(other, subject());
  REQUIRE(c.sids(other) == Sids{1});
}

TEST_CASE("a rule without payload conditions looks at packets without payload", "[alert]") {
  Case c(
      "alert tcp any any -> any any (flow:established; sid:1;)\n"
      "alert tcp-pkt any any -> any any (content:!\"x\"; sid:2;)\n");
  FlowState flow;
  c.packet(flow, ScanKind::tcp_segment, "");
  REQUIRE(c.sids(flow) == Sids{1});
  c.packet(flow, ScanKind::tcp_segment, "y");
  REQUIRE(c.sids(flow) == Sids{1, 2});
}

TEST_CASE("dsize and content must hold for the same packet", "[alert]") {
  Case c("alert udp any any -> any any (dsize:>5; content:\"abc\"; sid:1;)\n");
  FlowState flow;
  c.packet(flow, ScanKind::udp, "abcde", udp_subject());
  REQUIRE(c.sids(flow).empty());
  c.packet(flow, ScanKind::udp, "abcdef", udp_subject());
  REQUIRE(c.sids(flow) == Sids{1});
}

TEST_CASE("of a truncated packet nothing is known about the end of its payload", "[alert]") {
  Case c(
      "alert udp any any -> any any (content:\"tail\"; endswith; sid:1;)\n"
      "alert udp any any -> any any (content:\"tail\"; isdataat:!1,relative; sid:2;)\n"
      "alert udp any any -> any any (content:\"tail\"; sid:3;)\n");
  FlowState flow;
  c.packet(flow, ScanKind::udp, "the tail", udp_subject());
  REQUIRE(c.sids(flow) == Sids{1, 2, 3});
  c.packet(flow, ScanKind::udp, "the tail", udp_subject(), 100);
  REQUIRE(c.sids(flow) == Sids{3});
}

TEST_CASE("whether rules looked at a payload is said by the kind's rules, not by their matches", "[alert]") {
  Case c("alert udp any any -> any any (content:\"abc\"; sid:1;)\n");
  FlowState flow;
  REQUIRE(c.packet(flow, ScanKind::udp, "nothing", udp_subject()));
  REQUIRE_FALSE(c.packet(flow, ScanKind::icmp, "nothing"));
  REQUIRE_FALSE(c.packet(flow, ScanKind::tcp_segment, "nothing"));
}

TEST_CASE("an anchored rule that matched the first segment does not match the start of the stream again",
          "[alert]") {
  Case c("alert tcp any any -> any any (content:\"GET\"; startswith; sid:1;)\n");
  FlowState flow;
  StreamState& stream = flow.streams[index_of(Direction::to_server)];
  c.packet(flow, ScanKind::tcp_segment, "GET /", subject(), 0, &stream, 0);
  (void)c.feed(flow, "GET /");
  REQUIRE(c.told(flow) == std::vector<Told>{{1, false}});
  c.end(flow);
}

TEST_CASE("what a packet remembers in a stream that never began is given back at its end", "[alert]") {
  Settings settings = Case::small();
  settings.max_alert_memories = 1;
  Case c("alert tcp any any -> any any (content:\"GET\"; startswith; sid:1;)\n", settings);
  for (int i = 0; i < 3; ++i) {
    FlowState flow;
    StreamState& stream = flow.streams[index_of(Direction::to_server)];
    c.packet(flow, ScanKind::tcp_segment, "GET /", subject(), 0, &stream, 0);
    REQUIRE(c.sids(flow) == Sids{1});
    REQUIRE(stream.alerted_first != kNoNode);
    c.end(flow);
    REQUIRE(c.sids(flow).empty());
    REQUIRE(stream.alerted_first == kNoNode);
  }
}
