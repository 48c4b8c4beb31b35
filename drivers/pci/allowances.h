#pragma once
// Counters that a device may give as garbage, and which of them can be believed.

#include <cstdint>
#include <vector>

namespace mirrorscan::pci {

/// net_ena of DPDK 22.11 fills the allowance counters from memory it never wrote when the device has none,
/// and reports success. What a device counts is below 2^46 (at 10 million packets a second that takes 81 days
/// of nothing but excess) and does not fall while it runs; addresses, the garbage that was seen, are above
/// it.
class Believable {
 public:
  static constexpr std::uint64_t kLimit = std::uint64_t{1} << 46;

  /// False from the first reading on that no device can have counted, and for ever then.
  [[nodiscard]] bool read(const std::vector<std::uint64_t>& values) noexcept {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] >= kLimit || (i < last_.size() && values[i] < last_[i])) believable_ = false;
    last_ = values;
    return believable_;
  }
  /// The device starts anew.
  void restarted() noexcept { last_.clear(); }

 private:
  std::vector<std::uint64_t> last_;
  bool believable_ = true;
};

}  // namespace mirrorscan::pci
