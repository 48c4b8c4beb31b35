#pragma once
// A device's own counters, by name.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mirrorscan::pci {

/// Counters that were chosen by their names when the device was started. Names may be there twice (net_ena
/// has rx_q0_bytes of its own and ethdev's): the driver's own, which come last, are taken. Read by id, so
/// that only those are asked of the device.
class Xstats {
 public:
  explicit Xstats(std::uint16_t id) : id_(id) {}

  /// False when the device has no such counter.
  bool choose(const std::string& name);
  /// Values of the chosen ones, in the order of choosing; empty when the device does not give them.
  [[nodiscard]] std::vector<std::uint64_t> read() const;
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

 private:
  std::uint16_t id_;
  std::vector<std::string> names_;
  std::vector<std::uint64_t> ids_;
};

}  // namespace mirrorscan::pci
