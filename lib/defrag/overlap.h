#pragma once
// Which of two fragments keeps bytes that both have. The only place that decides about overlaps.

#include <array>
#include <cstdint>

#include "base/overlap_policy.h"

namespace mirrorscan::defrag {

/// A fragment's bytes within its datagram's IP payload.
using Extent = ExtentOf<std::uint32_t>;

/// Whether the fragment that came later takes the bytes that both have. Every policy depends on nothing but
/// where the two lie (Novak, Target-Based Fragmentation Reassembly, 2005; each case tried with Suricata
/// 7.0.10). RFC 5722 wants overlapping IPv6 fragments discarded, but receivers that do not do so exist, and a
/// sensor that discards what a receiver accepts is blind.
[[nodiscard]] constexpr Keeper keeper_of(OverlapPolicy policy, Extent earlier, Extent later) noexcept {
  bool takes = false;
  switch (policy) {
    case OverlapPolicy::windows: takes = later.begin < earlier.begin && later.end > earlier.end; break;
    case OverlapPolicy::solaris: takes = later.begin < earlier.begin && later.end >= earlier.end; break;
    case OverlapPolicy::bsd: takes = later.begin < earlier.begin; break;
    case OverlapPolicy::bsd_right: takes = later.begin >= earlier.begin; break;
    case OverlapPolicy::linux_:
    case OverlapPolicy::old_linux: takes = later.begin <= earlier.begin; break;
    case OverlapPolicy::first: break;
    case OverlapPolicy::last: takes = true; break;
  }
  return takes ? Keeper::later : Keeper::earlier;
}

}  // namespace mirrorscan::defrag
