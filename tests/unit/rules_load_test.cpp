// Rule texts with the real keywords, through the front door: what is loaded, what is rejected and why.

#include <cstdio>
#include <string>
#include <vector>

#include "rules/load.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::rules;
using ruleset::ScanKind;
using signature::RuleClass;

namespace {

Variables variables() {
  Variables out;
  out.addresses = {{"HOME_NET", "[10.0.0.0/8]"}, {"EXTERNAL_NET", "!$HOME_NET"}};
  out.ports = {{"HTTP_PORTS", "80"}};
  return out;
}

Loaded loaded(std::string_view text, Options options = {}) {
  Result<Loaded> result = load_text("t.rules", text, variables(), options);
  REQUIRE(result.ok());
  return std::move(result).value();
}

// The one rejection of a text of one rule.
ruleset::Remark rejection(std::string_view text) {
  const Loaded out = loaded(text);
  REQUIRE(out.report.rejected.size() == 1);
  CHECK(out.report.loaded == 0);
  CHECK(out.ruleset->rules.empty());
  return out.report.rejected[0];
}

std::string reason(const std::string& options) {
  return rejection("alert tcp any any -> any any (" + options + ")").reason;
}

std::vector<std::uint32_t> sids(const Loaded& out) {
  std::vector<std::uint32_t> all;
  for (const auto& rule : out.ruleset->rules) all.push_back(rule.sid);
  return all;
}

std::vector<std::uint32_t> always_sids(const Loaded& out, ScanKind kind, Direction direction) {
  std::vector<std::uint32_t> all;
  for (const auto index : out.ruleset->scan(kind, direction).always)
    all.push_back(out.ruleset->rules[index].sid);
  return all;
}

}  // namespace

TEST_CASE("a rule is loaded with all that it says") {
  const Loaded out = loaded(
      "# comment\n"
      "alert tcp $EXTERNAL_NET any -> $HOME_NET $HTTP_PORTS (msg:\"a\\;b\"; flow:established,to_server; \\\n"
      "  content:\"GET |2f|\"; nocase; reference:url,example.com; classtype:trojan-activity; sid:7; gid:3; "
      "rev:2;)\n");
  REQUIRE(out.report.loaded == 1);
  const signature::Rule& rule = out.ruleset->rules[0];
  CHECK(rule.sid == 7);
  CHECK(rule.gid == 3);
  CHECK(rule.rev == 2);
  CHECK(rule.text.msg == "a;b");
  CHECK(rule.text.file == "t.rules");
  CHECK(rule.text.line == 2);
  CHECK(rule.text.category == "A Network Trojan was detected");
  CHECK(rule.priority == 1);
  CHECK(rule.rule_class == RuleClass::stream);
  CHECK(rule.trigger->nocase);
  CHECK(rule.monotone);
  CHECK(rule.header.dst_ports.contains(80));
  CHECK(out.ruleset->scan(ScanKind::tcp_stream, Direction::to_server).triggered.stream_bytes > 0);
  CHECK(out.ruleset->scan(ScanKind::tcp_stream, Direction::to_client).empty());
}

TEST_CASE("keyword names are read in any case and with blanks around") {
  const Loaded out =
      loaded("alert tcp any any -> any any ( MSG : \"x\" ;  Content: \"abc\"; NoCase ; SID: 1 ; )");
  REQUIRE(out.report.loaded == 1);
  CHECK(out.ruleset->rules[0].trigger->nocase);
}

TEST_CASE("priority outweighs the class, wherever it is written") {
  const Loaded out = loaded(
      "alert ip any any -> any any (priority:4; classtype:trojan-activity; sid:1;)\n"
      "alert ip any any -> any any (classtype:trojan-activity; priority:4; sid:2;)\n"
      "alert ip any any -> any any (classtype:Misc-Activity; sid:3;)\n"
      "alert ip any any -> any any (sid:4;)\n");
  REQUIRE(out.report.loaded == 4);
  REQUIRE(sids(out) == std::vector<std::uint32_t>{3, 4, 1, 2});
  CHECK(out.ruleset->rules[0].text.category == "Misc activity");
  CHECK(out.ruleset->rules[1].priority == 3);
  CHECK(out.ruleset->rules[2].priority == 4);
  CHECK(out.ruleset->rules[3].priority == 4);
}

