#include "reassembly/assembler.h"

#include <algorithm>
#include <limits>

#include "reassembly/payload_reader.h"
#include "reassembly/sequence.h"
#include "reassembly/tracker.h"

namespace mirrorscan::reassembly {
namespace {

constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

/// So many segments beyond the window that continue each other are the stream, after an outage: it is
/// followed from there. Few enough to lose little, too many to be stray packets.
constexpr std::uint8_t kStraysToJump = 8;

std::uint32_t count32(std::int64_t n) noexcept {
  return static_cast<std::uint32_t>(n);
}

std::int64_t overlap(std::int64_t a_begin, std::int64_t a_end, std::int64_t b_begin,
                     std::int64_t b_end) noexcept {
  return std::max<std::int64_t>(0, std::min(a_end, b_end) - std::max(a_begin, b_begin));
}

}  // namespace

/// A segment's place in its stream: [begin, end) is there, [end, stated_end) was cut off by truncation.
struct Assembler::Span {
  std::int64_t begin = 0, end = 0, stated_end = 0;
  std::uint32_t payload = 0;  ///< offset of `begin` into the payload
  bool jump = false;          ///< beyond the window, and taken all the same
  IpVersion version = IpVersion::v4;

  [[nodiscard]] bool empty() const noexcept { return begin >= stated_end; }
  void cut_front(std::int64_t to) noexcept {
    if (to <= begin) return;
    payload += count32(std::min(to, end) - std::min(begin, end));
    begin = to;
    end = std::max(end, to);
    stated_end = std::max(stated_end, to);
  }
  /// Returns the bytes that were there.
  std::uint32_t cut_back(std::int64_t from) noexcept {
    from = std::max(from, begin);
    const std::int64_t cut = std::max<std::int64_t>(0, end - from);
    end = std::min(end, from);
    stated_end = std::min(stated_end, from);
    return count32(cut);
  }
};

Assembler::Assembler(const Settings& settings)
    : settings_(settings), held_(settings), timers_(settings, HeldStreams::capacity(settings)) {}

Outcome Assembler::segment(Connection& connection, std::uint32_t connection_id, const Segment& segment,
                           std::span<const ByteView> pieces) noexcept {
  now_ = segment.time;
  Outcome out;
  track(connection, segment, settings_, out);
  if (out.tuple_reused) return out;
  const StreamState& peer = connection.stream(opposite(segment.direction));
  if (peer.held != 0 && peer.is(StreamState::kAckSeen)) timers_.acknowledged(peer.held, peer.acked, now_);
  if (out.kind == Outcome::Kind::untracked) return out;
  if (is_aside(segment)) {
    out.late = segment.captured;
    return out;
  }
  place(connection.stream(segment.direction), connection_id, segment, pieces, out);
  return out;
}

bool Assembler::is_aside(const Segment& segment) const noexcept {
  return settings_.syn_data == SynData::with_fast_open && (segment.tcp.flags & kSynBit) != 0 &&
         !segment.tcp.fast_open;
}

void Assembler::place(StreamState& s, std::uint32_t id, const Segment& segment,
                      std::span<const ByteView> pieces, Outcome& out) noexcept {
  const std::uint32_t seq = payload_seq(segment);
  std::int64_t begin = offset_of(s, seq);
  const std::uint32_t length = payload_length(segment);
  if (length > 0 && begin < 0 && begin >= -kBeforeStart && untouched(s) && !s.is(StreamState::kSyn)) {
    move_start(s, seq);
    begin = 0;
  }
  out.payload_offset = begin;
  out.truncated = length > segment.captured;
  if (length == 0) return;

  const Span whole{begin, begin + segment.captured, begin + length, 0, false, segment.version};
  Span span = whole;
  cut_depth(span, out);
  cut_old(s, span, out);
  cut_ahead(s, segment, span, out);
  const auto end = static_cast<std::uint64_t>(std::max<std::int64_t>(span.stated_end, 0));
  if (!span.empty() && end > s.next && (static_cast<std::uint32_t>(end) - s.furthest) >> 31 == 0)
    s.furthest = static_cast<std::uint32_t>(end);
  if (!span.empty()) take(s, {id, segment.direction}, span, pieces, out);
  pass_depth(s, whole.begin, whole.stated_end);

  if (out.out_of_order) ++counters_.out_of_order;
  if ((segment.tcp.flags & kUrgBit) != 0) ++counters_.urgent;
}

void Assembler::cut_depth(Span& span, Outcome& out) noexcept {
  if (settings_.depth_bytes == 0) return;
  out.beyond_depth = span.cut_back(static_cast<std::int64_t>(
      std::min<std::uint64_t>(settings_.depth_bytes, std::numeric_limits<std::int64_t>::max())));
  if (out.beyond_depth > 0) ++counters_.beyond_depth;
}

void Assembler::forget_late(StreamState& s, std::int64_t begin, std::int64_t end) noexcept {
  const auto first = static_cast<std::int64_t>(s.late_begin);
  const std::int64_t last = first + s.late_length;
  if (begin <= first && end > first) {
    s.late_begin = static_cast<std::uint64_t>(std::min(end, last));
    s.late_length = count32(last - std::min(end, last));
  } else if (begin > first && begin < last && end >= last) {
    s.late_length = count32(begin - first);
  }
}

void Assembler::cut_old(StreamState& s, Span& span, Outcome& out) noexcept {
  const auto next = static_cast<std::int64_t>(s.next);
  const std::int64_t end = std::min(span.end, next);
  if (span.begin < end) {
    const auto late_begin = static_cast<std::int64_t>(s.late_begin);
    std::int64_t late = overlap(span.begin, end, late_begin, late_begin + s.late_length);
    std::int64_t before = overlap(span.begin, end, std::numeric_limits<std::int64_t>::min(), 0);
    if (s.is(StreamState::kSyn)) {
      // A keep-alive probe (RFC 9293 3.8.4) repeats the number before the next one: here the SYN's.
      if (span.begin + 1 == span.stated_end) before -= overlap(span.begin, end, -1, 0);
    } else {
      const std::int64_t near = overlap(span.begin, end, -kBeforeStart, 0);
      late += near;
      before -= near;
    }
    out.late = count32(late);
    out.out_of_window += count32(before);
    out.retransmitted = count32(end - span.begin - late - before);
    forget_late(s, span.begin, end);
  }
  span.cut_front(next);
}

void Assembler::cut_ahead(StreamState& s, const Segment& segment, Span& span, Outcome& out) noexcept {
  if (s.is(StreamState::kFin)) out.out_of_window += span.cut_back(static_cast<std::int64_t>(s.fin));
  // Bytes that follow at once are taken whatever the window: the acknowledgements may not be mirrored.
  if (span.empty() || span.begin == static_cast<std::int64_t>(s.next)) return;
  const std::int64_t limit = window_end(s);
  if (span.begin < limit) {
    s.strays = 0;
    out.out_of_window += span.cut_back(limit);
    return;
  }
  const std::uint32_t seq = payload_seq(segment);
  s.strays = s.strays > 0 && seq == s.stray_next ? static_cast<std::uint8_t>(s.strays + 1) : std::uint8_t{1};
  s.stray_next = seq + payload_length(segment);
  if (s.strays < kStraysToJump) {
    out.out_of_window += span.cut_back(span.begin);
    return;
  }
  s.strays = 0;
  span.jump = true;
  ++counters_.resynchronised;
}

void Assembler::take(StreamState& s, Due owner, Span span, std::span<const ByteView> pieces,
                     Outcome& out) noexcept {
  const auto next = static_cast<std::int64_t>(s.next);
  const auto begin = static_cast<std::uint64_t>(span.begin);
  out.out_of_order = span.begin > next;
  if (out.out_of_order && s.held == 0 && !span.jump) {
    span.jump = held_.excess(0, begin, static_cast<std::uint64_t>(span.stated_end)) > 0;
    if (span.jump) ++counters_.budget_gaps;
  }
  if (out.out_of_order && s.held == 0 && span.jump) skip_hole(s, begin);
  if (begin == s.next) deliver(s, span, out);
  if (!span.empty()) hold(s, owner, span, pieces, out);
}

void Assembler::deliver(StreamState& s, Span& span, Outcome& out) noexcept {
  std::int64_t stop = span.stated_end;
  if (s.held != 0) {
    const Run ahead = held_.front(s.held, s.next);
    if (ahead.begin < ahead.end) stop = std::min(stop, static_cast<std::int64_t>(ahead.begin));
  }
  const std::int64_t end = std::min(span.end, stop);
  if (span.begin < end) {
    out.deliver_offset = span.payload;
    out.deliver_length = count32(end - span.begin);
    out.stream_offset = s.next;
    out.gap_before = s.gap_lost + s.gap_truncated;
    out.gap_truncated = s.gap_truncated;
    s.gap_lost = s.gap_truncated = 0;
    s.next = static_cast<std::uint64_t>(end);
  }
  if (end == span.end) skip_truncated(s, static_cast<std::uint64_t>(stop));
  span.cut_front(stop);
}

void Assembler::hold(StreamState& s, Due owner, const Span& span, std::span<const ByteView> pieces,
                     Outcome& out) noexcept {
  const auto begin = static_cast<std::uint64_t>(span.begin), end = static_cast<std::uint64_t>(span.end);
  const auto stated_end = static_cast<std::uint64_t>(span.stated_end);
  if (s.held == 0) s.held = held_.open(owner.connection_id, owner.direction);
  if (s.held == 0) {
    out.over_budget += count32(span.end - span.begin);
    counters_.over_budget_bytes += out.over_budget;
    return;
  }
  make_room(s, span);
  // What was delivered of the segment just now counts where it begins.
  const std::uint64_t first = out.deliver_length > 0 ? out.stream_offset : begin;
  Incoming incoming{
      {begin, end}, {first, end}, PayloadReader(pieces), settings_.overlaps.of(span.version), now_};
  incoming.payload.skip(span.payload);
  const Stored stored = held_.store(s.held, incoming, versions_);
  held_.mark_missing(s.held, end, stated_end, now_);
  out.held += stored.held;
  out.retransmitted += stored.already_held;
  out.over_budget += stored.no_page;
  counters_.over_budget_bytes += stored.no_page;
  out.overlap_differs = stored.differs;
  if (stored.differs) {
    ++counters_.overlap_differs;
    out.other_lost = others_.keep(s, owner, incoming.extent, versions_, now_) == Kept::in_part;
  }
  settle(s);
}

void Assembler::make_room(StreamState& s, const Span& span) noexcept {
  const auto begin = static_cast<std::uint64_t>(span.begin);
  if (begin <= s.next) return;  // it goes out at once, with all it fills
  std::uint64_t& below = held_.given_up_below(s.held);
  if (span.jump) {
    below = kAll;
    return;
  }
  const std::uint32_t excess = held_.excess(s.held, begin, static_cast<std::uint64_t>(span.stated_end));
  if (excess == 0) return;
  ++counters_.budget_gaps;
  below = std::max(below, held_.end_of_pages(s.held, excess));
}

void Assembler::pass_depth(StreamState& s, std::int64_t begin, std::int64_t end) const noexcept {
  // No order is needed beyond the depth, only a position, to judge later segments by.
  if (settings_.depth_bytes == 0 || s.next < settings_.depth_bytes) return;
  if (begin > static_cast<std::int64_t>(s.next) && end > window_end(s)) return;
  if (s.is(StreamState::kFin)) end = std::min(end, static_cast<std::int64_t>(s.fin));
  if (end > static_cast<std::int64_t>(s.next)) s.next = static_cast<std::uint64_t>(end);
}

void Assembler::pass_hole(StreamState& s, std::uint64_t to) noexcept {
  const bool continues = s.late_length > 0 && s.late_begin + s.late_length == s.next;
  if (!continues) s.late_begin = s.next;
  s.late_length = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(to - s.late_begin, std::numeric_limits<std::uint32_t>::max()));
  s.next = to;
}

