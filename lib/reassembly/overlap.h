#pragma once
// Which of two TCP segments keeps bytes that both have, while both wait. The only place that decides it.

#include <cstdint>

#include "base/overlap_policy.h"

namespace mirrorscan::reassembly {

/// A segment's bytes in its stream.
using Extent = ExtentOf<std::uint64_t>;

/// Whether the segment that came later takes the bytes that both have. Every policy depends on nothing but
/// where the two lie (Novak and Sturges, Target-Based TCP Stream Reassembly, 2007; each case tried with
/// Suricata 7.0.10, but for `first` and `last`, which it has no setting for).
[[nodiscard]] constexpr Keeper keeper_of(OverlapPolicy policy, Extent earlier, Extent later) noexcept {
  bool takes = false;
  switch (policy) {
    case OverlapPolicy::windows:
    case OverlapPolicy::bsd:
    case OverlapPolicy::bsd_right: takes = later.begin < earlier.begin; break;
    case OverlapPolicy::linux_:
      takes = later.begin < earlier.begin || (later.begin == earlier.begin && later.end > earlier.end);
      break;
    case OverlapPolicy::old_linux:
      takes = later.begin < earlier.begin || (later.begin == earlier.begin && later.end >= earlier.end);
      break;
    case OverlapPolicy::solaris:
      takes = later.end > earlier.end || (later.end == earlier.end && later.begin <= earlier.begin);
      break;
    case OverlapPolicy::first: break;
    case OverlapPolicy::last: takes = true; break;
  }
  return takes ? Keeper::later : Keeper::earlier;
}

}  // namespace mirrorscan::reassembly
