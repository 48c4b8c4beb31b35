#include "reassembly/gap_timers.h"

#include <algorithm>

namespace mirrorscan::reassembly {

GapTimers::GapTimers(const Settings& settings, std::size_t ids)
    : gap_timeout_(settings.gap_timeout),
      acked_gap_timeout_(settings.acked_gap_timeout),
      timers_(ids + 1),
      wheel_(ids) {}

void GapTimers::schedule(HeldId id, Timestamp now) noexcept {
  const Timer& timer = timers_[id];
  wheel_.schedule(id, std::max(now, std::min(timer.gap_deadline, timer.acked_deadline)));
}

void GapTimers::mark_acked(Timer& timer, std::uint64_t acked, Timestamp now) const noexcept {
  if (timer.acked_deadline != kNever || acked < timer.hole_end) return;
  timer.mark = acked;
  timer.acked_deadline = now + acked_gap_timeout_;
}

void GapTimers::arm(HeldId id, std::uint64_t hole_begin, const Run& behind, std::uint64_t acked,
                    Timestamp now) noexcept {
  Timer& timer = timers_[id];
  const bool same_hole = timer.armed && behind.begin <= timer.hole_end;
  timer.hole_end = behind.begin;
  if (!same_hole) {
    // A page has one time, that of its first byte. A hole inside the page may be younger: its clock starts
    // now, so that no hole is given up early.
    const bool inside_page = hole_begin / kPageBytes == behind.begin / kPageBytes;
    timer.gap_deadline = (inside_page ? now : behind.page_time) + gap_timeout_;
    if (!timer.armed || timer.mark < timer.hole_end) timer.acked_deadline = kNever;
    timer.armed = true;
  }
  mark_acked(timer, acked, now);
  schedule(id, now);
}

void GapTimers::disarm(HeldId id) noexcept {
  wheel_.cancel(id);
  timers_[id].armed = false;
}

void GapTimers::acknowledged(HeldId id, std::uint64_t acked, Timestamp now) noexcept {
  Timer& timer = timers_[id];
  if (!timer.armed || timer.acked_deadline != kNever) return;
  mark_acked(timer, acked, now);
  if (timer.acked_deadline != kNever) schedule(id, now);
}

GapTimers::Expired GapTimers::expire(HeldId id, Timestamp now) noexcept {
  Timer& timer = timers_[id];
  if (!timer.armed) return {};
  Expired out;
  if (timer.gap_deadline <= now) out = {timer.hole_end + 1, true};
  if (timer.acked_deadline <= now) out.below = std::max(out.below, timer.mark + 1);
  if (out.below == 0) {
    schedule(id, now);
    return out;
  }
  disarm(id);
  return out;
}

}  // namespace mirrorscan::reassembly
