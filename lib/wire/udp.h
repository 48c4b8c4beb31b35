#pragma once
// UDP. Source: RFC 768.
//
//   0             16            32
//   | source port | dest. port  |
//   | length      | checksum    |     length counts header and data

#include "wire/byte_order.h"

namespace mirrorscan::wire {

struct UdpHeader {
  Be16 src_port, dst_port, length, checksum;
};

static_assert(sizeof(UdpHeader) == 8 && kIsWireLayout<UdpHeader>);

}  // namespace mirrorscan::wire
