#pragma once
// What a rule asks of the variables of its flow and does to them: flowbits and flowint. The keywords write
// names; once all rules are known lib/rules gives each name an index, and the run side knows indices only.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mirrorscan::signature {

/// A bit or an integer of a flow. Bits and integers have names, and indices from 0, of their own.
struct FlowVariable {
  std::string name;
  std::uint32_t index = 0;
};

/// The right-hand side of a flowint: a number, or a variable that counts as 0 until it is set.
struct FlowOperand {
  std::uint32_t number = 0;
  std::optional<FlowVariable> variable;
};

enum class FlowCheck : std::uint8_t {
  any_bit_set,
  any_bit_not_set,
  integer_set,
  integer_not_set,
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
};

enum class FlowKind : std::uint8_t { bit, integer };

[[nodiscard]] constexpr FlowKind kind_of(FlowCheck check) noexcept {
  return check <= FlowCheck::any_bit_not_set ? FlowKind::bit : FlowKind::integer;
}

/// A condition. A comparison with an integer that was never set does not hold.
struct FlowTest {
  FlowCheck check = FlowCheck::any_bit_set;
  std::vector<FlowVariable> variables;  ///< several only for bits
  FlowOperand operand;                  ///< of a comparison
};

enum class FlowOperation : std::uint8_t { set_bit, unset_bit, toggle_bit, assign, add, subtract };

[[nodiscard]] constexpr FlowKind kind_of(FlowOperation operation) noexcept {
  return operation <= FlowOperation::toggle_bit ? FlowKind::bit : FlowKind::integer;
}

/// What a rule that matched does; integers have 32 bits and wrap around.
struct FlowEffect {
  FlowOperation operation = FlowOperation::set_bit;
  FlowVariable variable;
  FlowOperand operand;  ///< of an integer
};

/// A rule without any of it is stateless.
struct FlowProgram {
  std::vector<FlowTest> tests;      ///< all must hold
  std::vector<FlowEffect> effects;  ///< in the order written
  [[nodiscard]] bool empty() const noexcept { return tests.empty() && effects.empty(); }
};

}  // namespace mirrorscan::signature
