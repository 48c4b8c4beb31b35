#pragma once
// IPv4. Source: RFC 791 section 3.1.
//
//   0    4    8          16                            32
//   |ver |IHL | TOS      | total length (header + data) |
//   | identification     |0|DF|MF| fragment offset (8 B)|
//   | TTL     | protocol | header checksum              |
//   | source address                                    |
//   | destination address                               |
//   | options, (IHL - 5) * 4 bytes                      |

#include <array>
#include <cstdint>

#include "wire/byte_order.h"

namespace mirrorscan::wire {

struct Ipv4Header {
  std::uint8_t version_ihl, tos;
  Be16 total_length, id, flags_fragment;
  std::uint8_t ttl, protocol;
  Be16 checksum;
  std::array<std::uint8_t, 4> src, dst;

  [[nodiscard]] std::uint8_t version() const noexcept { return version_ihl >> 4; }
  /// Options included; below sizeof(Ipv4Header) it is malformed.
  [[nodiscard]] std::uint32_t header_bytes() const noexcept { return (version_ihl & 0x0fu) * 4; }
  [[nodiscard]] bool dont_fragment() const noexcept { return (flags_fragment.host() & 0x4000) != 0; }
  [[nodiscard]] bool more_fragments() const noexcept { return (flags_fragment.host() & 0x2000) != 0; }
  [[nodiscard]] std::uint32_t fragment_offset_bytes() const noexcept {
    return (flags_fragment.host() & 0x1fffu) * 8;
  }
};

static_assert(sizeof(Ipv4Header) == 20 && kIsWireLayout<Ipv4Header>);

}  // namespace mirrorscan::wire
