#pragma once
// Wall-clock time for the packet path: one read of the TSC a burst, no system call. The control thread keeps
// it on the kernel's clock.

#include <rte_cycles.h>

#include <atomic>
#include <cstdint>

#include "base/timestamp.h"

namespace mirrorscan::engine {

class BurstClock {
 public:
  /// Needs EAL, which has measured the TSC.
  BurstClock() noexcept;

  /// Any thread. A correction may step it back: who needs monotonic time takes the maximum.
  [[nodiscard]] Timestamp now() const noexcept {
    __extension__ using Wide = unsigned __int128;
    const Wide ticks = rte_rdtsc() - origin_;
    return {static_cast<std::int64_t>(ticks * scale_ >> 32) + base_us_.load(std::memory_order_relaxed)};
  }

  /// Control thread, some times a second: takes over the kernel's time.
  void adjust() noexcept;

 private:
  std::uint64_t origin_;  ///< TSC
  std::uint64_t scale_;   ///< microseconds a tick, 32.32 bits
  std::atomic<std::int64_t> base_us_{0};
};

}  // namespace mirrorscan::engine
