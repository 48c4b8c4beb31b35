#pragma once
// One rule's text to a rule.

#include <string_view>

#include "keywords/keyword.h"
#include "rules/header_sets.h"

namespace mirrorscan::rules {

/// Reads header and options in the order they are written. Throws Refusal at the first thing that cannot be
/// used. Class, trigger and reach are not yet set.
[[nodiscard]] keywords::Draft parse_rule(std::string_view text, HeaderSets& sets);

}  // namespace mirrorscan::rules
