#pragma once
// ICMP and ICMPv6, which share the layout of their first 8 bytes. Source: RFC 792; RFC 4443 section 2.1.
//
//   0      8      16           32
//   | type | code | checksum   |
//   | rest of header, by type  |     identifier and sequence number in an echo

#include <cstdint>

#include "wire/byte_order.h"

namespace mirrorscan::wire {

struct IcmpHeader {
  static constexpr std::uint8_t kDestinationUnreachable = 3;  ///< ICMP (not ICMPv6); RFC 792
  static constexpr std::uint8_t kRouterAdvertisement = 9, kTimestamp = 13, kTimestampReply = 14;
  static constexpr std::uint32_t kTimestampBytes = 12;  ///< originate, receive and transmit, after these 8
  std::uint8_t type, code;
  Be16 checksum;
  Be32 rest;
};

static_assert(sizeof(IcmpHeader) == 8 && kIsWireLayout<IcmpHeader>);

}  // namespace mirrorscan::wire
