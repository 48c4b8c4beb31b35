#include "exporter/report_json.h"
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/parse_json.h"

using namespace mirrorscan;
using namespace mirrorscan::exporter;

namespace {

ruleset::Report report() {
  ruleset::Report out;
  out.rules = 3;
  out.loaded = 2;
  out.by_class = {0, 1, 0, 1};
  out.rejected.push_back({"a.rules", 7, 12, "keyword \"x\" is not supported", "remove it"});
  out.warnings.push_back({"a.rules", 8, {}, "a\xff", ""});
  ruleset::Explanation stream;
  stream.sid = 1;
  stream.rev = 4;
  stream.msg = "banner";
  stream.file = "a.rules";
  stream.line = 1;
  stream.rule_class = signature::RuleClass::stream;
  stream.trigger = "content \"SSH\"";
  stream.tests = {"content \"SSH\""};
  stream.trigger_buffer = "payload";
  stream.look_ahead = 9;
  stream.pcres = {{"pcre \"/a/\"", "PCRE2 JIT", "because"}};
  stream.costly = {"it is"};
  stream.scans[0][static_cast<std::size_t>(ruleset::ScanKind::tcp_stream)] = true;
  ruleset::Explanation packet;
  packet.sid = 2;
  packet.rule_class = signature::RuleClass::packet;
  out.explanations = {stream, packet};
  return out;
}

}  // namespace

TEST_CASE("a load's counts and coverage are in its JSON") {
  const Json json = parse_json(report_json(report()));
  CHECK(json["rules"] == 3);
  CHECK(json["rules_loaded"] == 2);
  CHECK(json["rules_failed"] == 1);
  CHECK(json["coverage_pct"] == 66.66);
  CHECK(json["by_class"] == parse_json(R"({"ip_only": 0, "packet": 1, "anchored": 0, "stream": 1})"));
}

TEST_CASE("where there are no rules there is no coverage") {
  CHECK(parse_json(report_json({}))["coverage_pct"].is_null());
}

TEST_CASE("a rejected rule has file, line, sid, reason and remedy, as far as they are known") {
  const Json json = parse_json(report_json(report()));
  CHECK(json["rejected"] == parse_json(R"([{"file": "a.rules", "line": 7, "sid": 12,
                                             "reason": "keyword \"x\" is not supported", "remedy": "remove it"}])"));
  REQUIRE(json["warnings"].size() == 1);
  CHECK_FALSE(json["warnings"][0].contains("sid"));
  CHECK_FALSE(json["warnings"][0].contains("remedy"));
  CHECK(json["warnings"][0]["reason"] == "a\xef\xbf\xbd");
}

TEST_CASE("the reasons of rejected rules are counted, the most frequent first") {
  ruleset::Report two = report();
  two.rejected.insert(two.rejected.begin(), {"a.rules", 6, 11, "another", ""});
  two.rejected.push_back({"a.rules", 9, 13, "keyword \"x\" is not supported", ""});
  CHECK(
      parse_json(report_json(two))["reasons"] ==
      parse_json(
          R"([{"reason": "keyword \"x\" is not supported", "rules": 2}, {"reason": "another", "rules": 1}])"));
}

TEST_CASE("a loaded rule says how it is looked for") {
  const Json json = parse_json(report_json(report()));
  REQUIRE(json["loaded"].size() == 2);
  CHECK(json["loaded"][0] == parse_json(R"({"gid": 1, "sid": 1, "rev": 4, "msg": "banner", "file": "a.rules",
      "line": 1, "class": "stream", "trigger": "content \"SSH\"", "trigger_buffer": "payload", "prefilter": false, "tests": ["content \"SSH\""],
      "look_back": 0, "look_ahead": 9, "runs_on": ["stream"],
      "scans": {"to_server": ["tcp_stream"], "to_client": []},
      "pcre": [{"test": "pcre \"/a/\"", "engine": "PCRE2 JIT", "why": "because"}], "costly": ["it is"]})"));
  CHECK_FALSE(json["loaded"][1].contains("trigger"));
  CHECK_FALSE(json["loaded"][1].contains("look_ahead"));
}
