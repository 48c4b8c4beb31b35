#include <algorithm>
#include <filesystem>
#include <fstream>

#include "rules/host_homes.h"
#include "rules/host_text.h"
#include "rules/load.h"
#include "rules/reader.h"
#include "rules/threshold_file.h"
#include "support/catch.h"

using namespace mirrorscan;
using signature::HostOwner;
using signature::Rule;
using signature::Suppression;
using signature::ThresholdKind;

namespace {

constexpr const char* kRules = R"(
alert udp any any -> any any (content:"x"; sid:1;)
alert udp any any -> any any (content:"x"; threshold:type limit,track by_src,count 2,seconds 100; sid:2;)
alert udp any any -> any any (content:"x"; detection_filter:track by_src,count 3,seconds 100; sid:3;)
alert udp any any -> any any (content:"x"; gid:5; sid:4;)
)";

/// The rules after the lines of a threshold file.
struct After {
  explicit After(std::string_view lines) {
    variables.addresses = {{"HOME_NET", "[10.0.0.0/8]"}};
    rules::Reader reader(variables);
    reader.read("rules", kRules);
    all = reader.take_rules();
    rules::apply_threshold_file("th", lines, variables, all, report);
  }
  [[nodiscard]] const signature::HostPart& of(std::uint32_t sid) const {
    return std::find_if(all.begin(), all.end(), [&](const Rule& r) { return r.sid == sid; })->host;
  }
  [[nodiscard]] std::string errors() const {
    std::string out;
    for (const auto& remark : report.bad_lines) out += remark.text() + "\n";
    return out;
  }
  [[nodiscard]] bool suppressed(std::uint32_t sid) const { return !of(sid).suppressions.empty(); }

  rules::Variables variables;
  std::vector<Rule> all;
  ruleset::Report report;
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// Owners of the rules' state.
std::vector<Rule> with_homes(const std::string& text) {
  rules::Variables none;
  rules::Reader reader(none);
  reader.read("rules", text);
  auto all = reader.take_rules();
  rules::assign_host_homes(all);
  return all;
}

}  // namespace

TEST_CASE("suppress names a rule, the rules of a group, or all") {
  CHECK(After("suppress gen_id 1, sig_id 1").suppressed(1));
  CHECK_FALSE(After("suppress gen_id 1, sig_id 1").suppressed(2));
  const After group("suppress gen_id 5, sig_id 0");
  CHECK(group.suppressed(4));
  CHECK_FALSE(group.suppressed(1));
  const After all("suppress gen_id 0, sig_id 0");
  for (const std::uint32_t sid : {1U, 2U, 3U, 4U}) CHECK(all.suppressed(sid));
}

TEST_CASE("suppress takes addresses as rules write them, with and without brackets") {
  for (const char* ip :
       {"10.0.0.1", "[10.0.0.1,10.0.0.9]", "10.0.0.9,10.0.0.1", "10.0.0.0/24", "$HOME_NET"}) {
    const After after(std::string("suppress gen_id 1,sig_id 1,track by_dst,ip ") + ip);
    INFO(after.errors());
    REQUIRE(after.suppressed(1));
    const Suppression& s = after.of(1).suppressions[0];
    CHECK(s.track == Suppression::Track::by_dst);
    CHECK(s.addresses.contains(IpVersion::v4, IpAddress::v4(10, 0, 0, 1)));
    CHECK_FALSE(s.addresses.contains(IpVersion::v4, IpAddress::v4(11, 0, 0, 1)));
  }
}

TEST_CASE("threshold and event_filter of one rule replace what it has, those of all do not") {
  const std::string limit = ", type both, track by_dst, count 7, seconds 60";
  for (const char* command : {"threshold", "event_filter"})
    for (const std::uint32_t sid : {1U, 2U, 3U}) {
      const After after(std::string(command) + " gen_id 1, sig_id " + std::to_string(sid) + limit);
      REQUIRE(after.of(sid).threshold);
      CHECK(after.of(sid).threshold->kind == ThresholdKind::both);
      CHECK(after.of(sid).threshold->count == 7);
    }
  const After all("threshold gen_id 0, sig_id 0" + limit);
  CHECK(all.of(1).threshold->kind == ThresholdKind::both);
  CHECK(all.of(4).threshold->kind == ThresholdKind::both);
  CHECK(all.of(2).threshold->kind == ThresholdKind::limit);
  CHECK(all.of(3).threshold->kind == ThresholdKind::detection_filter);
  REQUIRE(all.report.warnings.size() == 1);
  CHECK(has(all.report.warnings[0].text(), "2 of 4 rules keep"));
}

