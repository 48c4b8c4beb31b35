// Rules with flow state: flowbits and flowints, in the order in which matches take effect.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "alert_case.h"

using namespace mirrorscan;
using namespace mirrorscan::alert;
using namespace mirrorscan::alert_test;
using ledger::Counter;
using ruleset::ScanKind;

namespace {

Subject udp() {
  Subject s = subject();
  s.protocol = 17;
  return s;
}

/// The sids told of one UDP packet.
Sids udp_packet(Case& c, FlowState& flow, std::string_view payload) {
  c.packet(flow, ScanKind::udp, payload, udp());
  return c.settled_sids(flow);
}

Sids sorted(Sids sids) {
  std::sort(sids.begin(), sids.end());
  return sids;
}

/// What is told of a stream that comes in pieces of these lengths, the last to the end.
Sids in_pieces(Case& c, std::string_view bytes, const std::vector<std::size_t>& lengths) {
  FlowState flow;
  Sids out;
  const auto take = [&]() {
    for (const std::uint32_t sid : c.settled_sids(flow)) out.push_back(sid);
  };
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    const std::size_t length = std::min(i < lengths.size() ? lengths[i] : bytes.size(), bytes.size());
    c.feed(flow, bytes.substr(0, length));
    bytes.remove_prefix(length);
    take();
  }
  c.end(flow);
  take();
  c.forget(flow);
  return sorted(out);
}

}  // namespace

TEST_CASE("a packet's setters take effect before those that check, whatever their order in the file",
          "[alert]") {
  Case c(
      "alert udp any any -> any any (content:\"a\"; flowbits:isset,x; sid:1;)\n"
      "alert udp any any -> any any (content:\"a\"; flowbits:set,x; sid:2;)\n");
  FlowState flow;
  REQUIRE(udp_packet(c, flow, "a") == Sids{2, 1});
}

TEST_CASE("flowbits are checked with or among names and with and among keywords", "[alert]") {
  Case c(
      "alert udp any any -> any any (content:\"1\"; flowbits:set,x; noalert; sid:1;)\n"
      "alert udp any any -> any any (content:\"2\"; flowbits:set,y; noalert; sid:2;)\n"
      "alert udp any any -> any any (content:\"?\"; flowbits:isset,x|y; sid:3;)\n"
      "alert udp any any -> any any (content:\"?\"; flowbits:isset,x; flowbits:isset,y; sid:4;)\n"
      "alert udp any any -> any any (content:\"?\"; flowbits:isnotset,x|y; sid:5;)\n"
      "alert udp any any -> any any (content:\"?\"; flowbits:isnotset,x; flowbits:isnotset,y; sid:6;)\n");
  FlowState flow;
  REQUIRE(udp_packet(c, flow, "?") == Sids{5, 6});
  REQUIRE(udp_packet(c, flow, "1").empty());
  REQUIRE(udp_packet(c, flow, "?") == Sids{3, 5});
  REQUIRE(udp_packet(c, flow, "2").empty());
  REQUIRE(udp_packet(c, flow, "?") == Sids{3, 4});
}

TEST_CASE("unset and toggle change a bit that is set", "[alert]") {
  Case c(
      "alert udp any any -> any any (content:\"s\"; flowbits:set,x; noalert; sid:1;)\n"
      "alert udp any any -> any any (content:\"u\"; flowbits:unset,x; noalert; sid:2;)\n"
      "alert udp any any -> any any (content:\"t\"; flowbits:toggle,x; noalert; sid:3;)\n"
      "alert udp any any -> any any (content:\"?\"; flowbits:isset,x; sid:4;)\n");
  FlowState flow;
  const auto is_set = [&]() { return udp_packet(c, flow, "?") == Sids{4}; };
  REQUIRE_FALSE(is_set());
  (void)udp_packet(c, flow, "s");
  REQUIRE(is_set());
  (void)udp_packet(c, flow, "u");
  REQUIRE_FALSE(is_set());
  (void)udp_packet(c, flow, "t");
  REQUIRE(is_set());
  (void)udp_packet(c, flow, "t");
  REQUIRE_FALSE(is_set());
}

