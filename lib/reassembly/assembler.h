#pragma once
// TCP segments to in-order bytes, for all connections of one lcore.
//
//     while (auto due = assembler.due(time)) {          // before each segment; cheap when nothing is due
//       assembler.give_up(connection_of(due), due->direction, due->when);
//       drain(connection_of(due), due->direction);      // next_chunk() until false
//     }
//     const Outcome out = assembler.segment(connection, id, segment, pieces);
//     scan(payload at out.deliver_offset, out.deliver_length);
//     drain(connection, segment.direction);             // always, before the next segment of this stream
//     if (connection.finished(d)) nothing of d can follow; else, at the flow's end: flush(), drain, release()
//
// A hole is given up by packet time only, and at the moment when its time was up rather than when that was
// noticed: the result does not depend on burst sizes, nor on what other connections the lcore has.

#include <cstdint>
#include <optional>
#include <span>

#include "reassembly/connection.h"
#include "reassembly/gap_timers.h"
#include "reassembly/held_streams.h"
#include "reassembly/second_versions.h"
#include "reassembly/segment.h"
#include "reassembly/versions.h"

namespace mirrorscan::reassembly {

/// Running totals of one assembler.
struct Counters {
  std::uint64_t gaps = 0;             ///< holes given up
  std::uint64_t gap_bytes = 0;        ///< in those
  std::uint64_t truncated_bytes = 0;  ///< holes that truncated segments left in streams
  std::uint64_t out_of_order = 0;     ///< segments that came before their predecessors
  std::uint64_t overlap_differs = 0;  ///< segments with other bytes than those held
  std::uint64_t budget_gaps = 0;      ///< segments for which holes were given up because a budget was used up
  std::uint64_t over_budget_bytes = 0;
  std::uint64_t dropped_bytes = 0;   ///< held bytes that release() found undelivered
  std::uint64_t resynchronised = 0;  ///< streams that jumped ahead after an outage
  std::uint64_t beyond_depth = 0;    ///< segments with bytes beyond the depth
  std::uint64_t urgent = 0;          ///< segments with payload and URG
};

class Assembler {
 public:
  /// Maps memory for max_held_bytes and one segment more (README.md has the formula); untouched until used.
  explicit Assembler(const Settings& settings);

  /// Takes one segment. `pieces` is its captured payload, in order. When `tuple_reused`, nothing was taken:
  /// the caller ends the flow (flush, drain, release), begins a new one with successor_of(connection), and
  /// gives the segment again. Cost: O(1) in order; O(log n) in the pages held when not.
  [[nodiscard]] Outcome segment(Connection& connection, std::uint32_t connection_id, const Segment& segment,
                                std::span<const ByteView> pieces) noexcept;

  /// The next held bytes that are in order, or whose hole was given up. False: nothing (more) to deliver.
  [[nodiscard]] bool next_chunk(Connection& connection, Direction direction, Chunk& out) noexcept;

  /// The next bytes of a second version of what next_chunk() gave: where held bytes came twice with different
  /// contents, those that do not lead. Call after each chunk.
  [[nodiscard]] bool next_other(Connection& connection, Direction direction, Chunk& out) noexcept {
    return others_.next(connection.stream(direction), out);
  }

  /// False where due() would find nothing, as for most packets.
  [[nodiscard]] bool may_be_due(Timestamp now) const noexcept { return timers_.may_be_due(now); }
  /// A stream with a hole whose time is up, each once; the caller answers with give_up() and drains. A
  /// timeout is noticed up to 16.4 ms late, never early.
  [[nodiscard]] std::optional<Due> due(Timestamp now) noexcept;

  /// Gives up the holes whose time is up; then drain.
  void give_up(Connection& connection, Direction direction, Timestamp now) noexcept;

  /// Gives up all holes with something behind them (close, eviction, end of the capture); then drain.
  void flush(Connection& connection, Direction direction) noexcept;

  /// Frees what is still held. After flush() and draining both directions that is nothing.
  void release(Connection& connection) noexcept;

  [[nodiscard]] std::uint64_t held_bytes() const noexcept { return held_.bytes(); }
  [[nodiscard]] std::uint32_t held_pages() const noexcept { return held_.pages(); }
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

 private:
  struct Span;  // a segment's place in its stream

  /// Its bytes are on a SYN and not the stream's.
  [[nodiscard]] bool is_aside(const Segment& segment) const noexcept;
  void place(StreamState& s, std::uint32_t id, const Segment& segment, std::span<const ByteView> pieces,
             Outcome& out) noexcept;
  void cut_depth(Span& span, Outcome& out) noexcept;
  void cut_old(StreamState& s, Span& span, Outcome& out) noexcept;
  /// What came late has been told: the next copy is a retransmission. A part out of the middle of the hole is
  /// not remembered, and may be told again.
  static void forget_late(StreamState& s, std::int64_t begin, std::int64_t end) noexcept;
  void cut_ahead(StreamState& s, const Segment& segment, Span& span, Outcome& out) noexcept;
  void take(StreamState& s, Due owner, Span span, std::span<const ByteView> pieces, Outcome& out) noexcept;
  void deliver(StreamState& s, Span& span, Outcome& out) noexcept;
  void hold(StreamState& s, Due owner, const Span& span, std::span<const ByteView> pieces,
            Outcome& out) noexcept;
  void make_room(StreamState& s, const Span& span) noexcept;
  void pass_depth(StreamState& s, std::int64_t begin, std::int64_t end) const noexcept;
  static void pass_hole(StreamState& s, std::uint64_t to) noexcept;
  void skip_hole(StreamState& s, std::uint64_t to) noexcept;
  void skip_truncated(StreamState& s, std::uint64_t to) noexcept;
  void settle(StreamState& s) noexcept;
  std::uint64_t drop_held(StreamState& s) noexcept;

  Settings settings_;
  HeldStreams held_;
  SecondVersions others_;
  Versions versions_;  ///< of the segment at hand
  GapTimers timers_;
  Counters counters_;
  Timestamp now_;
};

}  // namespace mirrorscan::reassembly
