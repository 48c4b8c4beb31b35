// What the matches of one packet amount to, and when a rule's header, `flow` and scope apply.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "alert_case.h"

using namespace mirrorscan;
using namespace mirrorscan::alert;
using namespace mirrorscan::alert_test;
using ledger::Counter;
using signature::Rule;

namespace {

constexpr const char* kActions =
    "alert tcp any any -> any any (content:\"a\"; sid:1;)\n"
    "drop tcp any any -> any any (content:\"a\"; sid:2;)\n"
    "reject tcp any any -> any any (content:\"a\"; sid:3;)\n"
    "pass tcp any any -> any any (content:\"a\"; sid:4;)\n"
    "alert tcp any any -> any any (content:\"a\"; noalert; sid:5;)\n"
    "pass ip any any -> any any (sid:6;)\n"
    "drop ip any any -> any any (sid:7;)\n";

/// Rules by sid, and matches of them settled.
struct Settled {
  std::vector<std::uint32_t> sids;
  Verdict verdict;
};

signature::RuleIndex index_of_sid(const ruleset::Ruleset& rules, std::uint32_t sid) {
  for (signature::RuleIndex i = 0; i < rules.rules.size(); ++i)
    if (rules.rules[i].sid == sid) return i;
  FAIL("no rule with this sid");
  return 0;
}

Settled settled(const std::vector<std::pair<std::uint32_t, Matched>>& matches,
                DropEndsFlow drop = DropEndsFlow::yes,
                const std::map<std::uint32_t, HostAnswer>& answers = {}) {
  const auto rules = compile(kActions);
  ledger::Counters counters;
  MatchList list(16, counters);
  for (const auto& [sid, matched] : matches)
    list.add({index_of_sid(*rules, sid), matched, Direction::to_server, 0});
  list.sort();
  Settled out{};
  out.verdict = settle(list, *rules, drop, [&](const Rule& rule, const Match&, Telling telling) {
    const auto said = answers.find(rule.sid);
    const HostAnswer answer = said == answers.end() ? HostAnswer::tell : said->second;
    if (telling == Telling::alert && answer == HostAnswer::tell) out.sids.push_back(rule.sid);
    return answer;
  });
  return out;
}

constexpr Matched kPacket = Matched::packet, kStream = Matched::stream;

/// Whether one of the rules that the text comes to applies: `<>` makes two.
bool applies_to(const std::string& rule, const Subject& s, Matched matched = Matched::packet) {
  const auto rules = compile(rule);
  return std::ranges::any_of(rules->rules, [&](const auto& r) { return applies(r, s, matched); });
}

std::string tcp_rule(const std::string& options, const std::string& head = "tcp any any -> any any") {
  return "alert " + head + " (content:\"a\"; " + options + " sid:1;)";
}

}  // namespace

TEST_CASE("matches take effect in the order drop, reject, alert", "[alert]") {
  REQUIRE(settled({{1, kPacket}, {3, kPacket}, {2, kPacket}}).sids == Sids{2, 3, 1});
}

TEST_CASE("a pass, drop or alert takes place as the state of its hosts says", "[alert]") {
  const auto with = [](std::uint32_t sid, HostAnswer answer, Matched matched) {
    return settled({{1, kPacket}, {2, matched}, {sid, matched}}, DropEndsFlow::yes, {{sid, answer}});
  };
  CHECK(with(4, HostAnswer::no_action, kPacket).sids == Sids{2, 1});
  CHECK(with(4, HostAnswer::not_now, kPacket).sids.empty());
  CHECK(settled({{2, kStream}}).verdict == Verdict::dropped);
  CHECK(settled({{2, kStream}}, DropEndsFlow::yes, {{2, HostAnswer::no_action}}).verdict == Verdict::none);
  CHECK(settled({{2, kStream}}, DropEndsFlow::yes, {{2, HostAnswer::not_now}}).verdict == Verdict::dropped);
  CHECK(settled({{1, kPacket}, {2, kPacket}}, DropEndsFlow::yes, {{2, HostAnswer::pass}}).sids.empty());
}

