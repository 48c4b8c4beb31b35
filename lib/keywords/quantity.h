#pragma once
// A number in a rule's test: written out, or the value that a byte_extract or byte_math has put into a
// variable.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "signature/inspection.h"

namespace mirrorscan::keywords {

/// Sums and products that stop at the greatest value.
[[nodiscard]] constexpr std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) noexcept {
  return a + b < a ? std::numeric_limits<std::uint64_t>::max() : a + b;
}
[[nodiscard]] constexpr std::uint64_t saturating_product(std::uint64_t a, std::uint64_t b) noexcept {
  const bool over = b != 0 && a > std::numeric_limits<std::uint64_t>::max() / b;
  return over ? std::numeric_limits<std::uint64_t>::max() : a * b;
}

/// A name that a rule has given to a value.
struct Variable {
  std::string name;
  std::uint8_t slot = 0;   ///< index into Inspection::variables
  std::uint64_t most = 0;  ///< no value is greater
  /// When its test is evaluated: the place of its buffer among the rule's, and of the test in the buffer.
  std::pair<std::size_t, std::size_t> order;
};

class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(std::int64_t value) : fixed_(value) {}
  explicit Quantity(const Variable& variable)
      : name_(variable.name), slot_(variable.slot), most_(variable.most) {}

  [[nodiscard]] bool is_variable() const noexcept { return slot_ != kFixed; }

  /// All 64 bits; a written number that is negative as its two's complement.
  [[nodiscard]] std::uint64_t bits(const signature::Inspection& in) const noexcept {
    return is_variable() ? in.variables[slot_] : static_cast<std::uint64_t>(fixed_);
  }
  /// As a place or length: of a variable the low 32 bits with their sign, which is how the reference reads
  /// it.
  [[nodiscard]] std::int64_t distance(const signature::Inspection& in) const noexcept {
    return is_variable() ? static_cast<std::int32_t>(in.variables[slot_]) : fixed_;
  }
  /// As a count from a start: of a variable at most kFar, which no buffer reaches.
  [[nodiscard]] std::int64_t count(const signature::Inspection& in) const noexcept {
    return is_variable() ? static_cast<std::int64_t>(std::min(in.variables[slot_], kFar)) : fixed_;
  }

  /// The limits of distance() and count(), within +-kFar.
  [[nodiscard]] std::int64_t least() const noexcept {
    if (!is_variable()) return fixed_;
    return has_sign() ? -static_cast<std::int64_t>(kFar) : 0;
  }
  [[nodiscard]] std::int64_t most() const noexcept {
    if (!is_variable()) return fixed_;
    return has_sign() ? static_cast<std::int64_t>(kFar) : static_cast<std::int64_t>(most_);
  }
  /// No limit worth the name: it may lie anywhere in a buffer.
  [[nodiscard]] bool anywhere() const noexcept { return is_variable() && has_sign(); }
  /// The greatest value of bits().
  [[nodiscard]] std::uint64_t most_bits() const noexcept {
    return is_variable() ? most_ : static_cast<std::uint64_t>(fixed_);
  }

  /// As the rule has it.
  [[nodiscard]] std::string text() const { return is_variable() ? name_ : std::to_string(fixed_); }

  static constexpr std::uint64_t kFar = std::uint64_t{1} << 32;

 private:
  static constexpr std::uint8_t kFixed = 0xff;
  [[nodiscard]] bool has_sign() const noexcept {
    return most_ > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max());
  }

  std::int64_t fixed_ = 0;
  std::string name_;
  std::uint8_t slot_ = kFixed;
  std::uint64_t most_ = 0;
};

}  // namespace mirrorscan::keywords
