#pragma once
// The truth file's lines: docs/truth-format.md.

#include <string>

#include "traffic/profile.h"
#include "truth/attack_book.h"
#include "truth/flow_judge.h"
#include "truth/flow_record.h"

namespace mirrorscan::truth {

/// The first line.
[[nodiscard]] std::string header_line(const traffic::Profile& profile, const AttackBook& book);

/// A line for each thing that is to be said of the flow, each with its line end.
[[nodiscard]] std::string flow_lines(const ruleset::Ruleset& rules, const FlowRecord& flow,
                                     const FlowTruth& truth);

}  // namespace mirrorscan::truth
