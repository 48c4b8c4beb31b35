// The compile side on rules made of stand-in tests: class, trigger, reach, membership of scans.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rules/classify.h"
#include "rules/databases.h"
#include "rules/protocols.h"
#include "rules/reach.h"
#include "rules/refusal.h"
#include "rules/trigger.h"
#include "ruleset/report.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::rules;
using ruleset::ScanKind;
using signature::PayloadTraits;
using signature::Rule;
using signature::RuleClass;
using signature::Scope;
using signature::StreamMatch;
using signature::Wanted;

namespace {

class StandInPayload : public signature::PayloadTest {
 public:
  explicit StandInPayload(PayloadTraits traits) : traits_(std::move(traits)) {}
  bool match(signature::Inspection&, std::size_t, std::uint32_t) const noexcept override { return true; }
  PayloadTraits traits() const override { return traits_; }
  std::string describe() const override { return "stand-in"; }

 private:
  PayloadTraits traits_;
};

class StandInPacket : public signature::PacketTest {
 public:
  bool match(const signature::PacketView&) const noexcept override { return true; }
  std::string describe() const override { return "stand-in"; }
};

PayloadTraits content(std::string literal) {
  PayloadTraits traits;
  traits.reach_ahead = static_cast<std::uint32_t>(literal.size());
  traits.literal = std::move(literal);
  return traits;
}

PayloadTraits relative(std::string literal, std::int32_t distance, std::uint32_t within) {
  PayloadTraits traits = content(std::move(literal));
  traits.relative = true;
  traits.reach_back = distance < 0 ? static_cast<std::uint32_t>(-distance) : 0;
  traits.reach_ahead = static_cast<std::uint32_t>(distance + static_cast<std::int32_t>(within));
  return traits;
}

PayloadTraits negated(PayloadTraits traits) {
  traits.negated = true;
  traits.monotone = false;
  traits.literal.clear();
  return traits;
}

PayloadTraits anchored(PayloadTraits traits) {
  traits.anchored = traits.from_start = traits.on_segments = true;
  return traits;
}

PayloadTraits expression(std::string text) {
  PayloadTraits traits;
  traits.expression = std::move(text);
  return traits;
}

struct Given {
  std::string protocol = "tcp";
  std::vector<PayloadTraits> payload;
  std::size_t packet_tests = 0;
  signature::FlowCondition flow;
};

signature::FlowCondition flow(Wanted direction, StreamMatch stream = StreamMatch::any) {
  signature::FlowCondition out;
  out.present = true;
  out.direction = direction;
  out.stream = stream;
  return out;
}

Rule made(const Given& given) {
  Rule rule;
  const HeaderProtocol protocol = header_protocol(given.protocol);
  rule.header.protocols = protocol.protocols;
  rule.scope = protocol.scope;
  rule.header.src = rule.header.dst = signature::AddressSet::any();
  rule.header.src_ports = rule.header.dst_ports = signature::PortSet::any();
  rule.flow = given.flow;
  for (const PayloadTraits& traits : given.payload) {
    rule.payload.push_back(std::make_unique<StandInPayload>(traits));
  }
  for (std::size_t i = 0; i < given.packet_tests; ++i)
    rule.packet.push_back(std::make_unique<StandInPacket>());
  return rule;
}

std::optional<signature::Trigger> trigger_of(std::vector<PayloadTraits> payload) {
  TriggerChooser chooser;
  return chooser.choose(made({"tcp", std::move(payload), 0, {}}));
}

std::size_t trigger_index(std::vector<PayloadTraits> payload) {
  return trigger_of(std::move(payload)).value().test;
}

constexpr std::uint32_t kWindow = 4096;

std::pair<std::uint32_t, std::uint32_t> reach(std::vector<PayloadTraits> payload) {
  Rule rule = made({"tcp", std::move(payload), 0, {}});
  TriggerChooser chooser;
  rule.trigger = chooser.choose(rule);
  const ReachOfRule out = reach_of(rule, kWindow);
  return {out.back, out.ahead};
}

constexpr std::pair<std::uint32_t, std::uint32_t> kWhole{kWindow, kWindow};

// The names of the kinds a rule takes part in, in the direction to the server.
std::string kinds(const Given& given, Direction direction = Direction::to_server) {
  Rule rule = made(given);
  rule.rule_class = class_of(rule);
  std::string out;
  for (std::size_t kind = 0; kind < ruleset::kScanKinds; ++kind) {
    if (!takes_part(rule, static_cast<ScanKind>(kind), direction)) continue;
    if (!out.empty()) out += ' ';
    out += ruleset::name_of(static_cast<ScanKind>(kind));
  }
  return out;
}

std::string refusal_of_class(const Given& given) {
  try {
    static_cast<void>(class_of(made(given)));
  } catch (const Refusal& refusal) {
    return refusal.what();
  }
  return {};
}

}  // namespace

