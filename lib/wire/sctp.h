#pragma once
// SCTP's common header; chunks follow. Source: RFC 9260 section 3.1.
//
//   0             16            32
//   | source port | dest. port  |
//   | verification tag          |
//   | checksum (CRC32c)         |

#include "wire/byte_order.h"

namespace mirrorscan::wire {

struct SctpHeader {
  Be16 src_port, dst_port;
  Be32 verification_tag, checksum;
};

static_assert(sizeof(SctpHeader) == 12 && kIsWireLayout<SctpHeader>);

}  // namespace mirrorscan::wire
