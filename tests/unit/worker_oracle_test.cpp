// Simple stream rules against a twin that looks at the whole stream at once.

#include <map>

#include "support/catch.h"
#include "support/conversation.h"
#include "support/mirror.h"
#include "support/naive_stream_rule.h"
#include "support/random_stream.h"
#include "support/worker_bench.h"

using namespace mirrorscan;
using namespace mirrorscan::support;

namespace {

using Second = NaiveStreamRule::Second;

std::string draw_letters(Random& random, std::size_t least, std::size_t most) {
  std::string out;
  for (std::size_t left = least + pick(random, most - least + 1); left > 0; --left)
    out += "abc"[pick(random, 3)];
  return out;
}

std::vector<NaiveStreamRule> draw_rules(Random& random, std::uint32_t count) {
  std::vector<NaiveStreamRule> out;
  for (std::uint32_t sid = 1; sid <= count; ++sid) {
    NaiveStreamRule rule;
    rule.sid = sid;
    rule.kind = static_cast<Second>(pick(random, 3));
    rule.first = draw_letters(random, 1, 9);
    rule.second = draw_letters(random, 1, 9);
    rule.distance = static_cast<int>(pick(random, 30)) - 12;
    rule.within = static_cast<int>(rule.second.size() + pick(random, pick(random, 2) == 0 ? 8 : 200));
    out.push_back(rule);
  }
  return out;
}

std::shared_ptr<const ruleset::Ruleset> compiled(std::vector<NaiveStreamRule>& rules) {
  std::string text;
  for (const NaiveStreamRule& rule : rules) text += rule.text();
  auto set = compile(text);
  for (const signature::Rule& rule : set->rules) {
    REQUIRE(rule.rule_class == signature::RuleClass::stream);
    REQUIRE(rule.trigger);
    rules[rule.sid - 1].triggered_by_second = rule.trigger->test == 1;
  }
  return set;
}

std::string draw_text(const std::vector<NaiveStreamRule>& rules, std::size_t size, Random& random) {
  std::string out;
  const std::size_t every = 1 + pick(random, 400);
  while (out.size() < size) {
    const NaiveStreamRule& rule = rules[pick(random, rules.size())];
    if (pick(random, every) != 0)
      out += "abcddddddddddddddddd"[pick(random, 20)];
    else
      out += rule.first + std::string(pick(random, 20), 'd') + rule.second;
  }
  out.resize(size);
  return out;
}

}  // namespace

TEST_CASE("a stream rule alerts in the windows in which its matches' triggers end, and in no others") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Random random(seed);
    std::vector<NaiveStreamRule> rules = draw_rules(random, 20);
    const auto set = compiled(rules);
    config::Config config = small_config(config::Profile::mirror);
    config.detect.max_pended_triggers = 1'000'000;
    WorkerBench bench(config, set);
    Timestamp now{1'000'000'000};
    for (int stream = 0; stream < 6; ++stream) {
      Conversation talk;
      for (std::string& text : talk.streams) text = draw_text(rules, pick(random, 10'000), random);
      take_turns(talk, random);
      Cut cut;
      if (stream % 2 == 1) cut = {.least = 1, .most = 200, .overlapping_pct = 5, .reorder = 8};
      std::vector<Frame> frames;
      for (const Bytes& inner : frames_of(talk, cut, random)) frames.push_back({Mirror().vxlan(inner), now});
      bench.feed(frames, 32);
      bench.finish();
      now.us += 1'000'000;
      std::vector<SeenAlert> expected;
      for (const NaiveStreamRule& rule : rules)
        for (const Direction d : {Direction::to_server, Direction::to_client})
          for (const std::uint64_t window : windows_of(rule, talk.streams[index_of(d)], set->window))
            expected.push_back({rule.sid, d, true, window});
      std::sort(expected.begin(), expected.end());
      const std::vector<SeenAlert> found = bench.take_alerts();
      std::vector<SeenAlert> lost, more;
      std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                          std::back_inserter(lost));
      std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                          std::back_inserter(more));
      const SeenAlert* first = !lost.empty() ? &lost.front() : !more.empty() ? &more.front() : nullptr;
      INFO("seed " << seed << ", stream " << stream << "; lost: " << text_of(lost) << "; more: "
                   << text_of(more) << "; first: " << (first == nullptr ? "" : rules[first->sid - 1].text()));
      CHECK(first == nullptr);
    }
    CHECK(bench.limits_hit() == "");
  }
}

TEST_CASE("a word that follows its own forbidden word does not stand in for the hit that is decided") {
  WorkerBench bench(
      small_config(config::Profile::mirror),
      compile("alert tcp any any -> any any (content:\"user=\"; content:!\"admin\"; distance:0; "
              "within:10; sid:1;)"));
  Conversation talk;
  talk.streams[0] = "user=adminuser=admin";
  talk.turns = {{Direction::to_server, 0, talk.streams[0].size()}};
  Random random(1);
  std::vector<Frame> frames;
  for (const Bytes& inner : frames_of(talk, {}, random)) frames.push_back({Mirror().vxlan(inner), {1'000}});
  bench.feed(frames, 32);
  bench.finish();
  CHECK(text_of(bench.take_alerts()) == "");
}
