#pragma once
// A counter of a device as a count that never falls.

#include <cstdint>

namespace mirrorscan::port {

/// A device's counter starts at 0 again with each reset of the device, and drivers let some fall on their
/// own; the difference of two readings is counted, and after a fall the reading itself.
class Tally {
 public:
  Tally() = default;
  /// Of a counter that stands at `start` now: what was before is not ours.
  explicit Tally(std::uint64_t start) noexcept : last_(start) {}

  void read(std::uint64_t value) noexcept {
    total_ += value >= last_ ? value - last_ : value;
    last_ = value;
  }
  /// The next reading is of another counter, which began at 0.
  void begin_anew() noexcept { last_ = 0; }
  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }

 private:
  std::uint64_t total_ = 0, last_ = 0;
};

}  // namespace mirrorscan::port
