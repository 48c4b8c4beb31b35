#include "engine/clock.h"

#include <chrono>

namespace mirrorscan::engine {

BurstClock::BurstClock() noexcept
    : origin_(rte_rdtsc()), scale_((std::uint64_t{1'000'000} << 32) / rte_get_tsc_hz()) {
  adjust();
}

void BurstClock::adjust() noexcept {
  const auto kernel = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  base_us_.fetch_add(kernel.count() - now().us, std::memory_order_relaxed);
}

}  // namespace mirrorscan::engine
