#pragma once
// Time for the packet path: one read of the TSC a burst, no system call. The control thread keeps it on the
// kernel's wall clock.

#include <rte_cycles.h>

#include <atomic>
#include <cstdint>

#include "base/timestamp.h"

namespace mirrorscan::engine {

/// Packets' time never leaps: everything that times out would time out at once, or wait until a clock that
/// was set back has caught up. So small differences to the kernel's clock are followed, and where that clock
/// is set anew, packets' time goes on as it was and step() tells the difference, for what people read.
class BurstClock {
 public:
  /// A difference of this much is the clock being set, and not its drift.
  static constexpr Duration kStep = Duration::milliseconds(100);

  /// Needs EAL, which has measured the TSC.
  BurstClock() noexcept : BurstClock(rte_get_tsc_hz()) {}
  explicit BurstClock(std::uint64_t ticks_a_second) noexcept;

  /// Packets' time. Any thread. A correction may take it back by less than kStep: who needs monotonic time
  /// takes the maximum.
  [[nodiscard]] Timestamp now() const noexcept {
    __extension__ using Wide = unsigned __int128;
    const Wide ticks = rte_rdtsc() - origin_;
    return {static_cast<std::int64_t>(ticks * scale_ >> 32) + base_us_.load(std::memory_order_relaxed)};
  }

  /// Wall-clock time less packets' time: what the kernel's clock was set by since the start. Any thread.
  [[nodiscard]] Duration step() const noexcept { return {step_us_.load(std::memory_order_relaxed)}; }

  /// Control thread, some times a second: takes over the kernel's time.
  void adjust() noexcept;
  /// adjust() to a time that was read just now.
  void follow(Timestamp wall) noexcept;

 private:
  std::uint64_t origin_;  ///< TSC
  std::uint64_t scale_;   ///< microseconds a tick, 32.32 bits
  std::atomic<std::int64_t> base_us_{0}, step_us_{0};
};

}  // namespace mirrorscan::engine
