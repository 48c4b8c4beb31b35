#include "sender/pacer.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/cycles.h"

namespace mirrorscan::sender {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kWorthSleeping_ns = 100'000;
constexpr std::uint64_t kWakesLate_ns =
    60'000;  ///< what a sleep overshoots: the kernel's timer slack is 50 us
constexpr std::uint64_t kLongest_ns = 10'000'000;

/// Both clocks at one moment: the try during which the least time went by.
struct Moment {
  std::uint64_t ticks = 0;
  Clock::time_point time;
};

[[nodiscard]] Moment now() {
  Moment best;
  std::uint64_t least = ~std::uint64_t{0};
  for (int tries = 0; tries < 16; ++tries) {
    const std::uint64_t before = cycle_count();
    const Clock::time_point time = Clock::now();
    const std::uint64_t took = cycle_count() - before;
    if (took >= least) continue;
    least = took;
    best = {before + took / 2, time};
  }
  return best;
}

}  // namespace

TickRate TickRate::measured(unsigned milliseconds) {
  const Moment begin = now();
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  const Moment end = now();
  const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(end.time - begin.time).count();
  return TickRate(static_cast<double>(end.ticks - begin.ticks) / static_cast<double>(ns));
}

void CounterPacer::start() noexcept {
  origin_ = cycle_count();
}

std::uint64_t CounterPacer::now_ns() const noexcept {
  return rate_.ns(cycle_count() - origin_);
}

void CounterPacer::wait_for(std::uint64_t due_ns, std::uint64_t now_ns) noexcept {
  if (due_ns <= now_ns) return;
  const std::uint64_t left = due_ns - now_ns;
  if (wait_ == Wait::sleep && left > kWorthSleeping_ns)
    return std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(left - kWakesLate_ns, kLongest_ns)));
  const std::uint64_t end = cycle_count() + rate_.ticks(std::min(left, kLongest_ns));
  while (cycle_count() < end) {
  }
}

}  // namespace mirrorscan::sender
