#pragma once
// A timer wheel that is re-armed lazily: a packet of a flow only writes a time into the flow's record, and
// the wheel asks for the true tick when the armed one has come.

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/lazy_array.h"
#include "base/timestamp.h"
#include "flow/slot.h"

namespace mirrorscan::flow {

/// Ticks of one second since the epoch. A slot is armed at its true tick or before it, never after, in
/// first-in-first-out order within a tick. The wheel is longer than the longest timeout, so that a position
/// means one tick. Time is an argument; it must not go backwards.
///
/// `due(slot)` is the tick at which a slot is due by what is known now. One call inspects kSweep slots at
/// most, so that a million flows armed in one second cannot stop the lcore: the next call goes on.
class Wheel {
 public:
  using Tick = std::int64_t;
  static constexpr std::uint32_t kSweep = 256;

  Wheel(std::uint32_t max_flows, Duration longest_timeout);

  /// Arms a slot that is not armed. Cost: two cold cache lines.
  void arm(Slot slot, Tick tick, Tick now) noexcept;
  void disarm(Slot slot) noexcept;
  /// Re-arms `slot` where its true tick has become earlier than the armed one.
  void hasten(Slot slot, Tick tick) noexcept {
    if (tick < tick_of(nodes_[slot].position)) move(slot, tick);
  }

  /// A slot that is due at `now`; it stays armed. kNone where there is none, or the sweep is used up.
  template <class Due>
  [[nodiscard]] Slot next_due(Tick now, const Due& due) noexcept {
    catch_up(now);
    std::uint32_t sweep = kSweep;
    for (; earliest_ <= now; ++earliest_) {
      follow(now);
      const std::uint32_t end = end_of(earliest_);
      for (Slot slot = nodes_[end].next; slot != end; slot = nodes_[end].next) {
        const Tick tick = due(slot);
        if (tick <= now) return slot;
        if (sweep-- == 0) return kNone;
        move(slot, tick);
      }
    }
    follow(now);
    return kNone;
  }

  /// Calls `visit(slot)` for each slot that is due at `now`, in no order; they stay armed, and `visit` must
  /// not change that. Not bounded by kSweep.
  template <class Due, class Visit>
  void for_each_due(Tick now, const Due& due, const Visit& visit) noexcept {
    catch_up(now);
    for (Tick tick = earliest_; tick <= now; ++tick) {
      const std::uint32_t end = end_of(tick);
      for (Slot slot = nodes_[end].next, next = 0; slot != end; slot = next) {
        next = nodes_[slot].next;
        const Tick true_tick = due(slot);
        if (true_tick <= now)
          visit(slot);
        else if (clamped(true_tick) > now)
          move(slot, true_tick);
      }
      if (tick == earliest_ && nodes_[end].next == end) ++earliest_;
    }
    follow(now);
  }

  /// The slot with the earliest true tick; among those that are due already, any. Where the sweep is used up
  /// by slots that were touched since they were armed, the best of those. kNone only when nothing is armed.
  template <class Due>
  [[nodiscard]] Slot first(Tick now, const Due& due) noexcept {
    catch_up(now);
    if (armed_ == 0) return kNone;
    Slot best = kNone;
    Tick best_tick = 0;
    for (std::uint32_t sweep = kSweep;; --sweep) {
      while (nodes_[end_of(earliest_)].next == end_of(earliest_)) ++earliest_;
      const Slot slot = nodes_[end_of(earliest_)].next;
      const Tick tick = due(slot);
      if (clamped(tick) <= earliest_) return slot;
      if (best == kNone || tick < best_tick) best = slot, best_tick = tick;
      if (sweep == 0) return best;
      move(slot, tick);
    }
  }

  [[nodiscard]] std::uint32_t armed() const noexcept { return armed_; }
  [[nodiscard]] static std::uint32_t positions(Duration longest_timeout) noexcept;
  /// Bytes at a full table.
  [[nodiscard]] static std::uint64_t bytes(std::uint32_t max_flows, Duration longest_timeout) noexcept;

 private:
  /// A link of a ring. Slots are followed by one node for each position, the end of that position's ring.
  struct Node {
    std::uint32_t previous, next;
    std::uint32_t position;
  };
  static constexpr Tick kNever = std::numeric_limits<Tick>::max();

  [[nodiscard]] std::uint32_t end_of(Tick tick) const noexcept {
    return max_flows_ + (static_cast<std::uint32_t>(tick) & mask_);
  }
  [[nodiscard]] Tick tick_of(std::uint32_t position) const noexcept {
    return cursor_ + ((position - static_cast<std::uint32_t>(cursor_)) & mask_);
  }
  [[nodiscard]] Tick clamped(Tick tick) const noexcept {
    return std::clamp(tick, cursor_, cursor_ + static_cast<Tick>(mask_));
  }
  void catch_up(Tick now) noexcept;
  void follow(Tick now) noexcept;
  void link(Slot slot, Tick tick) noexcept;
  void unlink(Slot slot) noexcept;
  void move(Slot slot, Tick tick) noexcept;

  std::uint32_t max_flows_;
  std::uint32_t mask_;  ///< positions - 1
  std::uint32_t armed_ = 0;
  Tick cursor_ = 0;         ///< no slot is armed before it, none more than mask_ after it
  Tick earliest_ = kNever;  ///< no slot is armed before it; at or after cursor_
  LazyArray<Node> nodes_;
};

}  // namespace mirrorscan::flow
