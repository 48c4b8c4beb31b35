#pragma once
// The head of a rule, `action protocol sources ports direction destinations ports`.

#include <cstddef>
#include <string_view>

#include "rules/header_sets.h"
#include "signature/rule.h"

namespace mirrorscan::rules {

/// Fills action, scope and header of `rule` from the start of `text`. Gives the position of the '(' that
/// opens the options. Throws Refusal.
[[nodiscard]] std::size_t parse_header(std::string_view text, HeaderSets& sets, signature::Rule& rule);

}  // namespace mirrorscan::rules
