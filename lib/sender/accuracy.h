#pragma once
// How well the asked rate was kept: how late each packet was, and how many packets each stretch of time
// really had.

#include <cstdint>
#include <deque>

#include "base/histogram.h"

namespace mirrorscan::sender {

/// Packets of each interval of `width_ns`: those that were due in it against those that left in it.
class IntervalDeviation {
 public:
  explicit IntervalDeviation(std::uint64_t width_ns) noexcept : width_ns_(width_ns) {}

  /// In order of the packets. A packet leaves when it is due or later.
  void due(std::uint64_t due_ns) noexcept;
  void left(std::uint64_t now_ns, std::uint64_t packets) noexcept;

  [[nodiscard]] std::uint64_t width_ns() const noexcept { return width_ns_; }
  /// Of whole intervals in which packets were due, in millionths of what was due.
  [[nodiscard]] const Histogram& ppm() const noexcept { return ppm_; }

 private:
  void settle() noexcept;

  std::uint64_t width_ns_;
  std::uint64_t due_interval_ = 0, due_count_ = 0;
  std::uint64_t left_interval_ = 0, left_count_ = 0;
  std::deque<std::uint64_t> due_, left_;  ///< whole intervals of which the other side is not known yet
  Histogram ppm_;
};

/// Of one run at a rate.
class Accuracy {
 public:
  void due(std::uint64_t due_ns) noexcept {
    short_.due(due_ns);
    long_.due(due_ns);
  }
  void left(std::uint64_t now_ns, std::uint64_t packets) noexcept {
    short_.left(now_ns, packets);
    long_.left(now_ns, packets);
  }
  void late(std::uint64_t ns) noexcept { lateness_ns_.record(ns); }

  [[nodiscard]] const Histogram& lateness_ns() const noexcept { return lateness_ns_; }
  [[nodiscard]] const IntervalDeviation& of_10_ms() const noexcept { return short_; }
  [[nodiscard]] const IntervalDeviation& of_1_s() const noexcept { return long_; }

 private:
  IntervalDeviation short_{10'000'000}, long_{1'000'000'000};
  Histogram lateness_ns_;
};

}  // namespace mirrorscan::sender