TEST_CASE("an unknown class is a warning and the rule is kept") {
  const Loaded out = loaded("alert ip any any -> any any (classtype:no-such; sid:9;)");
  REQUIRE(out.report.loaded == 1);
  CHECK(out.ruleset->rules[0].text.category.empty());
  CHECK(out.ruleset->rules[0].priority == 3);
  REQUIRE(out.report.warnings.size() == 1);
  CHECK(out.report.warnings[0].text() ==
        "t.rules:1: sid 9: unknown classtype 'no-such'; the rule has no category, and priority 3 unless it "
        "states one");
}

TEST_CASE("a rejected rule is named by file, first line and sid") {
  const ruleset::Remark remark =
      rejection("\n\nalert tcp any any \\\n -> any any (nosuch:1; msg:\"x\"; \\\n sid:77; rev:1;)\n");
  CHECK(remark.file == "t.rules");
  CHECK(remark.line == 3);
  CHECK(remark.sid == 77U);
  CHECK(remark.reason == "keyword 'nosuch' is not supported");
  CHECK(remark.text() ==
        "t.rules:3: sid 77: keyword 'nosuch' is not supported; mirrorscan check --keywords lists those that "
        "are");
}

TEST_CASE("each kind of bad option has its reason") {
  CHECK(reason("msg:\"x\";") == "the rule has no sid");
  CHECK(reason("nocase:1; sid:1;") == "keyword 'nocase' takes no value");
  CHECK(reason("content; sid:1;") == "keyword 'content' needs a value");
  CHECK(reason("content:; sid:1;") == "keyword 'content' needs a value");
  CHECK(reason("content:\"|zz|\"; sid:1;").rfind("content: ", 0) == 0);
  CHECK(reason("sid:x;").rfind("sid: ", 0) == 0);
  CHECK(reason("sid:1") == "no ';' after the option 'sid:1'");
}

TEST_CASE("a bad header rejects the rule and still names its sid") {
  const ruleset::Remark remark = rejection("alert dns any any -> any any (dns.query; content:\"x\"; sid:5;)");
  CHECK(remark.sid == 5U);
  CHECK(remark.reason == "application protocol 'dns' is not supported in a rule header");
  CHECK(rejection("alert tcp $NONE any -> any any (sid:5;)").reason ==
        "the address variable $NONE is not defined");
  CHECK(rejection("what is this").sid.has_value() == false);
}

TEST_CASE("a rule longer than a mebibyte is rejected") {
  const std::string text = "alert ip any any -> any any (sid:1; msg:\"" + std::string(1U << 20, 'x') + "\";)";
  CHECK(rejection(text).reason == "the rule is longer than 1 MiB");
  CHECK(rejection(text).sid == 1U);
}

TEST_CASE("a bad rule does not keep the others from loading") {
  const Loaded out = loaded(
      "alert ip any any -> any any (sid:1;)\nnonsense\nalert ip any any -> any any (sid:3;)\nalert ip any\n");
  CHECK(sids(out) == std::vector<std::uint32_t>{1, 3});
  CHECK(out.report.rules == 4);
  CHECK(out.report.rejected.size() == 2);
  CHECK(out.report.coverage_pct() == 50.0);
}

TEST_CASE("of rules with the same gid and sid the highest rev stays, or the first") {
  const Loaded out = loaded(
      "alert ip any any -> any any (sid:1; rev:2; msg:\"a\";)\n"
      "alert ip any any -> any any (sid:1; rev:3; msg:\"b\";)\n"
      "alert ip any any -> any any (sid:1; rev:3; msg:\"c\";)\n"
      "alert ip any any -> any any (sid:1; rev:1; msg:\"d\";)\n"
      "alert ip any any -> any any (sid:1; gid:2; rev:1; msg:\"e\";)\n");
  REQUIRE(out.report.loaded == 2);
  CHECK(out.ruleset->rules[0].text.msg == "b");
  CHECK(out.ruleset->rules[1].text.msg == "e");
  REQUIRE(out.report.rejected.size() == 3);
  CHECK(out.report.rejected[0].line == 1);
  CHECK(out.report.rejected[0].reason == "another rule has the same sid: rev 3 in t.rules:2");
  CHECK(out.report.rejected[1].line == 3);
  CHECK(out.report.rejected[2].line == 4);
}

