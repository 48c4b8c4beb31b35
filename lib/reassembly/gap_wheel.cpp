#include "reassembly/gap_wheel.h"

#include <algorithm>

namespace mirrorscan::reassembly {

void GapWheel::insert(std::uint32_t id, std::int64_t tick) noexcept {
  const auto slot = static_cast<std::size_t>(std::clamp(tick, cursor_, cursor_ + kSlots - 1) % kSlots);
  Node& node = nodes_[id];
  node = {tick, 0, first_[slot], static_cast<std::uint16_t>(slot + 1)};
  if (node.next != 0) nodes_[node.next].previous = id;
  first_[slot] = id;
  ++scheduled_;
}

void GapWheel::schedule(std::uint32_t id, Timestamp deadline) noexcept {
  cancel(id);
  insert(id, tick_of(deadline));
}

void GapWheel::cancel(std::uint32_t id) noexcept {
  Node& node = nodes_[id];
  if (node.slot_plus_1 == kUnscheduled) return;
  if (node.previous != 0)
    nodes_[node.previous].next = node.next;
  else
    first_[node.slot_plus_1 - 1u] = node.next;
  if (node.next != 0) nodes_[node.next].previous = node.previous;
  node.slot_plus_1 = kUnscheduled;
  --scheduled_;
}

GapWheel::Popped GapWheel::pop(Timestamp now) noexcept {
  const std::int64_t tick = tick_of(now);
  // After a long silence one turn of the wheel sees every slot.
  if (tick - cursor_ > kSlots) cursor_ = tick - kSlots;
  while (cursor_ < tick && scheduled_ > 0) {
    const std::uint32_t id = first_[static_cast<std::size_t>(cursor_ % kSlots)];
    if (id == 0) {
      ++cursor_;
      continue;
    }
    cancel(id);
    if (nodes_[id].tick < tick) return {id, {(nodes_[id].tick + 1) << kTickShift}};
    insert(id, nodes_[id].tick);
    // A deadline in the future never lands in the slot just emptied: that slot is the cursor's.
  }
  cursor_ = std::max(cursor_, tick);
  return {};
}

}  // namespace mirrorscan::reassembly
