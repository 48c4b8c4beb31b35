#pragma once
// Whether faults can be made of the mirrors there are.

#include <cstdint>

#include "traffic/profile.h"

namespace mirrorscan::traffic {

inline constexpr std::uint32_t kMostReorderDistance = 256;

/// The first fault that is out of its range or cannot happen with these mirrors, and what to give.
[[nodiscard]] Status check(const Faults& faults, const Mirrors& mirrors);

}  // namespace mirrorscan::traffic