TEST_CASE("tcp-stream with nothing to look for means tcp") {
  const Loaded out = loaded("alert tcp-stream any any -> any any (flow:established; sid:1;)\n");
  REQUIRE(out.report.loaded == 1);
  CHECK(out.ruleset->rules[0].scope == signature::Scope::any);
  CHECK(out.ruleset->rules[0].rule_class == signature::RuleClass::packet);
}

TEST_CASE("stream_size makes a rule on the stream only one on packets") {
  const Loaded out = loaded(
      "alert tcp any any -> any any (flow:only_stream; stream_size:client,>,5; content:\"a\"; sid:1;)\n"
      "alert tcp-stream any any -> any any (stream_size:client,>,5; content:\"a\"; sid:2;)\n"
      "alert tcp-stream any any -> any any (stream_size:client,>,5; dsize:>1; content:\"a\"; sid:3;)\n"
      "alert tcp-pkt any any -> any any (flow:only_stream; stream_size:client,>,5; content:\"a\"; sid:4;)\n");
  REQUIRE(sids(out) == std::vector<std::uint32_t>{1, 2});
  for (const signature::Rule& rule : out.ruleset->rules) {
    CHECK(rule.rule_class == signature::RuleClass::packet);
    CHECK(rule.scope == signature::Scope::any);
    CHECK(rule.flow.stream == signature::StreamMatch::any);
  }
}

TEST_CASE("tcp-stream with conditions on packets and nothing to look for is refused") {
  const Loaded out = loaded("alert tcp-stream any any -> any any (flags:S; sid:1;)\n");
  REQUIRE(out.report.rejected.size() == 1);
  CHECK(out.report.rejected[0].reason == "conditions on packets in a rule on the stream only");
}

TEST_CASE("a rule for both ways is one for each way, unless its sides are the same, and counts as one") {
  const Loaded out = loaded(
      "alert udp 10.0.0.0/8 any <> any 53 (msg:\"a\"; priority:2; content:\"x\"; sid:1; rev:1;)\n"
      "alert udp [10.0.0.1,10.0.0.2] 53 <> [10.0.0.2,10.0.0.1] 53 (sid:2;)\n"
      "alert udp 10.0.0.0/8 any <> any 54 (msg:\"b\"; priority:2; content:\"x\"; sid:1; rev:2;)\n");
  CHECK(out.report.loaded == 2);
  CHECK(out.report.explanations.size() == 2);
  CHECK(out.report.by_class[static_cast<std::size_t>(signature::RuleClass::packet)] == 1);
  REQUIRE(sids(out) == std::vector<std::uint32_t>{1, 1, 2});
  const signature::Rule &there = out.ruleset->rules[0], &back = out.ruleset->rules[1];
  CHECK(there.header.dst_ports.contains(54));
  CHECK_FALSE(there.header.src_ports.ranges() == back.header.src_ports.ranges());
  CHECK(back.header.src_ports.ranges() == there.header.dst_ports.ranges());
  CHECK(back.header.dst.v4() == there.header.src.v4());
  CHECK(back.text.msg == "b");
  CHECK(back.trigger.has_value());
  CHECK_FALSE(there.way_back);
  CHECK(back.way_back);
  CHECK_FALSE(out.ruleset->rules[2].way_back);
}

TEST_CASE("rules are evaluated by action and then by sid") {
  const Loaded out = loaded(
      "alert ip any any -> any any (sid:1;)\nreject ip any any -> any any (sid:2;)\n"
      "drop ip any any -> any any (sid:3;)\npass ip any any -> any any (sid:4;)\n"
      "alert ip any any -> any any (sid:5;)\nrejectboth ip any any -> any any (sid:6;)\n");
  CHECK(sids(out) == std::vector<std::uint32_t>{4, 3, 2, 6, 1, 5});
  CHECK(out.ruleset->ip_only.size() == 6);
  CHECK(out.report.explanations[0].sid == 1);
  CHECK(out.report.explanations[3].sid == 4);
}

