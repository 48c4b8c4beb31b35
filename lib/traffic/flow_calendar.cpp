#include "traffic/flow_calendar.h"

#include <algorithm>
#include <bit>

namespace mirrorscan::traffic {
namespace {

constexpr std::uint64_t kLeastDays = 64;

[[nodiscard]] int shift_of(double interval_ns) noexcept {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(std::clamp(interval_ns, 1.0, 1e15))));
}

}  // namespace

FlowCalendar::FlowCalendar(std::span<Flow> flows, double interval_ns)
    : flows_(flows),
      day_shift_(shift_of(interval_ns)),
      days_(std::bit_ceil(std::max<std::uint64_t>(kLeastDays, 2 * flows.size())), Flow::kNone) {
  open_day();
}

bool FlowCalendar::before(std::uint32_t a, std::uint32_t b) const noexcept {
  const std::uint64_t at_a = flows_[a].next_ns, at_b = flows_[b].next_ns;
  return at_a != at_b ? at_a < at_b : a < b;
}

void FlowCalendar::push(std::uint32_t slot) {
  const std::uint64_t day = day_of(slot);
  if (day > today_) {
    std::uint32_t& first = days_[day & (days_.size() - 1)];
    flows_[slot].next = first;
    first = slot;
    return;
  }
  const auto later = [this](std::uint32_t a, std::uint32_t b) { return before(b, a); };
  due_.insert(std::lower_bound(due_.begin(), due_.end(), slot, later), slot);
}

std::uint32_t FlowCalendar::pop() {
  while (due_.empty()) {
    ++today_;
    open_day();
  }
  const std::uint32_t slot = due_.back();
  due_.pop_back();
  return slot;
}

/// Takes the slots of today out of their list; those of later years stay.
void FlowCalendar::open_day() {
  const std::uint64_t mask = days_.size() - 1;
  if (const std::uint32_t soon = days_[(today_ + kDaysAhead) & mask]; soon != Flow::kNone)
    __builtin_prefetch(&flows_[soon]);
  std::uint32_t* link = &days_[today_ & mask];
  while (*link != Flow::kNone) {
    const std::uint32_t slot = *link;
    if (day_of(slot) == today_) {
      *link = flows_[slot].next;
      due_.push_back(slot);
    } else {
      link = &flows_[slot].next;
    }
  }
  std::sort(due_.begin(), due_.end(), [this](std::uint32_t a, std::uint32_t b) { return before(b, a); });
}

}  // namespace mirrorscan::traffic
