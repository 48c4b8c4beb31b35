#include "truth/stream_runs.h"

#include <algorithm>
#include <set>

namespace mirrorscan::truth {

std::vector<Range> runs_of(const FlowRecord& flow, Direction direction) {
  std::vector<Range> ranges, out;
  for (const SeenPacket& p : flow.packets)
    if (p.direction == direction && p.seen > 0)
      ranges.push_back({p.offset, std::uint64_t{p.offset} + p.seen});
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  for (const Range& r : ranges) {
    if (!out.empty() && r.begin <= out.back().end)
      out.back().end = std::max(out.back().end, r.end);
    else
      out.push_back(r);
  }
  return out;
}

bool covered(const std::vector<Range>& runs, const Range& what) {
  return std::any_of(runs.begin(), runs.end(), [&](const Range& r) { return r.holds(what); });
}

std::uint32_t segments_of(const FlowRecord& flow, Direction direction, const Range& what) {
  std::set<std::uint32_t> begins;
  for (const SeenPacket& p : flow.packets)
    if (p.direction == direction && p.offset < what.end && p.offset + std::uint64_t{p.seen} > what.begin)
      begins.insert(p.offset);
  return static_cast<std::uint32_t>(begins.size());
}

std::uint64_t picked_up_at(const FlowRecord& flow, Direction direction) {
  for (const SeenPacket& p : flow.packets) {
    // A SYN/ACK says where both streams begin.
    if (p.syn && (p.direction == direction || p.direction == Direction::to_client)) return 0;
    if (p.direction == direction) return p.offset;
  }
  return 0;
}

}  // namespace mirrorscan::truth
