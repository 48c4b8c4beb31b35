#pragma once
// What a sender and its plans came to, as figures.

#include "sender/report.h"
#include "sender/sender.h"
#include "sender/watched_plans.h"

namespace mirrorscan::sender {

/// Sections "packets" (with what else the output knows), "rate", "lateness", "cost".
void add_outcome(Report& report, const Outcome& outcome, const Output& output);
/// Sections "kinds.*", "attacks" and "vnis".
void add_plans(Report& report, const PlanCounts& counts, const traffic::Profile& profile);

}  // namespace mirrorscan::sender
