#include <string>

#include "rules/load.h"
#include "support/catch.h"
#include "truth/literal_index.h"
#include "truth/rule_scope.h"
#include "truth/specimen.h"
#include "truth/stream_truth.h"

using namespace mirrorscan;
using namespace mirrorscan::truth;

namespace {

rules::Loaded load(const std::string& text) {
  auto loaded = rules::load_text("t.rules", text, {}, {});
  REQUIRE(loaded.ok());
  for (const auto& remark : loaded.value().report.rejected) UNSCOPED_INFO(remark.text());
  REQUIRE(loaded.value().report.rejected.empty());
  return std::move(loaded).value();
}

std::optional<Specimen> specimen(const std::string& header, const std::string& options,
                                 std::size_t most = 1'400) {
  const auto loaded = load("alert " + header + " (" + options + " sid:1;)");
  const auto& rule = loaded.ruleset->rules[0];
  return specimen_of(rule, plain_rule(rule), most, 7);
}

std::string bytes(const std::string& header, const std::string& options) {
  const auto found = specimen(header, options);
  return found ? found->bytes : "none";
}

std::optional<Scene> scene(const std::string& header, const std::string& options = "") {
  const auto loaded = load("alert " + header + " (" + options + " content:\"a\"; sid:1;)");
  return scene_of(loaded.ruleset->rules[0], 0);
}

constexpr const char* kTcpAny = "tcp any any -> any any";
constexpr const char* kUdpAny = "udp any any -> any any";

}  // namespace

TEST_CASE("contents of a specimen stand in their order, as near as their modifiers allow") {
  CHECK(bytes(kTcpAny, "content:\"abc\"; content:\"de|00|\"; distance:2;") == std::string("abc..de\0", 8));
  CHECK(bytes(kTcpAny, "content:\"abc\"; content:\"d\"; within:4;") == "abcd");
  CHECK(bytes(kTcpAny, "content:\"abc\"; content:\"bc\"; distance:-2; within:2;") == "abc");
  CHECK(bytes(kUdpAny, "content:\"abc\"; offset:3; depth:9; content:\"x\"; startswith;") == "x..abc");
  CHECK(bytes(kUdpAny, "content:\"abc\"; endswith;") == "abc");
}

TEST_CASE("what a rule asks of lengths is so in its specimen") {
  CHECK(bytes(kUdpAny, "content:\"abc\"; dsize:>9;") == "abc.......");
  CHECK(bytes(kUdpAny, "content:\"abc\"; isdataat:4;") == "abc..");
  CHECK(bytes(kTcpAny, "content:\"abc\"; isdataat:4,relative;") == "abc....");
  CHECK(bytes(kUdpAny, "content:\"abc\"; isdataat:!1,relative;") == "abc");
}

TEST_CASE("a negated content is absent from the specimen, filler included") {
  const std::string found =
      bytes(kTcpAny, "content:\"abc\"; content:!\".\"; distance:0; within:5; content:\"z\"; distance:3;");
  CHECK(found == "abc~~~z");
}

TEST_CASE("a content without case comes in either") {
  const std::string found = bytes(kTcpAny, "content:\"abcdefghijklmnop\"; nocase;");
  CHECK(found != "abcdefghijklmnop");
  CHECK(found != "ABCDEFGHIJKLMNOP");
}

TEST_CASE("what matters in a specimen is from the first content's begin to the last one's end") {
  const auto found = specimen(kUdpAny, "content:\"abc\"; offset:3; content:\"z\"; distance:1; isdataat:20;");
  REQUIRE(found);
  CHECK(found->begin == 3);
  CHECK(found->end == 8);
  CHECK(found->bytes.size() == 21);
}

TEST_CASE("no specimen is given of a rule that contradicts itself or needs too much room") {
  CHECK_FALSE(specimen(kUdpAny, "content:\"abc\"; depth:3; content:\"abd\"; depth:3;"));
  CHECK_FALSE(specimen(kUdpAny, "content:\"abc\"; offset:1399;"));
  CHECK_FALSE(specimen(kUdpAny, "content:\"abc\"; content:!\"b\";"));
}

TEST_CASE("a scene has ports that the rule accepts, the client's above the server's") {
  const auto to_web = scene("tcp any any -> any [8080,8081]");
  REQUIRE(to_web);
  CHECK(to_web->server_port == 8080);
  CHECK(to_web->client_port == 0);
  CHECK(to_web->direction == Direction::to_server);
  const auto high = scene("tcp any any -> any 50001");
  REQUIRE(high);
  CHECK(high->client_port > 50'001);
  CHECK_FALSE(scene("udp any 1000 -> any 2000", "flow:to_server;"));
}

TEST_CASE("a rule for what a server says has its scene in that direction") {
  const auto by_ports = scene("tcp any 21 -> any any");
  REQUIRE(by_ports);
  CHECK(by_ports->direction == Direction::to_client);
  CHECK(by_ports->server_port == 21);
  const auto by_flow = scene("tcp any any -> any any", "flow:to_client;");
  REQUIRE(by_flow);
  CHECK(by_flow->direction == Direction::to_client);
}

TEST_CASE("the literal index finds each place of each literal in any case") {
  LiteralIndex index;
  index.add(1, "abcdef");
  index.add(2, "AbC");
  index.add(3, "c");
  index.add(4, "abcdxx");
  std::vector<std::pair<std::uint32_t, std::size_t>> found;
  index.scan("xABCdefabc", [&](const LiteralIndex::Found& f) { found.emplace_back(f.id, f.begin); });
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::pair<std::uint32_t, std::size_t>>{{1, 1}, {2, 1}, {2, 7}, {3, 3}, {3, 9}});
}

TEST_CASE("a stream rule is held against the bytes around its trigger, and no others") {
  const auto loaded = load(
      "alert tcp any any -> any any (content:\"trigger\"; content:\"xy\"; distance:1; within:4; sid:1;)");
  const auto& rules = *loaded.ruleset;
  const std::vector<PlainRule> plain = {plain_rule(rules.rules[0])};
  const std::vector<RuleFate> fates(1);
  const StreamTruth truth(rules, plain, fates);
  const auto ends = [&](const std::string& run) {
    std::vector<std::uint64_t> out;
    for (const StreamMatch& match : truth.in_run(run, 100)) out.push_back(match.end);
    return out;
  };
  CHECK(ends("..trigger.xy") == std::vector<std::uint64_t>{109});
  CHECK(ends("triggerxy").empty());
  CHECK(ends("trigger....xy").empty());
  CHECK(ends("triggertrigger..xy") == std::vector<std::uint64_t>{114});
}
