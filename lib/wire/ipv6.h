#pragma once
// IPv6 and its extension headers. Source: RFC 8200 sections 3 and 4; AH: RFC 4302 section 2.
//
//   0    4              12                            32
//   |ver | traffic class| flow label                  |
//   | payload length           | next hdr | hop limit |     payload length counts the extension headers
//   | source address, 16 bytes                        |
//   | destination address, 16 bytes                   |
//
// Hop-by-hop, routing, destination options:  next header, length in 8-byte units not counting the first 8,
// data AH:                                        next header, length in 4-byte units minus 2, data Fragment
// (always 8 bytes):                 next header, reserved, offset (13 bits, 8 B units) 2 reserved M, id (32)

#include <array>
#include <cstdint>

#include "wire/byte_order.h"

namespace mirrorscan::wire {

struct Ipv6Header {
  Be32 version_class_label;
  Be16 payload_length;
  std::uint8_t next_header, hop_limit;
  std::array<std::uint8_t, 16> src, dst;

  [[nodiscard]] std::uint8_t version() const noexcept {
    return static_cast<std::uint8_t>(version_class_label.host() >> 28);
  }
  [[nodiscard]] std::uint8_t traffic_class() const noexcept {
    return static_cast<std::uint8_t>(version_class_label.host() >> 20);
  }
};

/// The first bytes of any extension header but the fragment header.
struct Ipv6Extension {
  std::uint8_t next_header, length;

  /// The header's whole size, as hop-by-hop, routing and destination options count it.
  [[nodiscard]] std::uint32_t bytes() const noexcept { return (length + 1u) * 8; }
  /// The header's whole size, as AH counts it.
  [[nodiscard]] std::uint32_t bytes_of_ah() const noexcept { return (length + 2u) * 4; }
};

struct Ipv6Fragment {
  std::uint8_t next_header, reserved;
  Be16 offset_flags;
  Be32 id;

  [[nodiscard]] bool more_fragments() const noexcept { return (offset_flags.host() & 1) != 0; }
  [[nodiscard]] std::uint32_t fragment_offset_bytes() const noexcept { return offset_flags.host() & 0xfff8u; }
};

static_assert(sizeof(Ipv6Header) == 40 && kIsWireLayout<Ipv6Header>);
static_assert(sizeof(Ipv6Extension) == 2 && kIsWireLayout<Ipv6Extension>);
static_assert(sizeof(Ipv6Fragment) == 8 && kIsWireLayout<Ipv6Fragment>);

}  // namespace mirrorscan::wire
