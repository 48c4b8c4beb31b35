#pragma once
// What can only be said of a rule when all of its keywords have been read.

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// Call once after the last keyword. Refuses rules that can never match: contents that need more bytes than
/// `dsize` allows.
[[nodiscard]] Status validate(const Draft& draft);

}  // namespace mirrorscan::keywords
