#pragma once
// VXLAN. Source: RFC 7348 section 5.
//
//   0        8                     32
//   |RRRRIRRR| reserved            |     I: the VNI is valid; R and reserved: zero on sending, ignored on
//   receipt | VNI (24 bits)     | reserved |

#include <cstdint>

#include "wire/byte_order.h"

namespace mirrorscan::wire {

struct VxlanHeader {
  std::uint8_t flags;
  Be24 reserved1;
  Be24 vni;
  std::uint8_t reserved2;

  [[nodiscard]] bool vni_valid() const noexcept { return (flags & 0x08) != 0; }
  [[nodiscard]] bool any_reserved_bit() const noexcept {
    return (flags & 0xf7) != 0 || reserved1.host() != 0 || reserved2 != 0;
  }
};

static_assert(sizeof(VxlanHeader) == 8 && kIsWireLayout<VxlanHeader>);

}  // namespace mirrorscan::wire
