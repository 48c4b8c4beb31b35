#pragma once
// byte_extract: gives a name to a number in the payload, and moves the cursor to its end.

#include <string>
#include <string_view>

#include "keywords/byte_field.h"

namespace mirrorscan::keywords {

/// The value is number * multiplier, rounded up to `align` bytes; it wraps at 64 bits.
class ByteExtract final : public signature::PayloadTest {
 public:
  struct Spec {
    ByteField field;
    std::string name;
    std::uint8_t slot = 0;
    std::uint64_t multiplier = 1;
    std::uint64_t align = 1;  ///< 1, 2 or 4
  };

  explicit ByteExtract(Spec spec) : spec_(std::move(spec)) {}
  [[nodiscard]] bool match(signature::Inspection& in, std::size_t index,
                           std::uint32_t cursor) const noexcept override;
  [[nodiscard]] signature::PayloadTraits traits() const override;
  [[nodiscard]] std::string describe() const override;

 private:
  Spec spec_;
};

Status parse_byte_extract(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