TEST_CASE("the class of a rule follows from its conditions") {
  const PayloadTraits abc = content("abc");
  const std::vector<std::pair<Given, RuleClass>> table{
      {{"ip", {}, 0, {}}, RuleClass::ip_only},
      {{"tcp", {}, 0, {}}, RuleClass::ip_only},
      {{"udp", {}, 0, {}}, RuleClass::ip_only},
      {{"icmp", {}, 0, {}}, RuleClass::ip_only},
      {{"tcp-pkt", {}, 0, {}}, RuleClass::ip_only},
      {{"tcp", {}, 1, {}}, RuleClass::packet},
      {{"tcp", {}, 0, flow(Wanted::to_server)}, RuleClass::packet},
      {{"tcp", {}, 0, flow(Wanted::any)}, RuleClass::packet},
      {{"tcp", {abc}, 0, {}}, RuleClass::stream},
      {{"ip", {abc}, 0, {}}, RuleClass::stream},
      {{"tcp-stream", {abc}, 0, {}}, RuleClass::stream},
      {{"tcp", {abc}, 0, flow(Wanted::any, StreamMatch::only_stream)}, RuleClass::stream},
      {{"tcp", {abc, anchored(abc)}, 0, {}}, RuleClass::anchored},
      {{"tcp-stream", {anchored(abc)}, 0, {}}, RuleClass::anchored},
      {{"tcp", {negated(anchored(abc))}, 0, {}}, RuleClass::anchored},
      {{"tcp", {abc}, 1, {}}, RuleClass::packet},
      {{"tcp-pkt", {abc}, 0, {}}, RuleClass::packet},
      {{"tcp", {abc}, 0, flow(Wanted::any, StreamMatch::no_stream)}, RuleClass::packet},
      {{"udp", {abc}, 0, {}}, RuleClass::packet},
      {{"udp", {anchored(abc)}, 0, {}}, RuleClass::packet},
      {{"icmpv6", {abc}, 0, {}}, RuleClass::packet},
  };
  for (std::size_t i = 0; i < table.size(); ++i) {
    INFO("row " << i);
    CHECK(class_of(made(table[i].first)) == table[i].second);
  }
}

TEST_CASE("a rule that no packet and no stream could match is refused") {
  const PayloadTraits abc = content("abc");
  CHECK(refusal_of_class({"tcp-pkt", {abc}, 0, flow(Wanted::any, StreamMatch::only_stream)}) ==
        "the rule asks for packets only and for the stream only");
  CHECK(refusal_of_class({"tcp-stream", {abc}, 0, flow(Wanted::any, StreamMatch::no_stream)}) ==
        "the rule asks for packets only and for the stream only");
  CHECK(refusal_of_class({"tcp-stream", {abc}, 1, {}}) ==
        "conditions on packets in a rule on the stream only");
  CHECK(refusal_of_class({"tcp-stream", {}, 0, {}}) ==
        "a rule on the stream only needs a condition on its bytes");
}

