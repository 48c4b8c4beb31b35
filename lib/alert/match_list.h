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
  /// Stream matches of rules with state: twice the stream bytes at which the rule is first decided as
  /// matched, if bytes came one at a time; one more if the stream's end, or a gap, after these bytes decides
  /// it.
  std::uint64_t position = 0;
  /// A match of the packet, of a rule with state, that shall not come again from the start of the stream.
  bool at_stream_start = false;
  enum class Outcome : std::uint8_t { holds, is_void };
  Outcome outcome = Outcome::holds;  ///< of its flow tests
};

class MatchList {
 public:
  MatchList(std::uint32_t budget, ledger::Counters& counters) : counters_(counters), budget_(budget) {
    matches_.reserve(budget);
  }

  void clear() noexcept {
    matches_.clear();
    has_state_ = false;
    of_packet_ = 0;
  }
  [[nodiscard]] bool empty() const noexcept { return matches_.empty(); }
  /// Beyond the budget a match is dropped and counted.
  void add(const Match& match) noexcept;
  /// A match of a rule with state: flow tests may void it, effects may change what others see. Those of
  /// streams have three quarters of the budget.
  void add_with_state(const Match& match) noexcept;
  [[nodiscard]] bool has_state() const noexcept { return has_state_; }
  /// The newest match; null when there is none.
  [[nodiscard]] const Match* newest() const noexcept { return matches_.empty() ? nullptr : &matches_.back(); }
  /// Sorts into the order in which matches take effect (a rule's index is its place in that order).
  void sort() noexcept;
  [[nodiscard]] const std::vector<Match>& matches() const noexcept { return matches_; }
  [[nodiscard]] std::vector<Match>& matches() noexcept { return matches_; }

 private:
  /// Counts where there is none.
  [[nodiscard]] bool has_room(std::uint32_t budget) noexcept;

  ledger::Counters& counters_;
  std::uint32_t budget_;
  std::vector<Match> matches_;
  std::uint32_t of_packet_ = 0;
  bool has_state_ = false;
};

/// No match of a `pass` in this direction.
inline constexpr std::uint64_t kNever = ~std::uint64_t{0};

enum class DropEndsFlow : std::uint8_t { no, yes };

/// What a match whose flow tests held may do: alert, or nothing but its effects on hosts (`noalert`, `pass`,
/// or a `pass` rule came before it).
enum class Telling : std::uint8_t {
  alert,
  silent,
  conditions_only,  ///< it is not settled yet: whether the conditions of its hosts hold, and nothing else
};

/// What the state of hosts says of it (threshold, xbits ...).
enum class HostAnswer : std::uint8_t {
  tell,
  not_now,    ///< it alerted often enough, or the host's owner tells it later: its action stands
  no_action,  ///< a condition does not hold, or it was not enough yet: neither does its action
  pass,       ///< not told, and nothing else of its packet
};

[[nodiscard]] inline Telling telling_of(const signature::Rule& rule) noexcept {
  const bool told = rule.action == signature::Action::pass ? rule.pass_alerts : !rule.noalert;
  return told ? Telling::alert : Telling::silent;
}

/// Applies the sorted matches, whose flow tests have held: calls settled(rule, match, telling) for each,
/// which gives the hosts' answer, and returns the verdict on the flow. A `pass` on a packet silences the
/// packet, one on the flow's addresses or its stream the flow. Of a stream only what ends with or after the
/// match of the `pass` is silenced, so that the answer does not depend on what one packet held.
template <class Settled>
[[nodiscard]] Verdict settle(const MatchList& list, const ruleset::Ruleset& rules,
                             DropEndsFlow drop_ends_flow, Settled&& settled) noexcept {
  using signature::Action;
  Verdict verdict = Verdict::none;
  bool packet_passed = false;
  std::array<std::uint64_t, kDirections> passed_after{kNever, kNever};
  for (const Match& match : list.matches()) {
    const signature::Rule& rule = rules.rules[match.rule];
    const bool stream = match.matched == Matched::stream;
    const bool whole_flow = rule.acts_on_flow || stream;
    std::uint64_t& passed = passed_after[index_of(match.direction)];
    if (packet_passed || (verdict == Verdict::passed && (!stream || match.stream_offset >= passed))) {
      settled(rule, match, Telling::silent);
      continue;
    }
    const HostAnswer answer = settled(rule, match, telling_of(rule));
    if (answer == HostAnswer::no_action) continue;
    if (answer == HostAnswer::pass) {
      packet_passed |= !stream;
    } else if (rule.action == Action::pass) {
      if (whole_flow) verdict = Verdict::passed;
      if (stream)
        passed = std::min(passed, match.stream_offset);
      else
        packet_passed = true;
    } else if (rule.action != Action::alert && whole_flow && drop_ends_flow == DropEndsFlow::yes &&
               verdict == Verdict::none) {
      verdict = Verdict::dropped;
    }
  }
  return verdict;
}

}  // namespace mirrorscan::alert
