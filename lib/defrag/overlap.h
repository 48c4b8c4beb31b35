#pragma once
// Which of two fragments keeps bytes that both have. The only place that decides about overlaps.

#include <cstdint>

#include "base/address.h"

namespace mirrorscan::defrag {

/// A fragment's bytes within its datagram's IP payload: [begin, end).
struct Extent {
  std::uint32_t begin = 0, end = 0;
};

enum class Keeper : std::uint8_t { earlier, later };

/// The first copy of a byte is kept. RFC 5722 wants overlapping IPv6 fragments discarded, but receivers that
/// do not do so exist, and a sensor that discards what a receiver accepts is blind. All known policies
/// (first, last, those of BSD, Linux, Windows, Solaris) depend on nothing but these arguments.
[[nodiscard]] constexpr Keeper keeper_of(IpVersion /*version*/, Extent /*earlier*/,
                                         Extent /*later*/) noexcept {
  return Keeper::earlier;
}

}  // namespace mirrorscan::defrag
