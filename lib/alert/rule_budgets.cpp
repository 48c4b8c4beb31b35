#include "alert/rule_budgets.h"

namespace mirrorscan::alert {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

[[nodiscard]] std::uint64_t limit_of(std::uint64_t setting) noexcept {
  return setting == 0 ? kNoLimit : setting;
}

}  // namespace

RuleBudgets::RuleBudgets(const Limits& limits, ledger::Counters& counters) noexcept
    : limits_(limits), counters_(counters), allowance_(limit_of(limits.all_steps)) {
  limits_.rule_steps = limit_of(limits.rule_steps);
  limits_.all_steps = limit_of(limits.all_steps);
}

void RuleBudgets::begin_second() noexcept {
  second_end_us_ = (now_us_ / kSecond + 1) * kSecond;
  all_steps_ = 0;
  allowance_ = limits_.all_steps;
}

void RuleBudgets::suspend(Generation::Budget& budget) noexcept {
  budget.suspended_until_us = now_us_ + limits_.suspension_s * kSecond;
  budget.steps = 0;
  last_until_us_ = std::max(last_until_us_, budget.suspended_until_us);
  counters_.add(ledger::Counter::rules_suspended);
}

void RuleBudgets::suspend_one(Generation& generation, signature::RuleIndex rule) noexcept {
  Generation::Budget& budget = generation.budgets[rule];
  tell({rule,
        generation.rules->generation,
        {budget.steps, 1, limits_.suspension_s, record::SuspensionReason::rule_budget}});
  suspend(budget);
}

// Many rules, each within its own budget, can use up the lcore's together: 10,000 rules with one trigger that
// floods. Those that took at least the mean go. What is left of the second has half the allowance, and half
// of that the next time (a sixteenth of it at least, so that a rule that costs little is not taken for
// costly).
void RuleBudgets::suspend_costliest(Generation& generation) noexcept {
  std::uint64_t sum = 0, rules = 0;
  std::size_t costliest = 0;
  auto& budgets = generation.budgets;
  const auto took = [&](std::size_t i) noexcept {
    return budgets[i].second_end_us == second_end_us_ ? budgets[i].steps : 0;
  };
  for (std::size_t i = 0; i < budgets.size(); ++i) {
    sum += took(i);
    rules += took(i) > 0 ? 1 : 0;
    if (took(i) > took(costliest)) costliest = i;
  }
  all_steps_ = 0;
  allowance_ = std::max(allowance_ / 2, limits_.all_steps / 16);
  if (rules == 0) return;
  Suspension told{static_cast<signature::RuleIndex>(costliest),
                  generation.rules->generation,
                  {took(costliest), 0, limits_.suspension_s, record::SuspensionReason::lcore_budget}};
  const std::uint64_t mean = sum / rules;
  for (std::size_t i = 0; i < budgets.size(); ++i) {
    if (took(i) == 0 || took(i) < mean) continue;
    suspend(budgets[i]);
    ++told.body.rules;
  }
  tell(told);
}

void RuleBudgets::tell(const Suspension& suspension) noexcept {
  if (untold_count_ < kUntold)
    untold_[untold_count_++] = suspension;
  else
    untold_.back().body.rules += suspension.body.rules;
}

std::optional<Suspension> RuleBudgets::take_suspension() noexcept {
  if (told_count_ < untold_count_) return untold_[told_count_++];
  told_count_ = untold_count_ = 0;
  return std::nullopt;
}

}  // namespace mirrorscan::alert
