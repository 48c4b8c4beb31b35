#pragma once
// TCP. Source: RFC 9293 section 3.1; options: RFC 9293 section 3.2, RFC 7323, RFC 7413.
//
//   0             16            32
//   | source port | dest. port  |
//   | sequence number           |
//   | acknowledgment number     |
//   |off|rsv|flags| window      |     off: header size in 4-byte words, 5 to 15
//   | checksum    | urgent ptr  |
//   | options, (off - 5) * 4    |

#include <cstdint>

#include "base/bytes.h"
#include "wire/byte_order.h"

namespace mirrorscan::wire {

namespace tcp_flag {
inline constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10, kUrg = 0x20,
                              kEce = 0x40, kCwr = 0x80;
}

struct TcpHeader {
  Be16 src_port, dst_port;
  Be32 seq, ack;
  std::uint8_t offset_reserved, flags;
  Be16 window, checksum, urgent;

  /// Options included; below sizeof(TcpHeader) it is malformed.
  [[nodiscard]] std::uint32_t header_bytes() const noexcept { return (offset_reserved >> 4) * 4u; }
};

static_assert(sizeof(TcpHeader) == 20 && kIsWireLayout<TcpHeader>);

namespace tcp_option {
inline constexpr std::uint8_t kEnd = 0, kNop = 1, kMss = 2, kWindowScale = 3, kFastOpen = 34,
                              kExperimental = 254;
/// The experiment id that Fast Open used before it had kind 34 (RFC 7413 section 4.1.1, RFC 6994).
inline constexpr std::uint16_t kFastOpenExperiment = 0xf989;
}  // namespace tcp_option

/// Calls fn(kind, data) for each option that has data; `data` leaves out kind and length. Stops at the
/// end-of-list option and at the first malformed one.
template <class Fn>
void for_each_tcp_option(ByteView options, Fn&& fn) noexcept {
  std::size_t at = 0;
  while (at < options.size()) {
    const std::uint8_t kind = options[at];
    if (kind == tcp_option::kEnd) return;
    if (kind == tcp_option::kNop) {
      ++at;
      continue;
    }
    if (options.size() - at < 2) return;
    const std::size_t length = options[at + 1];
    if (length < 2 || length > options.size() - at) return;
    fn(kind, options.subspan(at + 2, length - 2));
    at += length;
  }
}

}  // namespace mirrorscan::wire
