#pragma once
// When a hole is given up. A stream's first hole has up to two deadlines: gap_timeout after the first byte
// behind it came, and acked_gap_timeout after it was seen that the peer acknowledged it: the receiver has
// those bytes, so what is missing was lost on the way to us and will hardly come again.

#include <cstdint>
#include <limits>

#include "base/lazy_array.h"
#include "base/timestamp.h"
#include "reassembly/gap_wheel.h"
#include "reassembly/held_streams.h"
#include "reassembly/segment.h"

namespace mirrorscan::reassembly {

class GapTimers {
 public:
  /// For stream numbers 1 to `ids`.
  GapTimers(const Settings& settings, std::size_t ids);

  /// The stream's first hole ends where `behind` begins. `hole_begin` is the next expected offset, `acked`
  /// the peer's highest acknowledgement (0 = none). A hole that only shrinks keeps its deadlines.
  void arm(HeldId id, std::uint64_t hole_begin, const Run& behind, std::uint64_t acked,
           Timestamp now) noexcept;
  void disarm(HeldId id) noexcept;

  /// The peer acknowledged everything before `acked`.
  void acknowledged(HeldId id, std::uint64_t acked, Timestamp now) noexcept;

  /// False where due() would find nothing, as for most packets.
  [[nodiscard]] bool may_be_due(Timestamp now) const noexcept { return wheel_.may_pop(now); }
  /// A stream with a hole whose time is up, once, and when it was up.
  [[nodiscard]] GapWheel::Popped due(Timestamp now) noexcept { return wheel_.pop(now); }

  struct Expired {
    std::uint64_t below = 0;  ///< holes that end before this offset are given up; 0 = none is
    bool by_age = false;      ///< gap_timeout passed, so that the holes before other aged pages go too
  };
  /// What is to be given up at `now`; the stream must be armed again afterwards.
  [[nodiscard]] Expired expire(HeldId id, Timestamp now) noexcept;

 private:
  static constexpr Timestamp kNever{std::numeric_limits<std::int64_t>::max()};

  struct Timer {
    std::uint64_t hole_end = 0;
    std::uint64_t mark = 0;  ///< what the peer had acknowledged when acked_deadline was set
    Timestamp gap_deadline, acked_deadline;
    bool armed = false;
  };

  void schedule(HeldId id, Timestamp now) noexcept;
  void mark_acked(Timer& timer, std::uint64_t acked, Timestamp now) const noexcept;

  Duration gap_timeout_;
  Duration acked_gap_timeout_;
  LazyArray<Timer> timers_;
  GapWheel wheel_;
};

}  // namespace mirrorscan::reassembly
