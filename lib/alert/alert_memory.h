#pragma once
// "A stream rule alerts once for each direction and W-aligned window": which rule has alerted in which
// window.

#include <cstdint>
#include <vector>

#include "alert/flow_state.h"
#include "alert/node_pool.h"
#include "signature/rule.h"

namespace mirrorscan::alert {

/// The window, of `size` bytes, of a match whose trigger ends at stream offset `end`.
[[nodiscard]] inline std::uint64_t window_of(const signature::Rule& rule, std::uint64_t end,
                                             std::uint32_t size) noexcept {
  if (rule.rule_class == signature::RuleClass::anchored || end == 0) return 0;
  return (end - 1) / size;
}

/// A hash table over (stream, rule), so that a look costs the same however many rules have alerted; the nodes
/// of one stream are a list besides, to be given back together. A stream is known by its address: it stays
/// where it is until forget().
class AlertMemory {
 public:
  explicit AlertMemory(std::uint32_t budget);

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
    const StreamState* stream = nullptr;
    std::uint32_t seen = 0;  ///< bit i: window newest - i has alerted; kRemembered bits
    std::uint32_t rule = 0;
    std::uint32_t next = kNoNode;   ///< of the stream; of the free list
    std::uint32_t chain = kNoNode;  ///< of the bucket
  };
  [[nodiscard]] std::uint32_t& bucket(const StreamState& stream, std::uint32_t rule) noexcept;
  [[nodiscard]] std::uint32_t find(const StreamState& stream, std::uint32_t rule) noexcept;
  void unchain(std::uint32_t node) noexcept;

  NodePool<Node> nodes_;
  std::vector<std::uint32_t> buckets_;  ///< a power of two; heads of chains
};

}  // namespace mirrorscan::alert
