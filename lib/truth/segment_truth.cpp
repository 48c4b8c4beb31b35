#include "truth/segment_truth.h"

#include <algorithm>
#include <set>

#include "truth/datagram_copies.h"

namespace mirrorscan::truth {
namespace {

using signature::RuleIndex;
using After = StreamTruth::After;

/// What the inspection of single segments found.
struct Segments {
  std::map<RuleIndex, SegmentAlerts> alerts;
  /// Which packet of the flow was the first that matched within the first W bytes of the stream: from then on
  /// the start of the stream alerts no more.
  std::map<RuleIndex, std::size_t> first_at_start;
};

Segments one_by_one(const StreamTruth& truth, const StreamSeen& stream) {
  Segments out;
  DatagramCopies copies;
  for (std::size_t i = 0; i < stream.flow.packets.size(); ++i) {
    const SeenPacket& p = stream.flow.packets[i];
    if (p.direction != stream.direction || p.seen == 0 || !copies.is_new(p)) continue;
    for (const RuleIndex rule : truth.in_segment(stream.said.substr(p.offset, p.seen), p.stated)) {
      SegmentAlerts& alerts = out.alerts[rule];
      ++alerts.count;
      alerts.matches.push_back({p.offset, std::uint64_t{p.offset} + p.seen});
      if (p.offset < stream.window) out.first_at_start.try_emplace(rule, i);
    }
  }
  return out;
}

enum class Found : std::uint8_t { yes, perhaps };

/// The start of a stream that begins at `begin`, and what it matches.
struct Start {
  Range range;
  std::size_t first_packet = 0;  ///< with bytes of it
  std::map<RuleIndex, Found> found;
};

Start start_at(const StreamTruth& truth, const StreamSeen& stream, std::uint64_t begin) {
  Start out;
  const std::vector<Range> runs = runs_of(stream.flow, stream.direction);
  const auto run = std::find_if(runs.begin(), runs.end(),
                                [&](const Range& r) { return r.begin <= begin && begin < r.end; });
  if (run == runs.end()) return out;
  out.range = {begin, std::min(run->end, begin + stream.window)};
  const auto& packets = stream.flow.packets;
  while (packets[out.first_packet].direction != stream.direction ||
         packets[out.first_packet].offset > begin ||
         packets[out.first_packet].offset + std::uint64_t{packets[out.first_packet].seen} <= begin)
    ++out.first_packet;

  const std::string_view bytes = stream.said.substr(begin, out.range.end - begin);
  const bool more_came = run->end > out.range.end || run + 1 != runs.end();
  // Whether nothing follows is known where all went out and the window did not end there.
  const bool all = out.range.end == stream.said.size() && bytes.size() < stream.window;
  if (!more_came)
    for (const RuleIndex rule : truth.at_start(bytes, After::nothing))
      out.found[rule] = all ? Found::yes : Found::perhaps;
  if (!all)
    for (const RuleIndex rule : truth.at_start(bytes, After::more)) out.found[rule] = Found::yes;
  return out;
}

/// Where the stream may begin for somebody who picked it up.
std::set<std::uint64_t> beginnings(const StreamSeen& stream) {
  std::set<std::uint64_t> out = {stream.from};
  for (const SeenPacket& p : stream.flow.packets)
    if (p.direction == stream.direction && p.seen > 0 && p.offset < stream.from) out.insert(p.offset);
  return out;
}

}  // namespace

std::map<RuleIndex, SegmentAlerts> segment_alerts(const StreamTruth& truth, const StreamSeen& stream) {
  Segments segments = one_by_one(truth, stream);
  for (const std::uint64_t begin : beginnings(stream)) {
    const Start start = start_at(truth, stream, begin);
    for (const auto& [rule, found] : start.found) {
      const auto first = segments.first_at_start.find(rule);
      const bool alerted = first != segments.first_at_start.end();
      SegmentAlerts& alerts = segments.alerts[rule];
      alerts.matches.push_back(start.range);
      if (stream.from > 0)
        alerts.undecided = true;
      else if (alerted && first->second <= start.first_packet)
        continue;  // the packet's alert was there before the start of the stream could be decided
      else if (alerted || found == Found::perhaps)
        alerts.undecided = true;
      else
        ++alerts.count;
    }
  }
  return segments.alerts;
}

}  // namespace mirrorscan::truth
