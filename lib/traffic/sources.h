#pragma once
// The mirror sources that packets come from: each a VNI and an outer address.

#include <cstdint>

#include "base/address.h"
#include "traffic/profile.h"

namespace mirrorscan::traffic {

/// A mirror session as its packets show it.
struct Source {
  std::uint32_t vni = 0;
  IpAddress address;  ///< outer, IPv4
};

/// All mirror sources of a profile, numbered; those of one VNI follow each other.
class Sources {
 public:
  explicit Sources(const Mirrors& mirrors) noexcept : mirrors_(mirrors) {}

  [[nodiscard]] std::uint32_t count() const noexcept { return mirrors_.vnis * mirrors_.sources_per_vni; }

  [[nodiscard]] Source at(std::uint32_t index) const noexcept {
    return {mirrors_.first_vni + index / mirrors_.sources_per_vni,
            IpAddress::v4(10, 200, static_cast<std::uint8_t>(index >> 8), static_cast<std::uint8_t>(index))};
  }

  /// Another source of the same VNI, for packets mirrored at both ends; `index` itself where there is none.
  [[nodiscard]] std::uint32_t other(std::uint32_t index) const noexcept {
    const std::uint32_t first = index - index % mirrors_.sources_per_vni;
    return first + (index - first + 1) % mirrors_.sources_per_vni;
  }

  /// The address that all of them send to.
  [[nodiscard]] static constexpr IpAddress target() noexcept { return IpAddress::v4(10, 201, 0, 1); }

 private:
  Mirrors mirrors_;
};

}  // namespace mirrorscan::traffic
