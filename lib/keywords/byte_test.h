#pragma once
// byte_test: compares a number in the payload.

#include <optional>
#include <string>
#include <string_view>

#include "keywords/byte_field.h"

namespace mirrorscan::keywords {

class ByteTest final : public signature::PayloadTest {
 public:
  enum class Operator : std::uint8_t {
    less,
    greater,
    equal,
    less_equal,
    greater_equal,
    common_bits,
    other_bits
  };
  struct Spec {
    ByteField field;
    Operator op = Operator::equal;
    bool negated = false;  ///< `!` before the operator; the number must be there all the same
    Quantity value;
    std::uint64_t mask = ~std::uint64_t{0};
  };

  explicit ByteTest(Spec spec) : spec_(std::move(spec)) {}
  [[nodiscard]] bool match(signature::Inspection& in, std::size_t index,
                           std::uint32_t cursor) const noexcept override;
  [[nodiscard]] signature::PayloadTraits traits() const override { return spec_.field.traits(); }
  [[nodiscard]] std::string describe() const override;

 private:
  Spec spec_;
};

Status parse_byte_test(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
