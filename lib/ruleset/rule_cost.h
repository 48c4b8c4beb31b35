#pragma once
// What one rule cost one lcore so far. Single writer: the lcore's detection.

#include <cstdint>

namespace mirrorscan::ruleset {

struct RuleCost {
  std::uint64_t evaluations = 0;  ///< of the rule's tests, its header applied
  std::uint64_t matches = 0;      ///< evaluations in which all tests held
  std::uint64_t alerts = 0;       ///< told
  std::uint64_t sampled = 0;      ///< evaluations whose cycles were counted
  std::uint64_t sampled_cycles = 0;
};

}  // namespace mirrorscan::ruleset
