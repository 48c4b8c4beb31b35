#pragma once
// `flowint`: named 32-bit integers of a flow, compared and changed by rules.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// `name, operation[, operand]`: `= + -` change; `< <= > >= == !=` compare; `isset`, `notset`, `isnotset`
/// ask. The operand is a number or another name.
Status parse_flowint(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
