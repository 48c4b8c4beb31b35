#pragma once
// What rules may cost one lcore: steps of evaluation in a second of packet time, for each rule and for all
// together. Rules beyond it are suspended for a time, so that none can stall the lcore. Steps are counted,
// and not cycles, so that a replay gives the same answer each time.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "alert/generation.h"
#include "base/timestamp.h"
#include "ledger/counter.h"
#include "record/record.h"

namespace mirrorscan::alert {

/// What the operator is told, once.
struct Suspension {
  signature::RuleIndex rule = 0;
  std::uint32_t generation = 0;
  record::SuspensionBody body;
};

class RuleBudgets {
 public:
  struct Limits {
    std::uint64_t rule_steps = 10'000'000;  ///< of one rule in a second; 0 = no limit
    std::uint64_t all_steps = 100'000'000;  ///< of all rules in a second; 0 = no limit
    std::uint32_t suspension_s = 60;
  };
  RuleBudgets(const Limits& limits, ledger::Counters& counters) noexcept;

  /// The time of what is inspected next. An older one than before changes nothing.
  void at(Timestamp now) noexcept {
    if (now.us <= now_us_) return;
    now_us_ = now.us;
    if (now_us_ >= second_end_us_) begin_second();
  }

  /// Calls consider(rule) for each rule that waits for the pattern and is not suspended. A pattern all of
  /// whose rules are suspended costs one look.
  template <class Consider>
  void each_rule(Generation& generation, const match::Database& database,
                 std::vector<Generation::PatternMark>& marks, std::uint32_t pattern,
                 Consider&& consider) noexcept {
    const auto rules = database.rules_of(pattern);
    if (now_us_ >= last_until_us_) [[likely]] {
      for (const signature::RuleIndex rule : rules) consider(rule);
      return;
    }
    std::int64_t& quiet_until_us = marks[pattern].quiet_until_us;
    if (now_us_ < quiet_until_us) return counters_.add(ledger::Counter::evaluations_skipped, rules.size());
    std::int64_t until = std::numeric_limits<std::int64_t>::max();
    for (const signature::RuleIndex rule : rules) {
      if (suspended(generation, rule)) {
        until = std::min(until, generation.budgets[rule].suspended_until_us);
        counters_.add(ledger::Counter::evaluations_skipped);
      } else {
        until = 0;
        consider(rule);
      }
    }
    quiet_until_us = until;
  }

  [[nodiscard]] bool suspended(const Generation& generation, signature::RuleIndex rule) const noexcept {
    return now_us_ < last_until_us_ && now_us_ < generation.budgets[rule].suspended_until_us;
  }
  /// The same, and counts an evaluation that is not made.
  [[nodiscard]] bool skips(const Generation& generation, signature::RuleIndex rule) noexcept {
    if (!suspended(generation, rule)) return false;
    counters_.add(ledger::Counter::evaluations_skipped);
    return true;
  }

  /// The rule took so many steps. Suspends it, or the costliest rules, when a budget is used up.
  void charge(Generation& generation, signature::RuleIndex rule, std::uint64_t steps) noexcept {
    Generation::Budget& budget = generation.budgets[rule];
    if (budget.second_end_us != second_end_us_) {
      budget.second_end_us = second_end_us_;
      budget.steps = 0;
    }
    counters_.add(ledger::Counter::evaluation_steps, steps);
    budget.steps += steps;
    all_steps_ += steps;
    if (budget.steps > limits_.rule_steps) [[unlikely]]
      suspend_one(generation, rule);
    if (all_steps_ > allowance_) [[unlikely]]
      suspend_costliest(generation);
  }

  /// What was suspended since the last call and is to be told; nullopt when that is all.
  [[nodiscard]] std::optional<Suspension> take_suspension() noexcept;

 private:
  static constexpr std::size_t kUntold = 16;  ///< of one packet; more are told as one

  void begin_second() noexcept;
  void suspend(Generation::Budget& budget) noexcept;
  void suspend_one(Generation& generation, signature::RuleIndex rule) noexcept;
  void suspend_costliest(Generation& generation) noexcept;
  void tell(const Suspension& suspension) noexcept;

  Limits limits_;
  ledger::Counters& counters_;
  std::int64_t now_us_ = 0;
  std::int64_t second_end_us_ = 0;  ///< names the second
  std::int64_t last_until_us_ = 0;  ///< when the last suspension ends
  std::uint64_t all_steps_ = 0;     ///< of this second, or since rules were last suspended in it
  std::uint64_t allowance_ = 0;     ///< for all_steps_
  std::array<Suspension, kUntold> untold_{};
  std::size_t untold_count_ = 0, told_count_ = 0;
};

}  // namespace mirrorscan::alert
