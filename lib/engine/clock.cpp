#include "engine/clock.h"

#include <chrono>

namespace mirrorscan::engine {
namespace {

[[nodiscard]] Timestamp kernel_time() noexcept {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count()};
}

}  // namespace

BurstClock::BurstClock(std::uint64_t ticks_a_second) noexcept
    : origin_(rte_rdtsc()), scale_((std::uint64_t{1'000'000} << 32) / ticks_a_second) {
  base_us_.store((kernel_time() - now()).us, std::memory_order_relaxed);
}

void BurstClock::adjust() noexcept {
  follow(kernel_time());
}

void BurstClock::follow(Timestamp wall) noexcept {
  const Duration behind = wall - (now() + step());
  const bool was_set = behind >= kStep || behind <= Duration{-kStep.us};
  (was_set ? step_us_ : base_us_).fetch_add(behind.us, std::memory_order_relaxed);
}

}  // namespace mirrorscan::engine
