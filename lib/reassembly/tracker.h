#pragma once
// The TCP state machine of a passive observer: which connection a segment belongs to, and what it changes.

#include <algorithm>
#include <cstdint>

#include "reassembly/connection.h"
#include "reassembly/segment.h"

namespace mirrorscan::reassembly {

/// TCP flag bits (RFC 9293 3.1).
inline constexpr std::uint8_t kFinBit = 0x01, kSynBit = 0x02, kRstBit = 0x04, kAckBit = 0x10, kUrgBit = 0x20;

/// Updates the connection from the segment's header and sets the outcome's kind and events. When it is
/// tracked, the payload is the stream's from payload_seq() on.
void track(Connection& connection, const Segment& segment, const Settings& settings, Outcome& out) noexcept;

/// Sequence number of the first payload byte: a SYN occupies one number before it.
[[nodiscard]] inline std::uint32_t payload_seq(const Segment& segment) noexcept {
  return segment.tcp.seq + ((segment.tcp.flags & kSynBit) != 0 ? 1u : 0u);
}

[[nodiscard]] inline std::uint32_t payload_length(const Segment& segment) noexcept {
  return std::max(segment.captured, segment.stated);
}

}  // namespace mirrorscan::reassembly
