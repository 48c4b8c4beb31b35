#pragma once
// The rule matches of one packet, and what they amount to once all are known: pass rules first, then drop,
// reject, alert (Suricata's order of actions), each rule at most once a packet and once a stream window.

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "alert/flow_state.h"
#include "alert/subject.h"
#include "ledger/counter.h"
#include "ruleset/ruleset.h"

namespace mirrorscan::alert {

struct Match {
  signature::RuleIndex rule = 0;
  Matched matched = Matched::packet;
  Direction direction = Direction::to_server;
  std::uint64_t stream_offset = 0;  ///< of the trigger's end, for stream matches
};

class MatchList {
 public:
  MatchList(std::uint32_t budget, ledger::Counters& counters) : counters_(counters), budget_(budget) {
    matches_.reserve(budget);
  }

  void clear() noexcept { matches_.clear(); }
  [[nodiscard]] bool empty() const noexcept { return matches_.empty(); }
  /// Beyond the budget a match is dropped and counted.
  void add(const Match& match) noexcept;
  /// Sorts into the order in which matches take effect (a rule's index is its place in that order).
  void sort() noexcept;
  [[nodiscard]] const std::vector<Match>& matches() const noexcept { return matches_; }

 private:
  ledger::Counters& counters_;
  std::uint32_t budget_;
  std::vector<Match> matches_;
};

/// No match of a `pass` in this direction.
inline constexpr std::uint64_t kNever = ~std::uint64_t{0};

enum class DropEndsFlow : std::uint8_t { no, yes };

/// Applies the sorted matches: calls tell(rule, match) for each alert and returns the verdict on the flow. A
/// `pass` on a packet silences the packet, one on the flow's addresses or its stream the flow. Of a stream
/// only what ends after the match of the `pass` is silenced, so that the answer does not depend on what one
/// packet held.
template <class Tell>
[[nodiscard]] Verdict settle(const MatchList& list, const ruleset::Ruleset& rules,
                             DropEndsFlow drop_ends_flow, Tell&& tell) noexcept {
  Verdict verdict = Verdict::none;
  std::array<std::uint64_t, kDirections> passed_after{kNever, kNever};
  for (const Match& match : list.matches()) {
    const signature::Rule& rule = rules.rules[match.rule];
    const bool stream = match.matched == Matched::stream;
    const bool whole_flow = rule.rule_class == signature::RuleClass::ip_only || stream;
    std::uint64_t& passed = passed_after[index_of(match.direction)];
    if (rule.action == signature::Action::pass) {
      if (!stream) return whole_flow ? Verdict::passed : verdict;
      passed = std::min(passed, match.stream_offset);
      verdict = Verdict::passed;
      continue;
    }
    if (verdict == Verdict::passed && (!stream || match.stream_offset > passed)) continue;
    if (!rule.noalert) tell(rule, match);
    if (rule.action == signature::Action::drop && whole_flow && drop_ends_flow == DropEndsFlow::yes &&
        verdict == Verdict::none)
      verdict = Verdict::dropped;
  }
  return verdict;
}

}  // namespace mirrorscan::alert
