#include "rules/reach.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "rules/classify.h"

namespace mirrorscan::rules {

namespace {

using Reach = ruleset::Ruleset::Reach;
using signature::PayloadTraits;
using signature::PortSet;
using signature::Rule;

std::uint32_t clamped(std::uint64_t bytes) noexcept {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(bytes, std::numeric_limits<std::uint32_t>::max()));
}

std::optional<ReachOfRule> bounded_reach(const std::vector<PayloadTraits>& tests, std::size_t trigger,
                                         std::uint32_t trigger_length) {
  // E(k), S(k): end and start of test k's match. For a relative test E(k) <= E(k-1) + reach_ahead(k) and
  // S(k) >= E(k-1) - reach_back(k); the first test ends at most reach_ahead(0) after its own start.
  std::uint64_t before = 0, after = 0, backwards = 0, backwards_before = 0;
  for (std::size_t k = 0; k < tests.size(); ++k) {
    if (k > 0 && !tests[k].relative) return std::nullopt;
    if (!tests[k].reach_ahead) return std::nullopt;
    (k <= trigger ? before : after) += *tests[k].reach_ahead;
    backwards += tests[k].reach_back;
    if (k <= trigger) backwards_before += tests[k].reach_back;
  }
  // A test before the trigger ends after it only when some test in between steps backwards.
  const std::uint64_t back = before + backwards, ahead = after + backwards_before;
  return ReachOfRule{clamped(back > trigger_length ? back - trigger_length : 0), clamped(ahead)};
}

// The largest Reach of all port ranges that hold a port: a segment tree that is only written, then pushed
// down.
class PortMaxima {
 public:
  PortMaxima() : tree_(2 * kPorts) {}

  void raise(const PortSet& ports, Reach reach) {
    for (const auto& range : ports.ranges()) {
      std::size_t low = kPorts + range.first, high = kPorts + range.last + std::size_t{1};
      for (; low < high; low /= 2, high /= 2) {
        if (low % 2 == 1) raise(low++, reach);
        if (high % 2 == 1) raise(--high, reach);
      }
    }
  }

  [[nodiscard]] std::vector<Reach> per_port() {
    for (std::size_t node = 1; node < kPorts; ++node) {
      raise(2 * node, tree_[node]);
      raise(2 * node + 1, tree_[node]);
    }
    return {tree_.begin() + kPorts, tree_.end()};
  }

 private:
  static constexpr std::ptrdiff_t kPorts = 65536;
  void raise(std::size_t node, Reach reach) {
    tree_[node].back = std::max(tree_[node].back, reach.back);
    tree_[node].ahead = std::max(tree_[node].ahead, reach.ahead);
  }
  std::vector<Reach> tree_;
};

Reach reach_in_stream(const Rule& rule) {
  constexpr std::uint32_t kLargest = std::numeric_limits<std::uint16_t>::max();
  const std::uint32_t own = rule.trigger ? rule.trigger->length : 0;
  return {static_cast<std::uint16_t>(std::min(rule.look_back + own, kLargest)),
          static_cast<std::uint16_t>(std::min(rule.look_ahead, kLargest))};
}

}  // namespace

ReachOfRule reach_of(const Rule& rule, std::uint32_t window) {
  const ReachOfRule whole{window, window};
  if (!rule.trigger || rule.trigger->prefilter) return whole;
  std::vector<PayloadTraits> tests;
  for (const auto& test : rule.payload) tests.push_back(test->traits());
  const auto bounded = bounded_reach(tests, rule.trigger->test, rule.trigger->length);
  if (!bounded) return whole;
  return {std::min(bounded->back, window), std::min(bounded->ahead, window)};
}

bool is_monotone(const Rule& rule) {
  return std::all_of(rule.payload.begin(), rule.payload.end(),
                     [](const auto& test) { return test->traits().monotone; });
}

void fill_reach_tables(ruleset::Ruleset& ruleset) {
  for (const Direction direction : {Direction::to_server, Direction::to_client}) {
    PortMaxima by_src, by_dst;
    for (const Rule& rule : ruleset.rules) {
      if (!takes_part(rule, ruleset::ScanKind::tcp_stream, direction)) continue;
      const Reach reach = reach_in_stream(rule);
      by_src.raise(rule.header.src_ports, reach);
      by_dst.raise(rule.header.dst_ports, reach);
    }
    ruleset.by_src_port[index_of(direction)] = by_src.per_port();
    ruleset.by_dst_port[index_of(direction)] = by_dst.per_port();
  }
}

}  // namespace mirrorscan::rules
