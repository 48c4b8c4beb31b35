#pragma once
// The pieces of a packet that a rule's payload tests can look at, and the tests on one of them.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "signature/inspection.h"

namespace mirrorscan::signature {

/// `payload` is what tests look at until a sticky buffer is named; the others are headers of the packet.
enum class Buffer : std::uint8_t {
  payload = 0,
  ipv4_header,
  ipv6_header,  ///< with its extension headers
  tcp_header,   ///< with its options
  udp_header,
  icmpv4_header,
  icmpv6_header,
};

/// As rules write it: `tcp.hdr`.
[[nodiscard]] constexpr std::string_view name_of(Buffer buffer) noexcept {
  switch (buffer) {
    case Buffer::payload: return "pkt_data";
    case Buffer::ipv4_header: return "ipv4.hdr";
    case Buffer::ipv6_header: return "ipv6.hdr";
    case Buffer::tcp_header: return "tcp.hdr";
    case Buffer::udp_header: return "udp.hdr";
    case Buffer::icmpv4_header: return "icmpv4.hdr";
    case Buffer::icmpv6_header: return "icmpv6.hdr";
  }
  return {};
}

/// In the order in which they are evaluated.
using TestList = std::vector<std::unique_ptr<PayloadTest>>;

struct BufferTests {
  Buffer buffer = Buffer::payload;
  TestList tests;
};

}  // namespace mirrorscan::signature