TEST_CASE("a flowint counts from 0, wraps around, and is not there before it is set", "[alert]") {
  Case c(
      "alert udp any any -> any any (content:\"+\"; flowint:cnt,+,1; noalert; sid:1;)\n"
      "alert udp any any -> any any (content:\"-\"; flowint:cnt,-,1; noalert; sid:2;)\n"
      "alert udp any any -> any any (content:\"?\"; flowint:cnt,notset; sid:3;)\n"
      "alert udp any any -> any any (content:\"?\"; flowint:cnt,>=,0; sid:4;)\n"
      "alert udp any any -> any any (content:\"?\"; flowint:cnt,==,1; sid:5;)\n"
      "alert udp any any -> any any (content:\"?\"; flowint:cnt,==,4294967295; sid:6;)\n"
      "alert udp any any -> any any (content:\"?\"; flowint:cnt,!=,other; sid:7;)\n");
  FlowState flow;
  REQUIRE(udp_packet(c, flow, "?") == Sids{3});
  (void)udp_packet(c, flow, "-");
  REQUIRE(udp_packet(c, flow, "?") == Sids{3});
  (void)udp_packet(c, flow, "+");
  REQUIRE(udp_packet(c, flow, "?") == Sids{4, 5, 7});
  (void)udp_packet(c, flow, "-");
  REQUIRE(udp_packet(c, flow, "?") == Sids{4});
  (void)udp_packet(c, flow, "-");
  REQUIRE(udp_packet(c, flow, "?") == Sids{4, 6, 7});
}

TEST_CASE("a rule does what it does in the order written", "[alert]") {
  Case c(
      "alert udp any any -> any any (content:\"a\"; flowint:abc,=,5; flowint:def,=,abc; flowint:abc,+,def; "
      "sid:1;)\n"
      "alert udp any any -> any any (content:\"a\"; flowint:abc,==,10; flowint:def,==,5; sid:2;)\n");
  FlowState flow;
  REQUIRE(udp_packet(c, flow, "a") == Sids{1, 2});
}

TEST_CASE("what a pass rule silences still sets its flowbits", "[alert]") {
  Case c(
      "alert udp any any -> any any (content:\"a\"; flowbits:set,x; sid:1;)\n"
      "pass udp any any -> any any (content:\"a\"; sid:2;)\n"
      "alert udp any any -> any any (content:\"b\"; flowbits:isset,x; sid:3;)\n");
  FlowState flow;
  REQUIRE(udp_packet(c, flow, "a").empty());
  REQUIRE(udp_packet(c, flow, "b") == Sids{3});
}

TEST_CASE("a pass rule passes only where its flowbits hold, and tells with the keyword alert", "[alert]") {
  Case c(
      "pass udp any any -> any any (content:\"a\"; flowbits:isset,x; alert; sid:1;)\n"
      "alert udp any any -> any any (content:\"a\"; sid:2;)\n"
      "alert udp any any -> any any (content:\"b\"; flowbits:set,x; noalert; sid:3;)\n");
  FlowState flow;
  REQUIRE(udp_packet(c, flow, "a") == Sids{2});
  (void)udp_packet(c, flow, "b");
  REQUIRE(udp_packet(c, flow, "a") == Sids{1});
}

TEST_CASE("rules on addresses alone come before all others, those of other actions included", "[alert]") {
  Case c(
      "alert udp any any -> any any (flowbits:set,x; sid:1;)\n"
      "drop udp any any -> any any (content:\"a\"; flowbits:isset,x; sid:2;)\n");
  FlowState flow;
  c.header(flow, udp());
  REQUIRE(udp_packet(c, flow, "a") == Sids{2, 1});
}

TEST_CASE("a void match does not use up its window", "[alert]") {
  Case c(
      "alert tcp any any -> any any (content:\"read\"; flowbits:isset,x; sid:1;)\n"
      "alert tcp any any -> any any (content:\"set\"; flowbits:set,x; noalert; sid:2;)\n");
  REQUIRE(in_pieces(c, "read set read read", {}) == Sids{1});
  REQUIRE(in_pieces(c, "read set", {}).empty());
  REQUIRE(in_pieces(c, "read set read read", std::vector<std::size_t>(20, 1)) == Sids{1});
}

