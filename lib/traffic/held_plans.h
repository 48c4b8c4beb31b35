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
  [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }
  [[nodiscard]] const HeldPlan& first() const noexcept { return heap_.front(); }

  /// Only while there are fewer than `most`.
  void push(HeldPlan held) noexcept {
    held.order = pushed_++;
    soonest_limit_ns_ = std::min(soonest_limit_ns_, held.limit_ns);
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

  /// The plan whose limit passed first, if one has by `now_ns`. Cost: a comparison as long as none has.
  [[nodiscard]] bool pop_overdue(std::uint64_t now_ns, HeldPlan& out) noexcept {
    if (now_ns < soonest_limit_ns_) return false;
    const auto sooner = [](const HeldPlan& a, const HeldPlan& b) {
      return a.limit_ns != b.limit_ns ? a.limit_ns < b.limit_ns : a.order < b.order;
    };
    const auto soonest = std::min_element(heap_.begin(), heap_.end(), sooner);
    soonest_limit_ns_ = soonest == heap_.end() ? kNever : soonest->limit_ns;
    if (now_ns < soonest_limit_ns_) return false;
    out = *soonest;
    *soonest = heap_.back();
    heap_.pop_back();
    std::make_heap(heap_.begin(), heap_.end(), later);
    return true;
  }

 private:
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  static bool later(const HeldPlan& a, const HeldPlan& b) noexcept {
    return a.due != b.due ? a.due > b.due : a.order > b.order;
  }

  std::vector<HeldPlan> heap_;
  std::uint64_t pushed_ = 0;
  std::uint64_t soonest_limit_ns_ = kNever;  ///< no plan's limit is below it
};

/// First in, first out. Emptied before it is filled again, with `most` plans at most.
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
