#pragma once
// Whether a field of a profile is in its range.

#include <string>
#include <string_view>

#include "base/result.h"

namespace mirrorscan::traffic {

/// NaN is in no range.
template <class T>
[[nodiscard]] constexpr bool within(T value, T least, T most) noexcept {
  return value >= least && value <= most;
}

[[nodiscard]] inline Error out_of_range(std::string_view field, std::string_view remedy) {
  return {.where = std::string(field), .what = "is out of range", .remedy = std::string(remedy)};
}

}  // namespace mirrorscan::traffic
