#pragma once
// Sets of addresses, ports and protocols as rule headers use them: sorted, disjoint, inclusive ranges. Lists,
// negations and variables are resolved when a rule is parsed; at run time there is only `contains`.

#include <bitset>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/address.h"

namespace mirrorscan::signature {

struct PortRange {
  std::uint16_t first = 0, last = 65535;  ///< inclusive
  friend bool operator==(const PortRange&, const PortRange&) = default;
};

class PortSet {
 public:
  PortSet() = default;  ///< empty
  [[nodiscard]] static PortSet any();
  /// Sorts and merges.
  [[nodiscard]] static PortSet of(std::vector<PortRange> ranges);
  [[nodiscard]] PortSet without(const PortSet& other) const;
  [[nodiscard]] PortSet united(const PortSet& other) const;

  [[nodiscard]] bool contains(std::uint16_t port) const noexcept;
  [[nodiscard]] bool is_any() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return ranges_.empty(); }
  [[nodiscard]] const std::vector<PortRange>& ranges() const noexcept { return ranges_; }

 private:
  std::vector<PortRange> ranges_;
};

struct AddressRange {
  IpAddress first, last;  ///< inclusive, of one family, network order
  friend bool operator==(const AddressRange&, const AddressRange&) = default;
};

class AddressSet {
 public:
  AddressSet() = default;
  [[nodiscard]] static AddressSet any();
  [[nodiscard]] static AddressSet of(std::vector<AddressRange> v4, std::vector<AddressRange> v6);
  [[nodiscard]] AddressSet without(const AddressSet& other) const;
  [[nodiscard]] AddressSet united(const AddressSet& other) const;

  [[nodiscard]] bool contains(IpVersion version, const IpAddress& address) const noexcept;
  [[nodiscard]] bool is_any() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return v4_.empty() && v6_.empty(); }
  [[nodiscard]] const std::vector<AddressRange>& v4() const noexcept { return v4_; }
  [[nodiscard]] const std::vector<AddressRange>& v6() const noexcept { return v6_; }

 private:
  std::vector<AddressRange> v4_, v6_;
};

/// Which IP protocols and versions a rule header names.
struct ProtocolSet {
  std::bitset<256> numbers;
  bool v4 = true, v6 = true;
  [[nodiscard]] bool contains(IpVersion version, std::uint8_t protocol) const noexcept {
    return (version == IpVersion::v4 ? v4 : v6) && numbers[protocol];
  }
};

}  // namespace mirrorscan::signature
