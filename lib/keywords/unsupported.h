#pragma once
// Keywords of the reference that are refused, each with its own reason: what they ask for cannot be had here.

#include <string_view>

namespace mirrorscan::keywords {

struct Unsupported {
  std::string_view name;  ///< lower case
  std::string_view reason, remedy;
};

/// The row of this name in any case; nullptr for every other name.
[[nodiscard]] const Unsupported* find_unsupported(std::string_view name) noexcept;

}  // namespace mirrorscan::keywords
