#pragma once
// Plans that wait: for a number of packets to pass, or to be fetched. Bounded, and without allocation after
// construction.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "traffic/plan.h"

namespace mirrorscan::traffic {

struct HeldPlan {
  PacketPlan plan;
  std::uint64_t ordinal = 0;   ///< what its faults are drawn from
  std::uint64_t due = 0;       ///< position after which it goes on
  std::uint64_t limit_ns = 0;  ///< time at which it goes on if that position has not come by then
  std::uint64_t order = 0;     ///< of arrival here
};

/// Plans in the order in which they are due; those due together in the order in which they came.
class HeldPlans {
 public:
  explicit HeldPlans(std::size_t most) { heap_.reserve(most); }

  [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
  [[nodiscard]] bool full() const noexcept { return heap_.size() == heap_.capacity(); }
  [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }
  [[nodiscard]] const HeldPlan& first() const noexcept { return heap_.front(); }

  /// Only while it is not full.
  void push(HeldPlan held) noexcept {
    held.order = pushed_++;
    heap_.push_back(held);
    std::push_heap(heap_.begin(), heap_.end(), later);
  }
  /// Only while it is not empty.
  HeldPlan pop() noexcept {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    const HeldPlan held = heap_.back();
    heap_.pop_back();
    return held;
  }

 private:
  static bool later(const HeldPlan& a, const HeldPlan& b) noexcept {
    return a.due != b.due ? a.due > b.due : a.order > b.order;
  }

  std::vector<HeldPlan> heap_;
  std::uint64_t pushed_ = 0;
};

/// First in, first out; filled while it is empty, up to `most`.
class PlanQueue {
 public:
  explicit PlanQueue(std::size_t most) { plans_.reserve(most); }

  [[nodiscard]] std::size_t size() const noexcept { return plans_.size() - at_; }
  void push(const PacketPlan& plan) noexcept { plans_.push_back(plan); }
  PacketPlan pop() noexcept {
    const PacketPlan plan = plans_[at_++];
    if (at_ == plans_.size()) {
      plans_.clear();
      at_ = 0;
    }
    return plan;
  }

 private:
  std::vector<PacketPlan> plans_;
  std::size_t at_ = 0;
};

}  // namespace mirrorscan::traffic
