#pragma once
// "A stream rule alerts once for each direction and W-aligned window": which rule has alerted in which
// window.

#include <cstdint>

#include "alert/flow_state.h"
#include "alert/node_pool.h"

namespace mirrorscan::alert {

class AlertMemory {
 public:
  explicit AlertMemory(std::uint32_t budget) : nodes_(budget) {}

  enum class Marked : std::uint8_t { first, again, no_room };
  /// Remembers the alert; `no_room` when the budget is used up or the window lies too far behind the rule's
  /// newest, and the alert may then repeat.
  [[nodiscard]] Marked mark(StreamState& stream, std::uint32_t rule, std::uint64_t window) noexcept;
  [[nodiscard]] bool contains(const StreamState& stream, std::uint32_t rule, std::uint64_t window) noexcept;
  void forget(StreamState& stream) noexcept;
  [[nodiscard]] std::uint32_t used() const noexcept { return nodes_.used(); }

 private:
  static constexpr std::uint64_t kRemembered = 32;
  /// Hits of a rule are decided out of order by at most a window or two, so a few bits behind the newest
  /// suffice.
  struct Node {
    std::uint64_t newest = 0;  ///< window index
    std::uint32_t seen = 0;    ///< bit i: window newest - i has alerted; kRemembered bits
    std::uint32_t rule = 0;
    std::uint32_t next = kNoNode;
  };
  [[nodiscard]] std::uint32_t find(const StreamState& stream, std::uint32_t rule) noexcept;

  NodePool<Node> nodes_;
};

}  // namespace mirrorscan::alert
