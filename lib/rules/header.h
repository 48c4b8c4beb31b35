#pragma once
// The head of a rule, `action protocol sources ports direction destinations ports`.

#include <cstddef>
#include <string_view>

#include "keywords/keyword.h"
#include "rules/header_sets.h"

namespace mirrorscan::rules {

/// Fills action, scope and header of the draft's rule, and both_ways, from the start of `text`. Gives the
/// position of the '(' that opens the options. Throws Refusal.
[[nodiscard]] std::size_t parse_header(std::string_view text, HeaderSets& sets, keywords::Draft& draft);

}  // namespace mirrorscan::rules
