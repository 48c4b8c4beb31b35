#pragma once
// The rule matches of one packet, and what they amount to once all are known: pass rules first, then drop,
// reject, alert (Suricata's order of actions), each rule at most once a packet and once a stream window.

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

enum class DropEndsFlow : std::uint8_t { no, yes };

/// Applies the sorted matches: calls tell(rule, match) for each alert, stops at a `pass`, and returns the
/// verdict on the flow: `pass` and `drop` act on the whole flow when they matched its addresses or its
/// stream.
template <class Tell>
[[nodiscard]] Verdict settle(const MatchList& list, const ruleset::Ruleset& rules,
                             DropEndsFlow drop_ends_flow, Tell&& tell) noexcept {
  Verdict verdict = Verdict::none;
  for (const Match& match : list.matches()) {
    const signature::Rule& rule = rules.rules[match.rule];
    const bool whole_flow =
        rule.rule_class == signature::RuleClass::ip_only || match.matched == Matched::stream;
    if (rule.action == signature::Action::pass) return whole_flow ? Verdict::passed : verdict;
    if (!rule.noalert) tell(rule, match);
    if (rule.action == signature::Action::drop && whole_flow && drop_ends_flow == DropEndsFlow::yes)
      verdict = Verdict::dropped;
  }
  return verdict;
}

}  // namespace mirrorscan::alert
