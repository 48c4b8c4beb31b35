#pragma once
// The flowbits and flowints of the flows of one lcore: lists of 16-byte nodes, one node for up to 64 bits or
// for one integer, from one budgeted pool.

#include <cstdint>
#include <optional>

#include "alert/flow_state.h"
#include "alert/node_pool.h"
#include "ledger/counter.h"
#include "signature/flow_variables.h"

namespace mirrorscan::alert {

class FlowVariables {
 public:
  FlowVariables(std::uint32_t budget, ledger::Counters& counters) : nodes_(budget), counters_(counters) {}

  /// Whether all of the rule's flow tests hold.
  [[nodiscard]] bool holds(const FlowState& flow, const signature::FlowProgram& program) noexcept;
  /// Does what the rule does; what finds no room is left undone and counted.
  void apply(FlowState& flow, const signature::FlowProgram& program) noexcept;
  /// The flow has ended.
  void forget(FlowState& flow) noexcept;
  [[nodiscard]] std::uint32_t used() const noexcept { return nodes_.used(); }

 private:
  struct Node {
    std::uint64_t value = 0;  ///< 64 bits, or an integer
    std::uint32_t key = 0;
    std::uint32_t next = kNoNode;
  };
  static_assert(sizeof(Node) == 16);

  [[nodiscard]] Node* find(const FlowState& flow, std::uint32_t key) noexcept;
  /// The node, made if need be; null when the budget is used up.
  [[nodiscard]] Node* take(FlowState& flow, std::uint32_t key) noexcept;
  void drop(FlowState& flow, std::uint32_t key) noexcept;

  [[nodiscard]] bool bit(const FlowState& flow, std::uint32_t index) noexcept;
  [[nodiscard]] std::optional<std::uint32_t> integer(const FlowState& flow, std::uint32_t index) noexcept;
  [[nodiscard]] std::uint32_t value_of(const FlowState& flow, const signature::FlowOperand& operand) noexcept;
  [[nodiscard]] bool holds(const FlowState& flow, const signature::FlowTest& test) noexcept;
  void apply(FlowState& flow, const signature::FlowEffect& effect) noexcept;
  void change_bit(FlowState& flow, const signature::FlowEffect& effect) noexcept;

  NodePool<Node> nodes_;
  ledger::Counters& counters_;
};

}  // namespace mirrorscan::alert