TEST_CASE("rate_filter is for rules without a threshold") {
  const std::string rate = ", track by_rule, count 2, seconds 60, new_action pass, timeout 10";
  const After one("rate_filter gen_id 1, sig_id 1" + rate);
  REQUIRE(one.of(1).threshold);
  CHECK(one.of(1).threshold->kind == ThresholdKind::rate_filter);
  CHECK(one.of(1).threshold->timeout_s == 10);
  CHECK(one.of(1).threshold->silent_beyond_rate);
  CHECK(After("rate_filter gen_id 1, sig_id 2" + rate).of(2).threshold->kind == ThresholdKind::limit);
}

TEST_CASE("each bad line is one error with its file and line, and the others count") {
  const After after(
      "# a comment\n"
      "bogus gen_id 1, sig_id 1\n"
      "suppress gen_id 0, sig_id 1\n"
      "suppress gen_id 1, sig_id 1, track by_src\n"
      "suppress gen_id 1, sig_id 1, track by_rule, ip 1.1.1.1\n"
      "suppress gen_id 1, sig_id 1, track by_src, ip bogus\n"
      "suppress gen_id x, sig_id 1\n"
      "threshold gen_id 1, sig_id 1\n"
      "threshold gen_id 1, sig_id 1, type limit, track by_src, count 0, seconds 60\n"
      "rate_filter gen_id 1, sig_id 1, track by_src, count 1, seconds 60, new_action bogus, timeout 1\n"
      "suppress gen_id 1, \\\n  sig_id 4294967296\n"
      "suppress gen_id 1, sig_id 2\n"
      "suppress gen_id 1, sig_id 77\n");
  CHECK(after.report.bad_lines.size() == 10);
  for (std::size_t i = 0; i < 10; ++i) CHECK(after.report.bad_lines[i].line == i + 2);
  CHECK(has(after.errors(), "th:2: 'bogus' is not known; write suppress"));
  CHECK(has(after.errors(), "th:9: count: 0 is out of range"));
  CHECK(after.suppressed(2));
  REQUIRE(after.report.warnings.size() == 1);
  CHECK(has(after.report.warnings[0].text(), "th:14: no rule is meant"));
}

TEST_CASE("a threshold file that cannot be read fails the load") {
  rules::Options options;
  options.threshold_file = "/nonexistent/threshold.config";
  const auto loaded = rules::load_text("rules", kRules, {}, options);
  REQUIRE_FALSE(loaded.ok());
  CHECK(has(loaded.error().text(), "threshold.config"));
}

TEST_CASE("a rule's state is at its host's owner, and in one home where it asks for two hosts") {
  const auto all = with_homes(
      "alert ip any any -> any any (xbits:set,a,track ip_src; sid:1;)\n"
      "alert ip any any -> any any (hostbits:isset,a,dst; sid:2;)\n"
      "alert ip any any -> any any (xbits:set,b,track ip_src; threshold:type limit,track by_dst,count "
      "1,seconds 1; sid:3;)\n"
      "alert ip any any -> any any (xbits:isset,b,track ip_dst; sid:4;)\n"
      "alert ip any any -> any any (xbits:isset,b,track ip_pair; sid:5;)\n"
      "alert ip any any -> any any (threshold:type limit,track by_rule,count 1,seconds 1; sid:6;)\n");
  REQUIRE(all.size() == 6);
  CHECK(all[0].host.owner == HostOwner::src);
  CHECK(all[1].host.owner == HostOwner::dst);
  CHECK(all[0].host.effects[0].id == all[1].host.conditions[0].id);
  CHECK(all[2].host.owner == HostOwner::home);
  CHECK(all[3].host.owner == HostOwner::home);
  CHECK(all[3].host.home == all[2].host.home);
  CHECK(all[4].host.owner == HostOwner::pair);  // a bit of pairs is another one than that of hosts
  CHECK(all[4].host.conditions[0].id != all[3].host.conditions[0].id);
  CHECK(all[5].host.owner == HostOwner::home);
}

TEST_CASE("what a rule asks of hosts is told in the words of its options") {
  using Texts = std::vector<std::string>;
  const auto all = with_homes(
      "alert ip any any -> any any (xbits:isset,a,track ip_pair; hostbits:set,b,dst; "
      "threshold:type limit,track by_src,count 1,seconds 60; sid:1;)\n"
      "alert ip any any -> any any (detection_filter:track by_rule,count 2,seconds 3; sid:2;)\n");
  CHECK(rules::describe(all[0].host) == Texts{"xbits isset,a,track ip_pair",
                                              "xbits set,b,track ip_dst,expire 300",
                                              "threshold type limit, track by_src, count 1, seconds 60"});
  CHECK(rules::describe(all[1].host) == Texts{"detection_filter track by_rule, count 2, seconds 3"});
  const After after(
      "suppress gen_id 1, sig_id 1, track by_src, ip 10.0.0.1\n"
      "rate_filter gen_id 1, sig_id 1, track by_src, count 2, seconds 60, new_action pass, timeout 9\n");
  CHECK(rules::describe(after.of(1)) ==
        Texts{"suppress by source",
              "rate_filter track by_src, count 2, seconds 60, timeout 9, new_action pass"});
}
