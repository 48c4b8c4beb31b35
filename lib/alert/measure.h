#pragma once
// Counts a rule's evaluations, what some of them cost, and the steps that they take of the rule's budget.

#include <cstdint>
#include <utility>

#include "alert/evaluator.h"
#include "alert/generation.h"
#include "alert/rule_budgets.h"
#include "base/cycles.h"
#include "ruleset/rule_cost.h"

namespace mirrorscan::alert {

/// A power of two. The first evaluation is a sample, so that no rule that was evaluated is without one;
/// reading the counter twice in 64 evaluations costs each less than two cycles.
inline constexpr std::uint64_t kEvaluationsPerSample = 64;

/// What evaluate() says: whether the rule matched.
template <class Evaluate>
[[nodiscard]] bool measured(ruleset::RuleCost& cost, Evaluate&& evaluate) noexcept {
  const bool sample = cost.evaluations++ % kEvaluationsPerSample == 0;
  const std::uint64_t began = sample ? cycle_count() : 0;
  const bool matched = std::forward<Evaluate>(evaluate)();
  cost.matches += matched ? 1 : 0;
  if (sample) {
    ++cost.sampled;
    cost.sampled_cycles += cycle_count() - began;
  }
  return matched;
}

/// The same for tests that `evaluator` decides: their steps are charged to the rule.
template <class Evaluate>
[[nodiscard]] bool charged(Generation& generation, signature::RuleIndex index, const Evaluator& evaluator,
                           RuleBudgets& budgets, Evaluate&& evaluate) noexcept {
  const std::uint64_t before = evaluator.steps();
  const bool matched = measured(generation.costs[index], std::forward<Evaluate>(evaluate));
  if (const std::uint64_t steps = evaluator.steps() - before; steps > 0)
    budgets.charge(generation, index, steps);
  return matched;
}

}  // namespace mirrorscan::alert