TEST_CASE("a pass rule silences all other rules of its packet", "[alert]") {
  const Settled s = settled({{1, kPacket}, {4, kPacket}, {2, kStream}});
  REQUIRE(s.sids.empty());
  REQUIRE(s.verdict == Verdict::none);
}

TEST_CASE("a pass rule on the stream or on addresses alone passes the whole flow", "[alert]") {
  REQUIRE(settled({{4, kStream}}).verdict == Verdict::passed);
  REQUIRE(settled({{6, kPacket}}).verdict == Verdict::passed);
}

TEST_CASE("a pass rule comes before what ends at the same place of the stream", "[alert]") {
  REQUIRE(settled({{1, kStream}, {2, kStream}, {4, kStream}}).sids.empty());
}

TEST_CASE("a drop or reject rule on the stream ends its flow where that is asked for", "[alert]") {
  REQUIRE(settled({{2, kStream}, {1, kStream}}).verdict == Verdict::dropped);
  REQUIRE(settled({{2, kStream}, {1, kStream}}).sids == Sids{2, 1});
  REQUIRE(settled({{7, kPacket}}).verdict == Verdict::dropped);
  REQUIRE(settled({{3, kStream}, {1, kStream}}).verdict == Verdict::dropped);
  REQUIRE(settled({{2, kPacket}}).verdict == Verdict::none);
  REQUIRE(settled({{2, kStream}}, DropEndsFlow::no).verdict == Verdict::none);
}

TEST_CASE("a rule with noalert is not told", "[alert]") {
  REQUIRE(settled({{5, kPacket}, {1, kPacket}}).sids == Sids{1});
}

TEST_CASE("a rule that matched the packet does not match its stream bytes again", "[alert]") {
  REQUIRE(settled({{1, kPacket}, {1, kStream}}).sids == Sids{1});
}