TEST_CASE("rules are evaluated by what they do with flowbits, then flowints, then by priority") {
  const Loaded out = loaded(
      "alert tcp any any -> any any (content:\"a\"; sid:1;)\n"
      "alert tcp any any -> any any (content:\"a\"; priority:1; sid:2;)\n"
      "alert tcp any any -> any any (content:\"a\"; flowint:cnt,>,1; sid:3;)\n"
      "alert tcp any any -> any any (content:\"a\"; flowint:cnt,+,1; sid:4;)\n"
      "alert tcp any any -> any any (content:\"a\"; flowbits:isset,x; sid:5;)\n"
      "alert tcp any any -> any any (content:\"a\"; flowbits:isset,x; flowbits:unset,x; sid:6;)\n"
      "alert tcp any any -> any any (content:\"a\"; flowbits:set,x; sid:7;)\n"
      "alert tcp any any -> any any (content:\"a\"; flowbits:toggle,x; flowint:cnt,=,1; sid:8;)\n"
      "drop tcp any any -> any any (content:\"a\"; sid:9;)\n");
  CHECK(sids(out) == std::vector<std::uint32_t>{9, 8, 7, 6, 5, 4, 3, 2, 1});
}

TEST_CASE("a rule that waits for a flowbit or flowint that no rule sets is loaded with a warning") {
  const Loaded out = loaded(
      "alert tcp any any -> any any (content:\"a\"; flowbits:isset,x|y; sid:1;)\n"
      "alert tcp any any -> any any (content:\"a\"; flowbits:isset,never; sid:2;)\n"
      "alert tcp any any -> any any (content:\"a\"; flowbits:isnotset,never; sid:3;)\n"
      "alert tcp any any -> any any (content:\"a\"; flowint:cnt,>,1; sid:4;)\n"
      "alert tcp any any -> any any (content:\"a\"; flowbits:set,y; flowint:cnt,-,1; sid:5;)\n");
  CHECK(out.report.loaded == 5);
  REQUIRE(out.report.warnings.size() == 2);
  CHECK(out.report.warnings[0].sid == 2);
  CHECK(out.report.warnings[0].reason ==
        "flowbits:isset,never: no loaded rule sets it, so the rule never matches");
  CHECK(out.report.warnings[1].sid == 4);
}

TEST_CASE("a header without payload, flow or negated address is inspected once a flow and direction") {
  const Loaded out = loaded(
      "alert ip 10.0.0.1 any -> any 80 (sid:1;)\n"
      "alert ip any any -> any any (flowbits:set,x; sid:2;)\n"
      "alert ip !10.0.0.1 any -> any any (sid:3;)\n"
      "alert ip $EXTERNAL_NET any -> any any (sid:4;)\n"
      "alert ip any any -> any any (flowbits:unset,x; sid:5;)\n"
      "alert ip any any -> any any (flowbits:isset,x; sid:6;)\n"
      "alert ip any any -> any any (flowint:cnt,+,1; sid:7;)\n"
      "alert ip any any -> any !80 (sid:8;)\n");
  for (const auto& rule : out.ruleset->rules) {
    INFO("sid " << rule.sid);
    const bool once = rule.sid == 1 || rule.sid == 2 || rule.sid == 8;
    CHECK(rule.rule_class == (once ? RuleClass::ip_only : RuleClass::packet));
    CHECK(rule.acts_on_flow == (once || rule.sid == 3 || rule.sid == 4));
  }
}

TEST_CASE("rules without a trigger are always looked at") {
  const Loaded out = loaded(
      "alert tcp any any -> any any (flags:S; sid:1;)\n"
      "alert tcp any any -> any any (content:!\"x\"; sid:2;)\n"
      "alert tcp any any -> any any (flow:to_client; sid:3;)\n"
      "alert icmp any any -> any any (itype:8; sid:4;)\n");
  const auto expected_count = out.report.loaded;
  CHECK(expected_count + out.report.rejected.size() == 4);
  CHECK(always_sids(out, ScanKind::tcp_stream, Direction::to_server) == std::vector<std::uint32_t>{2});
  CHECK(always_sids(out, ScanKind::icmp, Direction::to_client) == std::vector<std::uint32_t>{4});
  CHECK(always_sids(out, ScanKind::icmpv6, Direction::to_server) == std::vector<std::uint32_t>{4});
  CHECK(always_sids(out, ScanKind::tcp_segment, Direction::to_client).back() == 3);
}