TEST_CASE("rules take part in the scans of their class and protocol") {
  const PayloadTraits abc = content("abc");
  CHECK(kinds({"tcp", {abc}, 0, {}}) == "tcp_stream tcp_untracked");
  CHECK(kinds({"tcp", {anchored(abc)}, 0, {}}) == "tcp_stream tcp_segment tcp_untracked");
  PayloadTraits of_the_stream = anchored(abc);
  of_the_stream.on_segments = false;
  CHECK(kinds({"tcp", {of_the_stream}, 0, {}}) == "tcp_stream tcp_untracked");
  CHECK(kinds({"tcp", {of_the_stream, anchored(abc)}, 0, {}}) == "tcp_stream tcp_segment tcp_untracked");
  CHECK(kinds({"tcp", {abc}, 1, {}}) == "tcp_segment tcp_untracked");
  CHECK(kinds({"tcp-pkt", {abc}, 0, {}}) == "tcp_segment tcp_untracked");
  CHECK(kinds({"tcp", {}, 1, {}}) == "tcp_segment tcp_untracked stray");
  CHECK(kinds({"tcp-stream", {abc}, 0, {}}) == "tcp_stream");
  CHECK(kinds({"tcp-stream", {anchored(abc)}, 0, {}}) == "tcp_stream");
  CHECK(kinds({"udp", {abc}, 0, {}}) == "udp");
  CHECK(kinds({"icmp", {abc}, 0, {}}) == "icmp icmpv6");
  CHECK(kinds({"sctp", {abc}, 0, {}}) == "sctp");
  CHECK(kinds({"ip", {abc}, 0, {}}) == "tcp_stream tcp_untracked udp icmp icmpv6 sctp other");
  CHECK(kinds({"ip", {abc}, 1, {}}) == "tcp_segment tcp_untracked udp icmp icmpv6 sctp other");
  CHECK(kinds({"ip", {abc}, 0, flow(Wanted::any, StreamMatch::only_stream)}) == "tcp_stream");
  CHECK(kinds({"ip", {}, 0, {}}).empty());
}

TEST_CASE("a rule takes part only in the directions it names") {
  const Given to_client{"udp", {content("abc")}, 0, flow(Wanted::to_client)};
  CHECK(kinds(to_client, Direction::to_server).empty());
  CHECK(kinds(to_client, Direction::to_client) == "udp");
  const Given either{"udp", {content("abc")}, 0, flow(Wanted::any)};
  CHECK(kinds(either, Direction::to_server) == "udp");
  CHECK(kinds(either, Direction::to_client) == "udp");
}

TEST_CASE("the trigger is the author's choice, then the longest, then the most varied, then the first") {
  PayloadTraits chosen = content("ab");
  chosen.fast_pattern = true;
  CHECK(trigger_index({content("abcdef"), chosen}) == 1);
  CHECK(trigger_index({content("ab"), content("abc")}) == 1);
  CHECK(trigger_index({content("aaaa"), content("abca")}) == 1);
  CHECK(trigger_index({content("abcd"), content("dcba")}) == 0);
}

TEST_CASE("a negated content is never the trigger") {
  PayloadTraits no = content("abcdef");
  no.negated = no.fast_pattern = true;
  CHECK(trigger_index({no, content("a")}) == 1);
  CHECK_FALSE(trigger_of({no}).has_value());
}

TEST_CASE("a content beyond the size of a pattern is not the trigger") {
  CHECK_FALSE(trigger_of({content(std::string(kMaxTriggerBytes + 1, 'a'))}).has_value());
  CHECK(trigger_index({content(std::string(kMaxTriggerBytes + 1, 'a')), content("b")}) == 1);
}

TEST_CASE("a literal trigger is escaped byte by byte, and folded when case does not matter") {
  PayloadTraits traits = content(std::string("A.\0\xff", 4));
  CHECK(trigger_of({traits})->pattern == "\\x41\\x2e\\x00\\xff");
  CHECK(trigger_of({traits})->length == 4);
  traits.nocase = true;
  CHECK(trigger_of({traits})->pattern == "\\x61\\x2e\\x00\\xff");
  CHECK(trigger_of({traits})->nocase);
}

