#pragma once
// Why a loaded rule is costly, or asks for more bytes than are kept: what `mirrorscan check` warns of.

#include <cstdint>
#include <string>
#include <vector>

#include "ruleset/report.h"
#include "signature/rule.h"

namespace mirrorscan::rules {

/// One sentence each, with what to change; empty for a rule without faults. Needs everything of the rule.
[[nodiscard]] std::vector<std::string> cost_warnings(const signature::Rule& rule, std::uint32_t window);

/// Which engine evaluates each pcre of the rule, and why.
[[nodiscard]] std::vector<ruleset::PcreUse> pcre_uses(const signature::Rule& rule);

}  // namespace mirrorscan::rules