TEST_CASE("a match that was found late is settled at its position in the stream", "[alert]") {
  // The setter's second content is tried again at growing distances only; the reader comes right after it.
  Case c(
      "alert tcp any any -> any any (content:\"first-part\"; content:\"second\"; distance:0; flowbits:set,x; "
      "noalert; sid:1;)\n"
      "alert tcp any any -> any any (content:\"read\"; flowbits:isset,x; sid:2;)\n");
  const std::string stream = "first-part" + std::string(300, '.') + "second read";
  REQUIRE(in_pieces(c, stream, {}) == Sids{2});
  REQUIRE(in_pieces(c, stream, std::vector<std::size_t>(stream.size(), 1)) == Sids{2});
}

TEST_CASE("rules on packets do not see what their own packet's bytes change in the stream", "[alert]") {
  Case c(
      "alert tcp any any -> any any (content:\"set\"; flowbits:set,x; sid:1;)\n"
      "alert tcp any any -> any any (flow:to_server; flowbits:isset,x; sid:2;)\n");
  FlowState flow;
  const auto segment = [&](std::string_view bytes) {
    c.packet(flow, ScanKind::tcp_segment, bytes);
    c.feed(flow, bytes);
    return c.settled_sids(flow);
  };
  REQUIRE(segment("set") == Sids{1});
  REQUIRE(segment("more") == Sids{2});
  c.end(flow);
}

TEST_CASE("a flow's variables are given back at its end, and what finds no room is counted", "[alert]") {
  Settings settings = Case::small();
  settings.max_flow_variables = 1;
  Case c(
      "alert udp any any -> any any (content:\"a\"; flowbits:set,x; flowint:cnt,+,1; sid:1;)\n"
      "alert udp any any -> any any (content:\"b\"; flowbits:isset,x; sid:2;)\n",
      settings);
  for (std::uint64_t round = 1; round <= 3; ++round) {
    FlowState flow;
    REQUIRE(udp_packet(c, flow, "a") == Sids{1});
    REQUIRE(c.counted(Counter::flow_variables_budget) == round);
    REQUIRE(udp_packet(c, flow, "b") == Sids{2});
    c.forget(flow);
  }
}

TEST_CASE("what a stream's end decides is remembered no longer than the stream", "[alert]") {
  Settings settings = Case::small();
  settings.max_alert_memories = 1;
  Case c("alert tcp any any -> any any (content:\"a\"; content:!\"b\"; flowbits:set,x; sid:1;)\n", settings);
  FlowState flow;
  for (int i = 0; i < 3; ++i) {
    c.feed(flow, "a");
    c.end(flow);
    REQUIRE(c.settled_sids(flow) == Sids{1});
    c.forget(flow);
  }
  REQUIRE(c.counted(Counter::alert_memory_budget) == 0);
}

TEST_CASE("a bit that is unset gives its memory back", "[alert]") {
  Settings settings = Case::small();
  settings.max_flow_variables = 1;
  Case c(
      "alert udp any any -> any any (content:\"a\"; flowbits:set,x; sid:1;)\n"
      "alert udp any any -> any any (content:\"b\"; flowbits:unset,x; sid:2;)\n",
      settings);
  for (int i = 0; i < 5; ++i) {
    FlowState flow;
    (void)udp_packet(c, flow, "a");
    (void)udp_packet(c, flow, "b");
  }
  REQUIRE(c.counted(Counter::flow_variables_budget) == 0);
}

