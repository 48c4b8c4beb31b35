#pragma once
// Between 32-bit sequence numbers and 64-bit stream offsets (RFC 9293 3.4: arithmetic modulo 2^32).

#include <algorithm>
#include <cstdint>

#include "reassembly/connection.h"

namespace mirrorscan::reassembly {

/// How far ahead of the next expected byte a stream may go when the receiver's window is not known. No
/// receiver has more in flight in practice; further ahead is another connection, or nonsense.
inline constexpr std::int64_t kUnknownWindow = 64ll << 20;

/// The largest window is 65,535 << 14 bytes (RFC 7323 2.3), so that nothing sensible goes further than this.
inline constexpr std::int64_t kFurthest = 1ll << 30;

/// Tolerance for acknowledgements and window updates that were not mirrored.
inline constexpr std::int64_t kWindowTolerance = 65'536;

/// The offset nearest to the next expected one that has this sequence number; negative = before the stream's
/// start.
[[nodiscard]] inline std::int64_t offset_of(const StreamState& s, std::uint32_t seq) noexcept {
  const std::uint32_t expected = s.base_seq + static_cast<std::uint32_t>(s.next);
  return static_cast<std::int64_t>(s.next) + static_cast<std::int32_t>(seq - expected);
}

/// Bytes that do not follow what came before are taken up to this offset.
[[nodiscard]] inline std::int64_t window_end(const StreamState& s) noexcept {
  const auto next = static_cast<std::int64_t>(s.next);
  if (!s.is(StreamState::kWindowKnown)) return next + kUnknownWindow;
  const auto edge = static_cast<std::int64_t>(s.right_edge);
  return std::min(std::max(edge, next) + kWindowTolerance, next + kFurthest);
}

/// A segment this far before a stream that was picked up midstream still belongs to it: reordering at the
/// start.
inline constexpr std::int64_t kBeforeStart = 65'536;

/// Nothing of the stream was seen but, perhaps, its SYN: its start may still move.
[[nodiscard]] inline bool untouched(const StreamState& s) noexcept {
  return s.next == 0 && s.held == 0;
}

/// Moves the start of an untouched stream; what is known by offset keeps its sequence number.
inline void move_start(StreamState& s, std::uint32_t first_seq) noexcept {
  const std::int64_t shift = static_cast<std::int32_t>(s.base_seq - first_seq);
  const auto moved = [shift](std::uint64_t offset) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, static_cast<std::int64_t>(offset) + shift));
  };
  s.acked = moved(s.acked);
  s.right_edge = moved(s.right_edge);
  s.fin = moved(s.fin);
  s.base_seq = first_seq;
}

}  // namespace mirrorscan::reassembly
