#pragma once
// What `mirrorscan check` says about a loaded rule.

#include <cstdint>

#include "ruleset/report.h"
#include "signature/rule.h"

namespace mirrorscan::rules {

/// Needs everything of the rule. `window` is W of design section 2, bytes.
[[nodiscard]] ruleset::Explanation explain(const signature::Rule& rule, std::uint32_t window);

}  // namespace mirrorscan::rules