TEST_CASE("without a content a pcre is the trigger, as a prefilter when it must be") {
  const auto exact = trigger_of({expression("ab+c")});
  REQUIRE(exact.has_value());
  CHECK(exact->pattern == "ab+c");
  CHECK(exact->length == 0);
  CHECK_FALSE(exact->prefilter);
  const auto filter = trigger_of({expression("(foo|bar)x\\1")});
  REQUIRE(filter.has_value());
  CHECK(filter->prefilter);
  CHECK(trigger_index({expression("ab+c"), content("a")}) == 1);
}

TEST_CASE("the flags of a pcre go into its pattern") {
  PayloadTraits traits = expression("^a.c");
  traits.expression_dotall = traits.expression_multiline = traits.expression_nocase = true;
  const auto trigger = trigger_of({traits});
  REQUIRE(trigger.has_value());
  CHECK(trigger->pattern == "(?s)(?m)^a.c");
  CHECK(trigger->nocase);
}

TEST_CASE("an expression that a stream scan could miss is not the trigger") {
  CHECK_FALSE(trigger_of({expression("a*")}).has_value());    // matches nothing at all
  CHECK_FALSE(trigger_of({expression("abc$")}).has_value());  // needs the end of the data
  CHECK_FALSE(trigger_of({expression("(")}).has_value());     // is none
  PayloadTraits cursor = expression("^abc");
  cursor.relative = true;  // `^` is where the test before it ended
  CHECK_FALSE(trigger_of({cursor}).has_value());
  PayloadTraits no = expression("abc");
  no.negated = true;
  CHECK_FALSE(trigger_of({no}).has_value());
}

TEST_CASE("a lone content needs nothing around it") {
  CHECK(reach({content("abcd")}) == std::pair{0U, 0U});
}

TEST_CASE("what follows the trigger adds to the bytes needed after it") {
  CHECK(reach({content("abcdef"), relative("xy", 0, 10)}) == std::pair{0U, 10U});
  CHECK(reach({content("abcdef"), relative("xy", 3, 10), relative("z", 0, 5)}) == std::pair{0U, 18U});
}

TEST_CASE("what comes before the trigger adds to the bytes needed before it") {
  // "ab" ends at most 10 bytes before the end of "cdefgh": 2 + 10 bytes back from there, 6 of them its own.
  CHECK(reach({content("ab"), relative("cdefgh", 0, 10)}) == std::pair{6U, 0U});
  CHECK(reach({content("ab"), relative("cdefgh", 0, 10), relative("i", 1, 4)}) == std::pair{6U, 5U});
}

TEST_CASE("a test that may step backwards needs bytes on the other side") {
  CHECK(reach({content("abcdef"), relative("xy", -20, 30)}) == std::pair{20U, 10U});
  // The trigger may lie before "ab" by 8 bytes: those after it count too.
  CHECK(reach({content("ab"), relative("cdefgh", -8, 20)}) == std::pair{16U, 8U});
}

TEST_CASE("negated relative tests count as the others") {
  CHECK(reach({content("abcdef"), negated(relative("xy", 0, 40))}) == std::pair{0U, 40U});
}

TEST_CASE("a test without bound, a second group, or no exact trigger needs the window") {
  PayloadTraits unbounded = relative("xy", 0, 1);
  unbounded.reach_ahead.reset();
  CHECK(reach({content("abcdef"), unbounded}) == kWhole);
  CHECK(reach({content("abcdef"), content("xy")}) == kWhole);
  CHECK(reach({negated(content("abcdef"))}) == kWhole);
  CHECK(reach({expression("(foo|bar)x\\1")}) == kWhole);
}