void Assembler::skip_hole(StreamState& s, std::uint64_t to) noexcept {
  ++counters_.gaps;
  counters_.gap_bytes += to - s.next;
  s.gap_lost += to - s.next;
  pass_hole(s, to);
}

void Assembler::skip_truncated(StreamState& s, std::uint64_t to) noexcept {
  if (to <= s.next) return;
  counters_.truncated_bytes += to - s.next;
  s.gap_truncated += to - s.next;
  pass_hole(s, to);
}

void Assembler::settle(StreamState& s) noexcept {
  const Run run = held_.front(s.held, s.next);
  if (run.begin == run.end) {
    drop_held(s);
    return;
  }
  const bool waits = run.begin > s.next && run.begin >= held_.given_up_below(s.held);
  if (waits) timers_.arm(s.held, s.next, run, s.is(StreamState::kAckSeen) ? s.acked : 0, now_);
}

std::uint64_t Assembler::drop_held(StreamState& s) noexcept {
  timers_.disarm(s.held);
  const std::uint64_t dropped = held_.close(s.held, s.next);
  s.held = 0;
  return dropped;
}

bool Assembler::next_chunk(Connection& connection, Direction direction, Chunk& out) noexcept {
  StreamState& s = connection.stream(direction);
  while (s.held != 0) {
    const Run run = held_.front(s.held, s.next);
    const bool waits = run.begin > s.next && run.begin >= held_.given_up_below(s.held);
    if (run.begin == run.end || waits) {
      held_.given_up_below(s.held) = 0;
      settle(s);
      return false;
    }
    if (run.begin > s.next) skip_hole(s, run.begin);
    if (run.bytes == nullptr) {
      skip_truncated(s, run.end);
      continue;
    }
    out = {{run.bytes, run.end - run.begin}, run.begin, s.gap_lost + s.gap_truncated, s.gap_truncated};
    s.gap_lost = s.gap_truncated = 0;
    s.next = run.end;
    held_.hand_out(out.bytes.size());
    return true;
  }
  return false;
}

std::optional<Due> Assembler::due(Timestamp now) noexcept {
  const GapWheel::Popped popped = timers_.due(now);
  if (popped.id == 0) return std::nullopt;
  Due due = held_.owner(popped.id);
  due.when = popped.when;
  return due;
}

void Assembler::give_up(Connection& connection, Direction direction, Timestamp now) noexcept {
  now_ = now;
  const StreamState& s = connection.stream(direction);
  if (s.held == 0) return;
  const GapTimers::Expired expired = timers_.expire(s.held, now);
  std::uint64_t below = expired.below;
  if (expired.by_age)
    below = std::max(below, held_.end_of_aged(s.held, Timestamp{now.us - settings_.gap_timeout.us}));
  held_.given_up_below(s.held) = std::max(held_.given_up_below(s.held), below);
}

void Assembler::flush(Connection& connection, Direction direction) noexcept {
  const StreamState& s = connection.stream(direction);
  if (s.held != 0) held_.given_up_below(s.held) = kAll;
}

void Assembler::release(Connection& connection) noexcept {
  for (StreamState& s : connection.streams) {
    if (s.held != 0) counters_.dropped_bytes += drop_held(s);
    others_.forget(s);
  }
}

}  // namespace mirrorscan::reassembly
