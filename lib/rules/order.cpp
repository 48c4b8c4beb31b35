#include "rules/order.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace mirrorscan::rules {

namespace {

using signature::FlowEffect;
using signature::FlowKind;
using signature::FlowTest;
using signature::Rule;

/// What a rule does with a kind of variable, in evaluation order.
enum class Use : std::uint8_t { changes, changes_and_checks, checks, none };

Use use_of(const Rule& rule, FlowKind kind) {
  const auto& [tests, effects] = rule.state;
  const bool changes = std::ranges::any_of(
      effects, [&](const FlowEffect& effect) { return kind_of(effect.operation) == kind; });
  const bool checks =
      std::ranges::any_of(tests, [&](const FlowTest& test) { return kind_of(test.check) == kind; });
  if (changes) return checks ? Use::changes_and_checks : Use::changes;
  return checks ? Use::checks : Use::none;
}

auto key_of(const Rule& rule) {
  const signature::HostBitRank host = signature::host_bit_rank(rule.host);
  return std::tuple(rule.action, use_of(rule, FlowKind::bit), use_of(rule, FlowKind::integer),
                    host.changes_hostbits, host.asks_xbits, rule.priority, rule.sid);
}

}  // namespace

std::vector<std::size_t> evaluation_order(const std::vector<Rule>& rules) {
  std::vector<std::size_t> order(rules.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return key_of(rules[a]) < key_of(rules[b]); });
  return order;
}

}  // namespace mirrorscan::rules
