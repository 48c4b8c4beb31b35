#pragma once
// What the packets of a flow show of its streams.

#include <cstdint>
#include <vector>

#include "truth/flow_record.h"

namespace mirrorscan::truth {

/// Stream offsets [begin, end).
struct Range {
  std::uint64_t begin = 0, end = 0;
  [[nodiscard]] bool holds(const Range& other) const noexcept {
    return begin <= other.begin && other.end <= end;
  }
};

/// What the packets of a direction cover, touching ranges joined.
[[nodiscard]] std::vector<Range> runs_of(const FlowRecord& flow, Direction direction);

[[nodiscard]] bool covered(const std::vector<Range>& runs, const Range& what);

/// Segments that have a byte of it, repeats not counted.
[[nodiscard]] std::uint32_t segments_of(const FlowRecord& flow, Direction direction, const Range& what);

/// Stream offset of the first byte that an observer can place: 0 where it saw the handshake, or data from the
/// start on.
[[nodiscard]] std::uint64_t picked_up_at(const FlowRecord& flow, Direction direction);

}  // namespace mirrorscan::truth