TEST_CASE("chains of flowbits and flowints give one answer for every segmentation", "[alert]") {
  Settings settings = Case::small();
  settings.max_matches_per_packet = 4'096;
  Case c(
      "alert tcp any any -> any any (content:\"ab\"; flowbits:set,a; sid:1;)\n"
      "alert tcp any any -> any any (content:\"cd\"; flowbits:isset,a; flowbits:unset,a; flowbits:set,b; "
      "sid:2;)\n"
      "alert tcp any any -> any any (content:\"e\"; flowbits:isset,b; sid:3;)\n"
      "alert tcp any any -> any any (content:\"a\"; content:\"d\"; distance:3; within:30; flowbits:toggle,t; "
      "sid:4;)\n"
      "alert tcp any any -> any any (content:\"ce\"; flowbits:isset,t; sid:5;)\n"
      "alert tcp any any -> any any (content:\"b\"; content:!\"e\"; distance:0; within:9; flowint:cnt,+,1; "
      "sid:6;)\n"
      "alert tcp any any -> any any (content:\"c\"; flowint:cnt,>,1; flowbits:isnotset,b; sid:7;)\n"
      "alert tcp any any -> any any (pcre:\"/d[abc]{3}e/\"; flowbits:isset,a|b; flowint:cnt,=,0; sid:8;)\n"
      "alert tcp any any -> any any (content:!\"ee\"; flowint:cnt,>=,1; sid:9;)\n",
      settings, 64);
  std::mt19937_64 random(11);
  for (int round = 0; round < 300; ++round) {
    std::string bytes(1 + random() % 300, '.');
    for (char& letter : bytes) letter = static_cast<char>('a' + random() % 5);
    const Sids whole = in_pieces(c, bytes, {});
    for (int cut = 0; cut < 4; ++cut) {
      std::vector<std::size_t> lengths(bytes.size());
      const std::size_t most = cut == 0 ? 1 : 1 + random() % 40;
      for (std::size_t& length : lengths) length = 1 + random() % most;
      INFO(bytes);
      REQUIRE(in_pieces(c, bytes, lengths) == whole);
    }
  }
  REQUIRE(c.counted(Counter::flow_variables_budget) == 0);
  REQUIRE(c.counted(Counter::matches_per_packet_budget) == 0);
}

TEST_CASE("rules on addresses alone match as asking each of them does", "[alert]") {
  std::mt19937_64 random(3);
  const auto address = [&]() { return "10.0.0." + std::to_string(random() % 8); };
  const auto set = [&]() -> std::string {
    switch (random() % 4) {
      case 0: return "any";
      case 1: return address();
      case 2: return "10.0.0." + std::to_string(random() % 2 * 4) + "/30";
      default: return "[" + address() + "," + address() + ",2001:db8::/32]";
    }
  };
  const auto port = [&]() -> std::string { return random() % 3 == 0 ? "80" : "any"; };
  std::string rules;
  for (int sid = 1; sid <= 60; ++sid)
    rules += (sid % 7 == 0 ? "drop ip " : "alert ip ") + set() + " " + port() +
             (sid % 5 == 0 ? " <> " : " -> ") + set() + " " + port() + " (sid:" + std::to_string(sid) +
             ";)\n";
  Case c(rules);
  for (const auto& rule : c.rules().rules) REQUIRE(rule.rule_class == signature::RuleClass::ip_only);
  for (int probe = 0; probe < 400; ++probe) {
    Subject s = subject();
    s.src = IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(random() % 9));
    s.dst = IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(random() % 9));
    if (random() % 2 == 0) std::swap(s.src_port, s.dst_port);
    Sids expected;
    for (const auto& rule : c.rules().rules)
      if (applies(rule, s, Matched::packet)) expected.push_back(rule.sid);
    FlowState flow;
    c.header(flow, s);
    REQUIRE(c.sids(flow) == expected);
  }
}

TEST_CASE("hits of a rule whose flow tests do not hold push no other rule out", "[alert]") {
  Settings settings = Case::small();
  settings.max_matches_per_packet = 64;
  Case c(
      "alert tcp any any -> any any (content:\"a\"; flowbits:isset,never; sid:1;)\n"
      "alert tcp any any -> any any (content:\"attack\"; sid:2;)\n"
      "alert tcp any any -> any any (content:\"zz\"; flowbits:set,never; sid:3;)\n",
      settings);
  FlowState flow;
  (void)c.feed(flow, std::string(1'000, 'a') + "attack");
  REQUIRE(c.sids(flow) == Sids{2});
  REQUIRE(c.counted(Counter::matches_per_packet_budget) > 0);
  c.end(flow);
}
