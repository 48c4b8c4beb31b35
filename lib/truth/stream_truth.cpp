#include "truth/stream_truth.h"

#include <algorithm>
#include <set>

#include "truth/rule_scope.h"

namespace mirrorscan::truth {

using signature::Rule;
using signature::RuleClass;
using signature::RuleIndex;

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
    if (rule.rule_class == RuleClass::stream && rule.trigger)
      triggers_.add(i, plain[i].tests[rule.trigger->test].bytes);
    if (!rule.header.protocols.numbers[kUdp] || rule.scope == signature::Scope::stream) continue;
    if (rule.flow.stream == signature::StreamMatch::only_stream) continue;
    if (const auto longest = plain[i].longest_content()) datagrams_.add(i, plain[i].tests[*longest].bytes);
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

std::vector<RuleIndex> StreamTruth::in_datagram(std::string_view seen, std::size_t stated) const {
  std::set<RuleIndex> candidates;
  datagrams_.scan(seen, [&](const LiteralIndex::Found& found) { candidates.insert(found.id); });
  const NaivePayload payload{std::string(seen), true, seen.size() == stated, std::nullopt, 0};
  std::vector<RuleIndex> out;
  for (const RuleIndex index : candidates)
    if (packet_tests_hold(rules_.rules[index], stated) && matches(plain_[index].tests, payload))
      out.push_back(index);
  return out;
}

}  // namespace mirrorscan::truth
