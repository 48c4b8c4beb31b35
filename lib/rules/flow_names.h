#pragma once
// Flowbits and flowints: from names to indices, once all rules are known.

#include <string>
#include <vector>

#include "ruleset/report.h"
#include "signature/rule.h"

namespace mirrorscan::rules {

/// Gives each name its index, the same in all rules. Adds a warning for a rule that waits for what no rule
/// sets.
void resolve_flow_names(std::vector<signature::Rule>& rules, ruleset::Report& report);

/// As the rule writes it: `flowbits:isset,a|b`.
[[nodiscard]] std::string describe(const signature::FlowTest& test);
[[nodiscard]] std::string describe(const signature::FlowEffect& effect);

}  // namespace mirrorscan::rules