TEST_CASE("no reach is larger than the window") {
  CHECK(reach({content("abcdef"), relative("xy", 0, 100'000)}) == std::pair{0U, kWindow});
  PayloadTraits far = relative("xy", 0, 1);
  far.reach_ahead = 0xffffffff;
  CHECK(reach({content("ab"), far, far, relative("cdefgh", 0, 10), far, far}) == kWhole);
}

TEST_CASE("one test that more bytes can refute makes the rule not monotone") {
  CHECK(is_monotone(made({"tcp", {content("a"), content("b")}, 0, {}})));
  CHECK_FALSE(is_monotone(made({"tcp", {content("a"), negated(content("b"))}, 0, {}})));
}

namespace {

Rule stream_rule(signature::PortSet src, signature::PortSet dst, std::uint32_t back, std::uint32_t ahead) {
  Rule rule = made({"tcp", {content("ab")}, 0, {}});
  rule.rule_class = RuleClass::stream;
  rule.header.src_ports = std::move(src);
  rule.header.dst_ports = std::move(dst);
  TriggerChooser chooser;
  rule.trigger = chooser.choose(rule);
  rule.look_back = back;
  rule.look_ahead = ahead;
  return rule;
}

}  // namespace

TEST_CASE("the window tables hold the largest reach of the rules that a port can meet") {
  using signature::PortSet;
  ruleset::Ruleset set;
  set.rules.push_back(stream_rule(PortSet::any(), PortSet::of({{80, 80}}), 10, 20));
  set.rules.push_back(stream_rule(PortSet::any(), PortSet::of({{80, 90}, {65535, 65535}}), 30, 5));
  set.rules.push_back(stream_rule(PortSet::of({{0, 0}}), PortSet::of({{443, 443}}), 500, 600));
  set.rules[1].flow = flow(Wanted::to_server);
  fill_reach_tables(set);
  const std::size_t up = index_of(Direction::to_server), down = index_of(Direction::to_client);
  const auto both = [](const ruleset::Ruleset::Reach& r) { return std::pair<int, int>{r.back, r.ahead}; };
  REQUIRE(set.by_dst_port[up].size() == 65536);
  CHECK(both(set.by_dst_port[up][80]) == std::pair{32, 20});
  CHECK(both(set.by_dst_port[up][79]) == std::pair{0, 0});
  CHECK(both(set.by_dst_port[up][90]) == std::pair{32, 5});
  CHECK(both(set.by_dst_port[up][91]) == std::pair{0, 0});
  CHECK(both(set.by_dst_port[up][65535]) == std::pair{32, 5});
  CHECK(both(set.by_dst_port[down][80]) == std::pair{12, 20});
  CHECK(both(set.by_dst_port[down][81]) == std::pair{0, 0});
  CHECK(both(set.by_src_port[up][0]) == std::pair{502, 600});
  CHECK(both(set.by_src_port[up][1]) == std::pair{32, 20});
}

TEST_CASE("a rule for both ways counts its ports on both sides") {
  using signature::PortSet;
  ruleset::Ruleset set;
  const PortSet seven = PortSet::of({{7, 7}}), nine = PortSet::of({{9, 9}});
  set.rules.push_back(stream_rule(seven, nine, 1, 2));
  set.rules.push_back(stream_rule(nine, seven, 1, 2));  // as the reader makes two of it
  fill_reach_tables(set);
  for (const std::size_t port : {7, 9}) {
    CHECK(set.by_src_port[0][port].ahead == 2);
    CHECK(set.by_dst_port[0][port].ahead == 2);
  }
  CHECK(set.by_src_port[0][8].ahead == 0);
}

TEST_CASE("rules with the same trigger share a pattern") {
  TriggerChooser chooser;
  PayloadTraits upper = content("ABC"), lower = content("abc"), exact = content("abc");
  upper.nocase = lower.nocase = true;
  PatternSet patterns;
  std::uint32_t index = 10;
  for (const PayloadTraits& traits : {upper, exact, lower}) {
    Rule rule = made({"tcp", {traits}, 0, {}});
    rule.trigger = chooser.choose(rule);
    patterns.add(rule, index++);
  }
  const match::Database database = patterns.compile(match::Mode::stream);
  REQUIRE(database.first_use == std::vector<std::uint32_t>{0, 2, 3});
  CHECK(database.uses == std::vector<std::uint32_t>{10, 12, 11});
  CHECK(database.stream_bytes > 0);
}

TEST_CASE("an empty set of patterns is an empty database") {
  const match::Database database = PatternSet{}.compile(match::Mode::block);
  CHECK(database.empty());
  CHECK(database.stream_bytes == 0);
}
