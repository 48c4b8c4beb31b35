#include "truth/stream_truth.h"

#include <algorithm>
#include <set>

#include "truth/rule_scope.h"

namespace mirrorscan::truth {

using signature::Rule;
using signature::RuleClass;
using signature::RuleIndex;

namespace {

/// Of a tracked connection: anchored rules that ask for the stream's start alone do not look at segments.
bool looks_at_segments(const Rule& rule) {
  if (rule.rule_class != RuleClass::anchored) return rule.rule_class == RuleClass::packet;
  return std::any_of(rule.payload.begin(), rule.payload.end(),
                     [](const auto& test) { return test->traits().on_segments; });
}

std::set<RuleIndex> candidates(const LiteralIndex& contents, std::string_view text) {
  std::set<RuleIndex> out;
  contents.scan(text, [&](const LiteralIndex::Found& found) { out.insert(found.id); });
  return out;
}

}  // namespace

bool matches_at(const Rule& rule, const PlainRule& plain, std::string_view run, std::size_t begin) {
  const NaiveTest& trigger = plain.tests[rule.trigger->test];
  const std::size_t end = begin + trigger.bytes.size();
  if (end > run.size()) return false;
  const std::size_t from = begin - std::min<std::size_t>(begin, rule.look_back);
  const std::size_t to = std::min(end + rule.look_ahead, run.size());
  NaivePayload piece;
  piece.bytes = run.substr(from, to - from);
  if (!stands_at(trigger, piece.bytes, static_cast<int>(begin - from))) return false;
  // A rule that asked where the stream begins or ends would not be of class stream.
  piece.from_start = piece.to_end = false;
  piece.pinned_test = rule.trigger->test;
  piece.pinned_end = static_cast<int>(end - from);
  return matches(plain.tests, piece);
}

StreamTruth::StreamTruth(const ruleset::Ruleset& rules, std::span<const PlainRule> plain,
                         std::span<const RuleFate> fates)
    : rules_(rules), plain_(plain) {
  for (RuleIndex i = 0; i < rules.rules.size(); ++i) {
    if (fates[i].fate == Fate::excluded) continue;
    const Rule& rule = rules.rules[i];
    const bool tcp = rule.header.protocols.numbers[kTcp], udp = rule.header.protocols.numbers[kUdp];
    const bool of_stream = rule.rule_class == RuleClass::stream;
    if (of_stream && rule.trigger) triggers_.add(i, plain[i].tests[rule.trigger->test].bytes);
    const auto longest = plain[i].longest_content();
    if (!longest) continue;
    const std::string& content = plain[i].tests[*longest].bytes;
    if (tcp && rule.rule_class == RuleClass::anchored) starts_.add(i, content);
    if (rule.scope == signature::Scope::stream || rule.flow.stream == signature::StreamMatch::only_stream)
      continue;
    if (tcp && looks_at_segments(rule)) segments_.add(i, content);
    if (udp) datagrams_.add(i, content);
  }
}

std::vector<StreamMatch> StreamTruth::in_run(std::string_view run, std::uint64_t offset) const {
  std::vector<StreamMatch> out;
  triggers_.scan(run, [&](const LiteralIndex::Found& found) {
    const Rule& rule = rules_.rules[found.id];
    if (!matches_at(rule, plain_[found.id], run, found.begin)) return;
    const std::size_t length = plain_[found.id].tests[rule.trigger->test].bytes.size();
    out.push_back({found.id, offset + found.begin, offset + found.begin + length});
  });
  return out;
}

std::vector<RuleIndex> StreamTruth::in_packet(const LiteralIndex& contents, std::string_view seen,
                                              std::size_t stated) const {
  const NaivePayload payload{std::string(seen), true, seen.size() == stated, std::nullopt, 0};
  std::vector<RuleIndex> out;
  for (const RuleIndex index : candidates(contents, seen))
    if (packet_tests_hold(rules_.rules[index], stated) && matches(plain_[index].tests, payload))
      out.push_back(index);
  return out;
}

std::vector<RuleIndex> StreamTruth::at_start(std::string_view bytes, After after) const {
  const NaivePayload payload{std::string(bytes), true, after == After::nothing, std::nullopt, 0};
  std::vector<RuleIndex> out;
  for (const RuleIndex index : candidates(starts_, bytes))
    if (matches(plain_[index].tests, payload)) out.push_back(index);
  return out;
}

}  // namespace mirrorscan::truth
