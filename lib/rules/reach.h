#pragma once
// How far from its trigger a rule can look: what the window of a stream must hold.

#include <cstdint>
#include <vector>

#include "ruleset/ruleset.h"
#include "signature/rule.h"

namespace mirrorscan::rules {

struct ReachOfRule {
  std::uint32_t back = 0;   ///< bytes before the trigger's start
  std::uint32_t ahead = 0;  ///< bytes after its end
};

/// Upper bounds from the traits of the payload tests, at most `window` each. When all tests hang together
/// (each but the first is relative) their bounded reaches are summed up; any test without bound, a second
/// group of tests, no trigger, or a trigger that is only a necessary condition makes both the window. Needs
/// rule.trigger.
[[nodiscard]] ReachOfRule reach_of(const signature::Rule& rule, std::uint32_t window);

/// True when every test's match stays a match when more bytes follow.
[[nodiscard]] bool is_monotone(const signature::Rule& rule);

/// Fills by_src_port and by_dst_port from the rules that take part in the scans of streams. Needs everything
/// else of the rules. `back` includes the trigger's own bytes, which may have come in earlier chunks.
void fill_reach_tables(ruleset::Ruleset& ruleset);

}  // namespace mirrorscan::rules
