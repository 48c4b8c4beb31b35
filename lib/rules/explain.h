#pragma once
// What `mirrorscan check` says about a loaded rule.

#include "ruleset/report.h"
#include "signature/rule.h"

namespace mirrorscan::rules {

/// Needs everything of the rule.
[[nodiscard]] ruleset::Explanation explain(const signature::Rule& rule);

}  // namespace mirrorscan::rules
