#pragma once
// byte_jump: moves the cursor by a number in the payload.

#include <optional>
#include <string>
#include <string_view>

#include "keywords/byte_field.h"

namespace mirrorscan::keywords {

/// The cursor moves to
///
///     base + number * multiplier (rounded up to 4 bytes with `align`) + post_offset
///
/// with the number's own end as base, or the buffer's start or end. Arithmetic wraps at 64 bits and the sum
/// is signed, so that a number may mean a step back. A place before the buffer's start is its start; one
/// beyond its end is no match. Both as in the reference.
class ByteJump final : public signature::PayloadTest {
 public:
  enum class From : std::uint8_t { number, beginning, end };
  struct Spec {
    ByteField field;
    From from = From::number;
    std::uint64_t multiplier = 1;
    bool align = false;
    std::int64_t post_offset = 0;
  };

  explicit ByteJump(Spec spec) : spec_(std::move(spec)) {}
  [[nodiscard]] bool match(signature::Inspection& in, std::size_t index,
                           std::uint32_t cursor) const noexcept override;
  [[nodiscard]] signature::PayloadTraits traits() const override;
  [[nodiscard]] std::string describe() const override;

 private:
  /// Bytes from the base to the cursor's new place.
  [[nodiscard]] std::int64_t step(std::uint64_t number) const noexcept;
  /// The cursor's new place; nullopt when it lies beyond the buffer.
  [[nodiscard]] std::optional<std::uint32_t> target(const signature::Inspection& in,
                                                    const ByteField::Found& found) const noexcept;

  Spec spec_;
};

Status parse_byte_jump(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
