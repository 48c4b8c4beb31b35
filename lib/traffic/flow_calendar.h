#pragma once
// Which flow speaks next: a calendar queue, whose cost does not grow with the number of flows.
// Source: R. Brown, "Calendar queues", CACM 31 (1988) 10.

#include <cstdint>
#include <span>
#include <vector>

#include "traffic/flow.h"

namespace mirrorscan::traffic {

/// Slots of `flows` in the order of next_ns, equal ones in the order of their numbers. A day of the calendar
/// is a list through the flows of those due on it, in this year or a later one; a day is about as long as the
/// time between two packets, a year longer than most flows wait.
class FlowCalendar {
 public:
  /// `flows` outlives this. `interval_ns`: the expected time between two packets of all flows together.
  FlowCalendar(std::span<Flow> flows, double interval_ns);

  /// Not before the slot that pop() gave last.
  void push(std::uint32_t slot);
  /// Of the slots pushed, of which there is one.
  [[nodiscard]] std::uint32_t pop();

 private:
  static constexpr std::uint64_t kDaysAhead = 8;  ///< so far ahead flows are fetched from memory

  [[nodiscard]] std::uint64_t day_of(std::uint32_t slot) const noexcept {
    return flows_[slot].next_ns >> day_shift_;
  }
  [[nodiscard]] bool before(std::uint32_t a, std::uint32_t b) const noexcept;
  void open_day();

  std::span<Flow> flows_;
  int day_shift_;                    ///< a day is 1 << this nanoseconds
  std::vector<std::uint32_t> days_;  ///< the first slot of each list; a power of two of them
  std::uint64_t today_ = 0;          ///< the day whose slots are in due_
  std::vector<std::uint32_t> due_;   ///< of today, the next one last
};

}  // namespace mirrorscan::traffic
