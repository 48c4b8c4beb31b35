// All rules of class stream that the test data has, on random streams with their matches and near misses
// planted in them, cut and reordered at random: the worker gives the answer of the oracle, which looks at
// whole streams. MIRRORSCAN_LONG=1 takes more streams.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "alert/subject.h"
#include "rules/load.h"
#include "support/catch.h"
#include "support/conversation.h"
#include "support/mirror.h"
#include "support/stream_oracle.h"
#include "support/worker_bench.h"
#include "truth/specimen.h"

using namespace mirrorscan;
using namespace mirrorscan::support;

namespace {

constexpr std::uint32_t kFirstSid = 1;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

rules::Loaded load(const std::string& text) {
  auto loaded = rules::load_text("oracle.rules", text, {}, {});
  if (!loaded) FAIL(loaded.error().text());
  return std::move(loaded).value();
}

/// The rules with any addresses and ports and sids from kFirstSid on: those that hold state left out.
std::vector<std::string> plain_lines(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t open = line.find('(');
    std::istringstream head(line.substr(0, open));
    std::string action, protocol;
    if (open == std::string::npos || !(head >> action >> protocol) || action != "alert") continue;
    const auto has = [&](const char* word) { return line.find(word) != std::string::npos; };
    if (has("flowbits") || has("flowint") || has("xbits") || has("hostbits") || has("threshold") ||
        has("detection_filter") || has("tag:") || has("noalert"))
      continue;
    const std::size_t sid = line.rfind("sid:");
    if (sid == std::string::npos) continue;
    const std::size_t end = line.find(';', sid);
    out.push_back(action + " " + protocol + " any any -> any any " + line.substr(open, sid - open) +
                  "sid:" + std::to_string(kFirstSid + out.size()) + line.substr(end));
  }
  return out;
}

/// Those of them that the oracle can speak about, compiled.
std::shared_ptr<const ruleset::Ruleset> understood(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  const rules::Loaded every = load(all);
  const StreamOracle oracle(*every.ruleset);
  std::string chosen;
  for (signature::RuleIndex i = 0; i < every.ruleset->rules.size(); ++i)
    if (oracle.understands(i)) chosen += lines[every.ruleset->rules[i].sid - kFirstSid] + "\n";
  return std::move(load(chosen).ruleset);
}

