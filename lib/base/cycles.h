#pragma once
// The CPU's cycle counter, to estimate what a piece of work costs. It is no clock: nothing may be decided by
// it, save by who measures its rate first (sender/pacer.h).

#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace mirrorscan {

/// Ticks of the counter that this CPU has for every core: on x86 the TSC, on arm64 the virtual counter, which
/// is slower than the core's clock; 0 elsewhere. Not serialising: work of less than some 100 cycles is
/// blurred. Cost: 20 to 40 cycles.
[[nodiscard]] inline std::uint64_t cycle_count() noexcept {
#if defined(__x86_64__)
  return __rdtsc();
#elif defined(__aarch64__)
  std::uint64_t ticks = 0;
  asm volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#else
  return 0;
#endif
}

}  // namespace mirrorscan