TEST_CASE("stream matches of two windows in one packet are both told", "[alert]") {
  ledger::Counters counters;
  MatchList list(8, counters);
  list.add({0, Matched::stream, Direction::to_server, 9'000});
  list.add({0, Matched::stream, Direction::to_server, 100});
  list.sort();
  REQUIRE(list.matches().size() == 2);
  REQUIRE(list.matches()[0].stream_offset == 100);
}

TEST_CASE("matches beyond the budget are dropped and counted", "[alert]") {
  ledger::Counters counters;
  MatchList list(2, counters);
  for (std::uint32_t rule = 0; rule < 5; ++rule) list.add({rule, Matched::packet, Direction::to_server, 0});
  REQUIRE(list.matches().size() == 2);
  REQUIRE(counters[Counter::matches_per_packet_budget] == 3);
  list.clear();
  REQUIRE(list.empty());
}

TEST_CASE("a flow that was passed is told of nothing more, not even of triggers pended before", "[alert]") {
  // sid 1 waits for the bytes after its trigger; the pass rule comes before they do.
  Case c(
      "alert tcp any any -> any any (content:\"first\"; content:!\"never\"; distance:0; within:50; sid:1;)\n"
      "pass tcp any any -> any any (content:\"friend\"; sid:2;)\n");
  FlowState flow;
  (void)c.feed(flow, "first ");
  (void)c.feed(flow, "friend");
  REQUIRE(c.sids(flow).empty());
  REQUIRE(flow.verdict == Verdict::passed);
  c.end(flow);
  REQUIRE(c.sids(flow).empty());
  REQUIRE_FALSE(flow.alerted);
}

TEST_CASE("alerts above the budget of their sid and second are counted instead of told", "[alert]") {
  Settings settings = Case::small();
  settings.max_alerts_per_sid_and_second = 2;
  Case c("alert udp any any -> any any (content:\"a\"; sid:1;)\n", settings);
  Subject udp = subject();
  udp.protocol = 17;
  FlowState flow;
  std::vector<std::size_t> told;
  for (const std::int64_t us : {10, 20, 30, 1'000'000}) {
    c.packet(flow, ruleset::ScanKind::udp, "a", udp);
    told.push_back(c.sids(flow, Timestamp{us}).size());
  }
  REQUIRE(told == std::vector<std::size_t>{1, 1, 0, 1});
  REQUIRE(c.counted(Counter::alert_rate_suppressed) == 1);
}

TEST_CASE("`flow` asks for a direction", "[alert]") {
  REQUIRE(applies_to(tcp_rule("flow:to_server;"), subject(Direction::to_server)));
  REQUIRE_FALSE(applies_to(tcp_rule("flow:to_server;"), subject(Direction::to_client)));
  REQUIRE(applies_to(tcp_rule("flow:from_server;"), subject(Direction::to_client)));
  REQUIRE_FALSE(applies_to(tcp_rule("flow:from_server;"), subject(Direction::to_server)));
}

TEST_CASE("`flow` asks for an established flow, or for one that is not", "[alert]") {
  Subject young = subject();
  young.established = false;
  REQUIRE(applies_to(tcp_rule("flow:established;"), subject()));
  REQUIRE_FALSE(applies_to(tcp_rule("flow:established;"), young));
  REQUIRE(applies_to(tcp_rule("flow:not_established;"), young));
  REQUIRE_FALSE(applies_to(tcp_rule("flow:not_established;"), subject()));
  REQUIRE(applies_to(tcp_rule("flow:stateless;"), young));
  REQUIRE(applies_to(tcp_rule(""), young));
}

TEST_CASE("`flow` asks for reassembled fragments, or for none", "[alert]") {
  Subject whole = subject();
  whole.reassembled = true;
  REQUIRE(applies_to(tcp_rule("flow:only_frag;"), whole));
  REQUIRE_FALSE(applies_to(tcp_rule("flow:only_frag;"), subject()));
  REQUIRE(applies_to(tcp_rule("flow:no_frag;"), subject()));
  REQUIRE_FALSE(applies_to(tcp_rule("flow:no_frag;"), whole));
}

TEST_CASE("the scope of a rule says whether it looks at packets, the stream, or both", "[alert]") {
  struct Row {
    std::string rule;
    bool packet, stream;
  };
  const std::vector<Row> rows = {{tcp_rule(""), true, true},
                                 {tcp_rule("flow:only_stream;"), false, true},
                                 {tcp_rule("flow:no_stream;"), true, false},
                                 {tcp_rule("", "tcp-pkt any any -> any any"), true, false},
                                 {tcp_rule("", "tcp-stream any any -> any any"), false, true}};
  for (const Row& row : rows) {
    CAPTURE(row.rule);
    REQUIRE(applies_to(row.rule, subject(), Matched::packet) == row.packet);
    REQUIRE(applies_to(row.rule, subject(), Matched::stream) == row.stream);
  }
}

TEST_CASE("addresses, ports and protocols of the header must hold together", "[alert]") {
  const auto holds = [](const std::string& head) { return applies_to(tcp_rule("", head), subject()); };
  REQUIRE(holds("tcp 10.0.0.1 40000 -> 10.0.0.2 80"));
  REQUIRE(holds("ip any any -> any any"));
  REQUIRE_FALSE(holds("udp any any -> any any"));
  REQUIRE_FALSE(holds("tcp 10.0.0.1 40000 -> 10.0.0.2 81"));
  REQUIRE_FALSE(holds("tcp 10.0.0.1 40000 -> 10.0.0.3 80"));
  REQUIRE_FALSE(holds("tcp !10.0.0.1 any -> any any"));
  REQUIRE_FALSE(holds("tcp 10.0.0.2 80 -> 10.0.0.1 40000"));
  REQUIRE_FALSE(holds("tcp 2001:db8::/32 any -> any any"));
}

TEST_CASE("a rule for both ways takes a packet either way, but not half of each", "[alert]") {
  const std::string head = "tcp 10.0.0.2 80 <> 10.0.0.1 40000";
  REQUIRE(applies_to(tcp_rule("", head), subject(Direction::to_server)));
  REQUIRE(applies_to(tcp_rule("", head), subject(Direction::to_client)));
  REQUIRE_FALSE(applies_to(tcp_rule("", "tcp 10.0.0.1 80 <> 10.0.0.2 40000"), subject()));
}
