#pragma once
// How the payload tests of a rule hang together: a relative test refers to the last match before it.

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

enum class Previous : std::uint8_t {
  none,   ///< nothing before moves the cursor: it stands at the buffer's start
  match,  ///< refers to an earlier match
};

/// Notes that the payload test at `index` is (or will be) relative, for `keyword`.
///
/// Marks the tests before it with relative_next, back to the first one that moves the cursor: another
/// position of that one may be the one that lets the relative test match, also when tests that do not move
/// the cursor stand between the two.
[[nodiscard]] Result<Previous> note_relative(Draft& draft, std::size_t index, std::string_view keyword);

}  // namespace mirrorscan::keywords
