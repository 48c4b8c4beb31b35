#pragma once
// What one lcore needs beside the shared ruleset of a generation: open streams and per-rule bookkeeping.
// Flows carry the generation they began with; it lives until its last flow has ended.

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/direction.h"
#include "base/result.h"
#include "match/scanner.h"
#include "ruleset/rule_cost.h"
#include "ruleset/ruleset.h"

namespace mirrorscan::alert {

struct Generation {
  std::shared_ptr<const ruleset::Ruleset> rules;
  std::array<match::StreamPool, kDirections> streams;
  std::vector<std::uint32_t> evaluated;  ///< per rule: the packet in which it was last looked at
  std::uint32_t packet = 0;              ///< counts up; a rule is evaluated once a packet
  struct Rate {
    std::int64_t second = 0;
    std::uint32_t alerts = 0;
  };
  std::vector<Rate> rates;               ///< per rule: alerts of the current second
  std::vector<ruleset::RuleCost> costs;  ///< per rule
  struct Budget {
    std::int64_t second_end_us = 0;       ///< the second that `steps` are of
    std::int64_t suspended_until_us = 0;  ///< packet time
    std::uint64_t steps = 0;
  };
  std::vector<Budget> budgets;  ///< per rule
  /// Of a pattern of one scan.
  struct PatternMark {
    std::int64_t quiet_until_us = 0;  ///< all its rules are suspended until then
    std::uint32_t packet = 0;         ///< the packet in which its rules were last considered
  };
  std::array<std::array<std::vector<PatternMark>, ruleset::kScanKinds>, kDirections> pattern_marks;
  [[nodiscard]] std::vector<PatternMark>& marks(ruleset::ScanKind kind, Direction d) noexcept {
    return pattern_marks[index_of(d)][static_cast<std::size_t>(kind)];
  }

  /// A new packet: no rule has been looked at in it. Once in 2^32 packets the marks are wiped, so that those
  /// of a packet long ago are not taken for this one's.
  void next_packet() noexcept {
    if (++packet != 0) return;
    std::fill(evaluated.begin(), evaluated.end(), 0);
    for (auto& kinds : pattern_marks)
      for (auto& marks_of_kind : kinds)
        for (PatternMark& mark : marks_of_kind) mark.packet = 0;
    packet = 1;
  }

  /// Opens the streams and sizes the scratch; allocates, so before the first packet or between generations.
  [[nodiscard]] static Result<std::unique_ptr<Generation>> make(std::shared_ptr<const ruleset::Ruleset> rules,
                                                                std::uint32_t max_streams,
                                                                match::Scanner& scanner);
};

}  // namespace mirrorscan::alert
