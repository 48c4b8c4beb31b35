#include "alert/flow_variables.h"

#include <algorithm>

namespace mirrorscan::alert {

using signature::FlowCheck;
using signature::FlowEffect;
using signature::FlowOperation;
using signature::FlowProgram;
using signature::FlowTest;

namespace {

constexpr std::uint32_t kBitsOfNode = 64;
constexpr std::uint32_t kInteger = 0x8000'0000;  ///< in a key: the node holds an integer

[[nodiscard]] std::uint32_t key_of_bit(std::uint32_t index) noexcept {
  return index / kBitsOfNode;
}

[[nodiscard]] std::uint64_t mask_of_bit(std::uint32_t index) noexcept {
  return std::uint64_t{1} << (index % kBitsOfNode);
}

[[nodiscard]] bool compares(FlowCheck check, std::uint32_t left, std::uint32_t right) noexcept {
  switch (check) {
    case FlowCheck::equal: return left == right;
    case FlowCheck::not_equal: return left != right;
    case FlowCheck::less: return left < right;
    case FlowCheck::less_or_equal: return left <= right;
    case FlowCheck::greater: return left > right;
    case FlowCheck::greater_or_equal: return left >= right;
    default: return false;
  }
}

}  // namespace

bool FlowVariables::holds(const FlowState& flow, const FlowProgram& program) noexcept {
  return std::all_of(program.tests.begin(), program.tests.end(),
                     [&](const FlowTest& test) noexcept { return holds(flow, test); });
}

void FlowVariables::apply(FlowState& flow, const FlowProgram& program) noexcept {
  for (const FlowEffect& effect : program.effects) apply(flow, effect);
}

void FlowVariables::forget(FlowState& flow) noexcept {
  while (flow.variables != kNoNode) {
    const std::uint32_t next = nodes_[flow.variables].next;
    nodes_.give_back(flow.variables);
    flow.variables = next;
  }
}

bool FlowVariables::holds(const FlowState& flow, const FlowTest& test) noexcept {
  const auto is_set = [&](const signature::FlowVariable& v) noexcept { return bit(flow, v.index); };
  const auto& variables = test.variables;
  switch (test.check) {
    case FlowCheck::any_bit_set: return std::any_of(variables.begin(), variables.end(), is_set);
    case FlowCheck::any_bit_not_set: return !std::all_of(variables.begin(), variables.end(), is_set);
    default: break;
  }
  const auto left = integer(flow, variables.front().index);
  if (test.check == FlowCheck::integer_set) return left.has_value();
  if (test.check == FlowCheck::integer_not_set) return !left.has_value();
  return left && compares(test.check, *left, value_of(flow, test.operand));
}

void FlowVariables::apply(FlowState& flow, const FlowEffect& effect) noexcept {
  if (kind_of(effect.operation) == signature::FlowKind::bit) return change_bit(flow, effect);
  const std::uint32_t operand = value_of(flow, effect.operand);
  const std::uint32_t index = effect.variable.index;
  const auto old = integer(flow, index);
  if (effect.operation == FlowOperation::subtract && !old) return;
  Node* node = take(flow, kInteger | index);
  if (node == nullptr) return;
  switch (effect.operation) {
    case FlowOperation::add: node->value = old.value_or(0) + operand; break;
    case FlowOperation::subtract: node->value = *old - operand; break;
    default: node->value = operand; break;
  }
  node->value &= 0xffff'ffff;
}

void FlowVariables::change_bit(FlowState& flow, const FlowEffect& effect) noexcept {
  const std::uint32_t index = effect.variable.index;
  const bool was = bit(flow, index);
  const bool shall =
      effect.operation == FlowOperation::set_bit || (effect.operation == FlowOperation::toggle_bit && !was);
  if (was == shall) return;
  Node* node = take(flow, key_of_bit(index));
  if (node == nullptr) return;
  node->value ^= mask_of_bit(index);
  if (node->value == 0) drop(flow, node->key);
}

bool FlowVariables::bit(const FlowState& flow, std::uint32_t index) noexcept {
  const Node* node = find(flow, key_of_bit(index));
  return node != nullptr && (node->value & mask_of_bit(index)) != 0;
}

std::optional<std::uint32_t> FlowVariables::integer(const FlowState& flow, std::uint32_t index) noexcept {
  const Node* node = find(flow, kInteger | index);
  if (node == nullptr) return std::nullopt;
  return static_cast<std::uint32_t>(node->value);
}

std::uint32_t FlowVariables::value_of(const FlowState& flow, const signature::FlowOperand& operand) noexcept {
  return operand.variable ? integer(flow, operand.variable->index).value_or(0) : operand.number;
}

FlowVariables::Node* FlowVariables::find(const FlowState& flow, std::uint32_t key) noexcept {
  for (std::uint32_t at = flow.variables; at != kNoNode; at = nodes_[at].next)
    if (nodes_[at].key == key) return &nodes_[at];
  return nullptr;
}

FlowVariables::Node* FlowVariables::take(FlowState& flow, std::uint32_t key) noexcept {
  if (Node* known = find(flow, key); known != nullptr) return known;
  const std::uint32_t at = nodes_.take();
  if (at == kNoNode) {
    counters_.add(ledger::Counter::flow_variables_budget);
    return nullptr;
  }
  nodes_[at] = {0, key, flow.variables};
  flow.variables = at;
  return &nodes_[at];
}

void FlowVariables::drop(FlowState& flow, std::uint32_t key) noexcept {
  std::uint32_t* link = &flow.variables;
  while (*link != kNoNode && nodes_[*link].key != key) link = &nodes_[*link].next;
  if (*link == kNoNode) return;
  const std::uint32_t at = *link;
  *link = nodes_[at].next;
  nodes_.give_back(at);
}

}  // namespace mirrorscan::alert
