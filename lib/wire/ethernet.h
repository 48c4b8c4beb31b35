#pragma once
// Ethernet II and VLAN tags. Source: IEEE 802.3 clause 3.1.1, IEEE 802.1Q clause 9.
//
//   0        6        12     14
//   | dst    | src    | type |            type < 0x0600 is a length (LLC), else an EtherType
//
//   0      2      4
//   | TCI  | type |                       follows a type of 0x8100, 0x88a8 or 0x9100
//   TCI: 3 bits priority, 1 bit drop eligible, 12 bits VLAN id

#include <array>
#include <cstdint>

#include "wire/byte_order.h"

namespace mirrorscan::wire {

namespace ether_type {
inline constexpr std::uint16_t kIpv4 = 0x0800, kArp = 0x0806, kIpv6 = 0x86dd;
inline constexpr std::uint16_t kVlan = 0x8100;         ///< customer tag
inline constexpr std::uint16_t kServiceVlan = 0x88a8;  ///< service tag (802.1ad)
inline constexpr std::uint16_t kOldQinQ = 0x9100;      ///< service tag of switches older than 802.1ad
inline constexpr std::uint16_t kMpls = 0x8847, kPppoeSession = 0x8864;

[[nodiscard]] constexpr bool is_vlan(std::uint16_t type) noexcept {
  return type == kVlan || type == kServiceVlan || type == kOldQinQ;
}
}  // namespace ether_type

using MacAddress = std::array<std::uint8_t, 6>;

struct EthernetHeader {
  MacAddress dst, src;
  Be16 type;
};

struct VlanTag {
  Be16 tci, type;

  [[nodiscard]] std::uint16_t id() const noexcept { return tci.host() & 0x0fff; }
};

static_assert(sizeof(EthernetHeader) == 14 && kIsWireLayout<EthernetHeader>);
static_assert(sizeof(VlanTag) == 4 && kIsWireLayout<VlanTag>);

}  // namespace mirrorscan::wire
