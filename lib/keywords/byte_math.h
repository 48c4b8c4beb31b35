#pragma once
// byte_math: gives a name to what comes of a number in the payload, an operator and a second number, and
// moves the cursor to the number's end.

#include <string>
#include <string_view>

#include "keywords/byte_field.h"

namespace mirrorscan::keywords {

/// Arithmetic is of 64 bits without sign and wraps. A division by zero is no match; a shift by 64 or more
/// gives 0. The bitmask is applied to the result.
class ByteMath final : public signature::PayloadTest {
 public:
  enum class Operator : std::uint8_t { plus, minus, times, divided, left, right };
  struct Spec {
    ByteField field;
    Operator op = Operator::plus;
    Quantity rvalue;
    std::string name;
    std::uint8_t slot = 0;
    std::uint64_t mask = ~std::uint64_t{0};
  };

  explicit ByteMath(Spec spec) : spec_(std::move(spec)) {}
  [[nodiscard]] bool match(signature::Inspection& in, std::size_t index,
                           std::uint32_t cursor) const noexcept override;
  [[nodiscard]] signature::PayloadTraits traits() const override;
  [[nodiscard]] std::string describe() const override;

 private:
  Spec spec_;
};

/// `bytes N|name, offset N, oper O, rvalue N|name, result NAME`, in any order, and perhaps `relative`,
/// `endian big|little`, `string hex|dec|oct`, `bitmask N`; each once.
Status parse_byte_math(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
