#pragma once
// Open-loop time: when each packet is due, whatever became of the packets before it.

#include <cstdint>

namespace mirrorscan::sender {

/// The counter of base/cycles.h against CLOCK_MONOTONIC. What DPDK estimates at its start is off by up to 0.2
/// %, which would be the error of every rate.
class TickRate {
 public:
  /// Measures for `milliseconds`; 100 gives 1 part in a million.
  [[nodiscard]] static TickRate measured(unsigned milliseconds = 100);
  explicit constexpr TickRate(double ticks_a_ns) noexcept : ticks_a_ns_(ticks_a_ns) {}

  [[nodiscard]] std::uint64_t ticks(std::uint64_t ns) const noexcept {
    return static_cast<std::uint64_t>(static_cast<double>(ns) * ticks_a_ns_);
  }
  [[nodiscard]] std::uint64_t ns(std::uint64_t ticks) const noexcept {
    return static_cast<std::uint64_t>(static_cast<double>(ticks) / ticks_a_ns_);
  }
  [[nodiscard]] double hz() const noexcept { return ticks_a_ns_ * 1e9; }

 private:
  double ticks_a_ns_;
};

/// What to do until the next packet is due.
enum class Wait : std::uint8_t {
  spin,   ///< look at the counter again: exact, takes a whole CPU
  sleep,  ///< sleep while more than a tenth of a millisecond is left: late by what the kernel takes to wake
};

/// Turns nominal times into moments. Times count from start(). One thread.
class Pacer {
 public:
  Pacer() = default;
  Pacer(const Pacer&) = delete;
  Pacer& operator=(const Pacer&) = delete;
  virtual ~Pacer() = default;

  virtual void start() noexcept = 0;
  /// Nanoseconds since start().
  [[nodiscard]] virtual std::uint64_t now_ns() const noexcept = 0;
  /// A moment of waiting for `due_ns`, which has not come: bounded by 10 ms, so that the caller can be
  /// stopped.
  virtual void wait_for(std::uint64_t due_ns, std::uint64_t now_ns) noexcept = 0;
  /// Of the counter of base/cycles.h.
  [[nodiscard]] virtual double tick_hz() const noexcept = 0;
};

/// By the CPU's counter.
class CounterPacer final : public Pacer {
 public:
  CounterPacer(TickRate rate, Wait wait) noexcept : rate_(rate), wait_(wait) {}

  void start() noexcept override;
  [[nodiscard]] std::uint64_t now_ns() const noexcept override;
  void wait_for(std::uint64_t due_ns, std::uint64_t now_ns) noexcept override;
  [[nodiscard]] double tick_hz() const noexcept override { return rate_.hz(); }

 private:
  TickRate rate_;
  Wait wait_;
  std::uint64_t origin_ = 0;
};

}  // namespace mirrorscan::sender