TEST_CASE("a stream rule carries the reach of its tests and an anchored one the window") {
  const Loaded out = loaded(
      "alert tcp any any -> any 80 (content:\"abcdef\"; content:\"x\"; distance:0; within:20; sid:1;)\n"
      "alert tcp any any -> any 443 (content:\"abcdef\"; depth:6; sid:2;)\n",
      Options{1, 1000});
  REQUIRE(out.report.loaded == 2);
  CHECK(out.ruleset->rules[0].look_back == 0);
  CHECK(out.ruleset->rules[0].look_ahead == 20);
  CHECK(out.ruleset->rules[1].rule_class == RuleClass::anchored);
  CHECK(out.ruleset->rules[1].look_ahead == 1000);
  CHECK(out.ruleset->by_dst_port[0][80].back == 6);
  CHECK(out.ruleset->by_dst_port[0][80].ahead == 20);
  CHECK(out.ruleset->by_dst_port[0][443].ahead == 1000);
  CHECK(out.ruleset->by_dst_port[0][22].ahead == 0);
  CHECK(out.ruleset->window == 1000);
}

TEST_CASE("the report explains each loaded rule and counts the classes") {
  const Loaded out = loaded(
      "alert tcp any any -> any any (msg:\"m\"; content:\"abc\"; content:\"de\"; sid:1; rev:4;)\n"
      "alert ip any any -> any any (sid:2;)\n"
      "alert udp any any -> any any (content:\"x\"; sid:3;)\n"
      "alert tcp any any -> any any (content:\"x\"; depth:1; sid:4;)\n");
  CHECK(out.report.by_class == std::array<std::size_t, 4>{1, 1, 1, 1});
  const ruleset::Explanation& first = out.report.explanations.at(0);
  CHECK(first.msg == "m");
  CHECK(first.rev == 4);
  CHECK(first.trigger == "content \"abc\"");
  CHECK(first.tests.size() == 2);
  CHECK(first.look_ahead == 4096);
  CHECK(first.scans[0][static_cast<std::size_t>(ScanKind::tcp_stream)]);
  CHECK_FALSE(first.scans[0][static_cast<std::size_t>(ScanKind::udp)]);
  CHECK(ruleset::name_of(first.rule_class) == "stream");
}

TEST_CASE("no rules at all are a ruleset that covers everything there was") {
  const Loaded out = loaded("");
  CHECK(out.report.coverage_pct() == 100.0);
  CHECK(out.ruleset->scan(ScanKind::udp, Direction::to_server).empty());
  CHECK(out.ruleset->by_src_port[1].size() == 65536);
}

TEST_CASE("contents and expressions share one database") {
  const Loaded out = loaded(
      "alert udp any any -> any any (content:\"a.c\"; sid:1;)\n"
      "alert udp any any -> any any (pcre:\"/ab+c/\"; sid:2;)\n");
  REQUIRE(out.report.loaded == 2);
  const auto& database = out.ruleset->scan(ScanKind::udp, Direction::to_server).triggered;
  CHECK(database.first_use.size() == 3);
  CHECK(out.ruleset->scan(ScanKind::udp, Direction::to_server).always.empty());
}

TEST_CASE("a rule file that cannot be read fails the load") {
  const std::vector<std::string> files{"/nonexistent/a.rules"};
  const Result<Loaded> result = load(files, variables(), {});
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().where == "/nonexistent/a.rules");
}

TEST_CASE("rules of several files are read in their order") {
  const std::string path = "rules_load_test.rules";
  std::FILE* file = std::fopen(path.c_str(), "wb");
  REQUIRE(file != nullptr);
  std::fputs("alert ip any any -> any any (sid:1;)\n", file);
  std::fclose(file);
  const Result<Loaded> result = load(std::vector<std::string>{path, path}, variables(), {});
  std::remove(path.c_str());
  REQUIRE(result.ok());
  CHECK(result.value().report.loaded == 1);
  CHECK(result.value().report.rejected.size() == 1);
}

TEST_CASE("a window that streams cannot hold is an error") {
  CHECK_FALSE(load_text("t", "", {}, Options{1, 0}).ok());
  CHECK_FALSE(load_text("t", "", {}, Options{1, 65'536}).ok());
}
