#pragma once
// What was lost between two snapshots, in sentences for the operator.

#include <cstdint>
#include <string>
#include <vector>

#include "exporter/stats.h"

namespace mirrorscan::engine {

/// One sentence for each kind of loss that grew, with how much and the counter's own sentence; empty when
/// nothing was lost. Losses are what the operator can do something about: ports, inboxes, budgets, rings,
/// sinks; packets that were refused because they are malformed are none.
[[nodiscard]] std::vector<std::string> new_losses(const exporter::StatsSnapshot& before,
                                                  const exporter::StatsSnapshot& now);

/// A sentence when `least` packets or more have come and none of them was mirrored traffic; else empty.
[[nodiscard]] std::string nothing_mirrored(const exporter::StatsSnapshot& now, std::uint64_t least);

/// Gives `now` the lcores of `before` that it lacks because their workers did not tell their counts: without
/// them what they had lost would be told again as soon as they answer.
void keep_silent_lcores(const exporter::StatsSnapshot& before, exporter::StatsSnapshot& now);

}  // namespace mirrorscan::engine
