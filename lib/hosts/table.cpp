#include "hosts/table.h"

#include <algorithm>
#include <bit>

namespace mirrorscan::hosts {
namespace {

/// Looked at for each new state: twice as many as come, so that what is over does not pile up.
constexpr std::uint32_t kSwept = 4;
/// States that one eviction spares because they were asked for; the next one goes all the same. Else who asks
/// for each state once more makes the next call walk the whole table.
constexpr std::uint32_t kSpared = 64;

}  // namespace

Table::Table(std::uint32_t budget, std::uint64_t seed)
    : seed_(seed),
      budget_(std::clamp(budget, 1U, 1U << 28)),
      mask_(std::bit_ceil(2 * budget_) - 1),
      slots_(std::size_t{mask_} + 1) {}

std::uint32_t Table::place_of(const Key& key) const noexcept {
  for (std::uint32_t at = home(key); slots_[at].used != 0; at = (at + 1) & mask_)
    if (slots_[at].key == key) return at;
  return kNone;
}

State* Table::find(const Key& key, Timestamp now) noexcept {
  const std::uint32_t at = place_of(key);
  if (at == kNone) return nullptr;
  Slot& slot = slots_[at];
  if (slot.state.expires < now) {
    remove(at);
    return nullptr;
  }
  slot.asked = 1;
  return &slot.state;
}

State& Table::insert(const Key& key, Timestamp now) noexcept {
  sweep(now);
  if (size_ == budget_) evict();
  std::uint32_t at = home(key);
  while (slots_[at].used != 0) at = (at + 1) & mask_;
  slots_[at] = {key, {}, 1, 0};
  ++size_;
  return slots_[at].state;
}

void Table::erase(const Key& key) noexcept {
  if (const std::uint32_t at = place_of(key); at != kNone) remove(at);
}

/// Linear probing without tombstones: what stands behind the hole and may stand in it moves there.
void Table::remove(std::uint32_t place) noexcept {
  std::uint32_t hole = place;
  for (std::uint32_t at = (hole + 1) & mask_; slots_[at].used != 0; at = (at + 1) & mask_) {
    const std::uint32_t from_home = (at - home(slots_[at].key)) & mask_;
    if (from_home < ((at - hole) & mask_)) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole].used = 0;
  --size_;
}

void Table::sweep(Timestamp now) noexcept {
  for (std::uint32_t i = 0; i < kSwept; ++i) {
    Slot& slot = slots_[hand_];
    if (slot.used != 0 && slot.state.expires < now)
      remove(hand_);  // another may have moved here: the hand stays
    else
      hand_ = (hand_ + 1) & mask_;
  }
}

void Table::evict() noexcept {
  for (const std::uint64_t most = spared_ + kSpared;; hand_ = (hand_ + 1) & mask_) {
    Slot& slot = slots_[hand_];
    if (slot.used == 0) continue;
    if (slot.asked == 0 || spared_ == most) break;
    slot.asked = 0;
    ++spared_;
  }
  remove(hand_);
  ++evicted_;
}

}  // namespace mirrorscan::hosts
