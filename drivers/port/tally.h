#pragma once
// A counter of a device as a count that never falls.

#include <cstdint>

namespace mirrorscan::port {

/// A device's counter starts at 0 again with each reset of the device, and drivers let some fall on their
/// own; the difference of two readings is counted, and after a fall the reading itself.
class Tally {
 public:
  void read(std::uint64_t value) noexcept {
    total_ += value >= last_ ? value - last_ : value;
    last_ = value;
  }
  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }

 private:
  std::uint64_t total_ = 0, last_ = 0;
};

}  // namespace mirrorscan::port
