#pragma once
// Which rules of classes packet and anchored a direction of a TCP flow raises: segment by segment, and at the
// start of the stream (docs/detection.md).

#include <cstdint>
#include <map>
#include <string_view>

#include "truth/flow_record.h"
#include "truth/stream_runs.h"
#include "truth/stream_truth.h"

namespace mirrorscan::truth {

struct SegmentAlerts {
  std::uint32_t count = 0;
  bool undecided = false;      ///< or one more; nothing decides it
  std::vector<Range> matches;  ///< what was looked at where it matched: segments, the start of the stream
};

/// One direction of a flow, and what is known of its packets.
struct StreamSeen {
  const FlowRecord& flow;
  Direction direction;
  std::string_view said;     ///< all that the direction says
  std::uint64_t from = 0;    ///< where the stream was picked up
  std::uint32_t window = 0;  ///< W
};

/// By rule; their headers are not asked.
[[nodiscard]] std::map<signature::RuleIndex, SegmentAlerts> segment_alerts(const StreamTruth& truth,
                                                                           const StreamSeen& stream);

}  // namespace mirrorscan::truth
