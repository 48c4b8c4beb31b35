#pragma once
// A budgeted pool of equal nodes addressed by 32-bit index: lists in flow state need no pointers and no
// allocation.

#include <cstdint>
#include <vector>

namespace mirrorscan::alert {

inline constexpr std::uint32_t kNoNode = 0xffffffff;

/// T needs a member `std::uint32_t next`.
template <class T>
class NodePool {
 public:
  explicit NodePool(std::uint32_t budget) : nodes_(budget) {
    for (std::uint32_t i = 0; i < budget; ++i) nodes_[i].next = i + 1 < budget ? i + 1 : kNoNode;
    free_ = budget == 0 ? kNoNode : 0;
  }

  /// kNoNode when the budget is used up.
  [[nodiscard]] std::uint32_t take() noexcept {
    const std::uint32_t node = free_;
    if (node == kNoNode) return kNoNode;
    free_ = nodes_[node].next;
    ++used_;
    return node;
  }
  void give_back(std::uint32_t node) noexcept {
    nodes_[node].next = free_;
    free_ = node;
    --used_;
  }
  [[nodiscard]] T& operator[](std::uint32_t node) noexcept { return nodes_[node]; }
  [[nodiscard]] std::uint32_t used() const noexcept { return used_; }

 private:
  std::vector<T> nodes_;
  std::uint32_t free_ = kNoNode;
  std::uint32_t used_ = 0;
};

}  // namespace mirrorscan::alert
