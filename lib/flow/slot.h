#pragma once
// The number of a flow in the table: what other parts of the worker keep instead of a pointer.

#include <cstdint>

namespace mirrorscan::flow {

using Slot = std::uint32_t;
inline constexpr Slot kNone = 0xffff'ffff;
inline constexpr std::uint32_t kMostFlows = 1U << 28;

}  // namespace mirrorscan::flow