/// What the rule looks for, or its contents with random distances between them.
std::string planted(const signature::Rule& rule, Random& random) {
  const truth::PlainRule plain = truth::plain_rule(rule);
  if (plain.not_understood.empty() && pick(random, 3) != 0)
    if (const auto specimen = truth::specimen_of(rule, plain, 2'000, random())) return specimen->bytes;
  std::string out;
  for (const auto& test : rule.payload) {
    std::string word = test->traits().literal;
    if (!word.empty() && pick(random, 8) == 0) word[pick(random, word.size())] ^= 1;
    out += word + std::string(pick(random, 2) == 0 ? 0 : pick(random, 60), "a \r\n0"[pick(random, 5)]);
  }
  return out;
}

std::string draw_stream(const ruleset::Ruleset& set, std::size_t size, Random& random) {
  std::string out;
  while (out.size() < size) {
    if (pick(random, 30) == 0) out += planted(set.rules[pick(random, set.rules.size())], random);
    out += "abcd 0123\r\n/:=\xff%"[pick(random, 17)];
  }
  out.resize(size);
  return out;
}

alert::Subject subject_of(Direction d) {
  alert::Subject s;
  s.version = IpVersion::v4;
  s.protocol = 6;
  s.direction = d;
  s.established = true;
  const bool forward = d == Direction::to_server;
  s.src_port = forward ? 40'000 : 80;
  s.dst_port = forward ? 80 : 40'000;
  s.src = IpAddress::v4(10, 0, 0, forward ? 1 : 2);
  s.dst = IpAddress::v4(10, 0, 0, forward ? 2 : 1);
  return s;
}

std::vector<SeenAlert> expected_of(const ruleset::Ruleset& set, StreamOracle& oracle,
                                   const Conversation& talk) {
  std::vector<SeenAlert> out;
  for (signature::RuleIndex i = 0; i < set.rules.size(); ++i)
    for (const Direction d : {Direction::to_server, Direction::to_client})
      if (alert::applies(set.rules[i], subject_of(d), alert::Matched::stream))
        for (const std::uint64_t window : oracle.windows(i, talk.streams[index_of(d)]))
          out.push_back({set.rules[i].sid, d, true, window});
  std::sort(out.begin(), out.end());
  return out;
}

Cut draw_cut(Random& random) {
  switch (pick(random, 3)) {
    case 0: return {};
    case 1: return {.least = 1, .most = 20, .retransmitted_pct = 5, .overlapping_pct = 5, .reorder = 16};
    default: return {.least = 1, .most = 1'460, .retransmitted_pct = 5, .overlapping_pct = 20, .reorder = 16};
  }
}

/// Alerts compared.
std::size_t compare(const std::string& name, const std::vector<std::string>& lines, int streams,
                    std::uint64_t seed) {
  const auto set = understood(lines);
  if (set->rules.empty()) return 0;
  StreamOracle oracle(*set);
  config::Config config = small_config(config::Profile::mirror);
  config.detect.max_pended_triggers = 1'000'000;
  config.detect.max_remembered_alerts = 200'000;
  config.detect.max_rule_steps_per_second = config.detect.max_steps_per_second = 0;
  WorkerBench bench(config, set);
  Timestamp now{1'000'000'000};
  Random random(seed);
  std::size_t compared = 0;
  for (int i = 0; i < streams; ++i) {
    Conversation talk;
    for (std::string& stream : talk.streams) stream = draw_stream(*set, pick(random, 12'000), random);
    take_turns(talk, random);
    const Cut cut = draw_cut(random);
    std::vector<Frame> frames;
    for (const Bytes& inner : frames_of(talk, cut, random)) frames.push_back({Mirror().vxlan(inner), now});
    bench.feed(frames, 32);
    bench.finish();
    now.us += 1'000'000;
    const std::vector<SeenAlert> expected = expected_of(*set, oracle, talk), found = bench.take_alerts();
    std::vector<SeenAlert> lost, more;
    std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                        std::back_inserter(lost));
    std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                        std::back_inserter(more));
    const SeenAlert* first = !lost.empty() ? &lost.front() : !more.empty() ? &more.front() : nullptr;
    INFO(name << ", seed " << seed << ", stream " << i << "; " << cut.text() << "; lost: " << text_of(lost)
              << "; more: " << text_of(more) << "; limits: " << bench.limits_hit()
              << "; first: " << (first == nullptr ? "" : lines[first->sid - kFirstSid]));
    CHECK(first == nullptr);
    compared += expected.size();
  }
  return compared;
}

int times(int few) {
  return std::getenv("MIRRORSCAN_LONG") != nullptr ? 50 * few : few;
}

std::filesystem::path testdata() {
  const char* root = std::getenv("MIRRORSCAN_TESTDATA");
  return root == nullptr ? "" : root;
}

void skipped() {
  WARN("SKIPPED: no test data");
}

}  // namespace

TEST_CASE("the rules that all captures share give the oracle's answer on random streams") {
  const auto lines = plain_lines(read_file(MIRRORSCAN_SOURCE_ROOT "/tests/e2e/recut.rules"));
  CHECK(compare("recut.rules", lines, times(10), 1) > 100);
}

TEST_CASE("the corpus' rules of class stream give the oracle's answer on random streams") {
  if (!std::filesystem::exists(testdata() / "corpus")) return skipped();
  std::size_t compared = 0;
  for (const char* tier : {"T1", "T2"})
    for (const auto& folder : std::filesystem::directory_iterator(testdata() / "corpus" / tier))
      compared += compare(folder.path().filename(), plain_lines(read_file(folder.path() / "test.rules")),
                          times(2), 2);
  CHECK(compared > 100);
}

TEST_CASE("ET Open's rules of class stream give the oracle's answer on random streams") {
  const auto file = testdata() / "rules" / "et-open-composite.rules";
  if (!std::filesystem::exists(file)) return skipped();
  CHECK(compare("ET Open", plain_lines(read_file(file)), times(8), 3) > 100);
}
