#pragma once
// The variables of a rule: what byte_extract and byte_math name, and where other keywords may use a name.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"
#include "keywords/quantity.h"

namespace mirrorscan::keywords {

/// As many as an evaluation has room for.
inline constexpr std::size_t kMostVariables = std::tuple_size_v<decltype(signature::Inspection::variables)>;

/// Whether the text stands for a variable where a number could stand too: it begins with a letter.
[[nodiscard]] bool looks_like_variable(std::string_view text) noexcept;

/// Gives a slot to the test that is added to draft.tests() next; `most` is its greatest value. A name given
/// twice keeps its first meaning for those who use it, as in the reference. Errors: no name, or no slot left.
[[nodiscard]] Result<std::uint8_t> define_variable(Draft& draft, std::string_view name,
                                                   std::string_view keyword, std::uint64_t most);

/// A variable that has its value when the test that is added to draft.tests() next is evaluated. Errors: no
/// test defines it, or one that is evaluated later.
[[nodiscard]] Result<Quantity> variable(const Draft& draft, std::string_view name, std::string_view keyword);

/// A number between the limits, or a variable.
[[nodiscard]] Result<Quantity> number_or_variable(const Draft& draft, std::string_view text,
                                                  std::string_view keyword, std::int64_t least,
                                                  std::int64_t most);

}  // namespace mirrorscan::keywords
