#pragma once
// The number that byte_test, byte_jump, byte_extract and byte_math read from a payload: where it stands, how
// long it is and how it is written.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "keywords/keyword.h"
#include "keywords/quantity.h"

namespace mirrorscan::keywords {

enum class NumberForm : std::uint8_t { big_endian, little_endian, text };

/// A number that was read.
struct NumberRead {
  std::uint64_t value = 0;
  std::uint32_t length = 0;  ///< bytes that were the number: of text those up to its last digit
};

/// A number in text, as strtoull(3) reads it: blanks, a sign (minus gives the two's complement), digits.
/// `base` is 8, 10, 16, or 0 for the prefix to say. nullopt: no digit, or more than 64 bits.
[[nodiscard]] std::optional<NumberRead> number_in_text(ByteView text, unsigned base) noexcept;

/// `bits` of a mask in effect: what is left of value, without the zeros below the mask's lowest one.
[[nodiscard]] std::uint64_t masked(std::uint64_t value, std::uint64_t mask) noexcept;

class ByteField {
 public:
  static constexpr std::int64_t kMostBinary = 8;  ///< bytes

  Quantity bytes, offset;
  NumberForm form = NumberForm::big_endian;
  unsigned base = 0;      ///< of text; 0 = its prefix says
  bool relative = false;  ///< counts from the cursor
  bool first = false;     ///< relative, but nothing before it moves the cursor: it stands at the start

  struct Found {
    std::uint64_t value = 0;
    std::uint32_t begin = 0;  ///< offset of the number in the buffer
    std::uint32_t end = 0;    ///< just after it
  };
  /// nullopt when it does not lie within the buffer, is no number, or is not decidable there.
  [[nodiscard]] std::optional<Found> read(const signature::Inspection& in,
                                          std::uint32_t cursor) const noexcept;

  /// Whether it counts from the buffer's start.
  [[nodiscard]] bool from_start() const noexcept { return !relative || first; }
  /// The greatest value of the number.
  [[nodiscard]] std::uint64_t most() const noexcept;
  /// Those of a test that reads the number and moves no cursor.
  [[nodiscard]] signature::PayloadTraits traits() const;
  /// `2 bytes at 4 relative little`
  [[nodiscard]] std::string describe() const;

 private:
  [[nodiscard]] std::optional<NumberRead> number_at(ByteView bytes) const noexcept;
};

/// The options about a number that the byte keywords share, while they are read.
class FieldOptions {
 public:
  explicit FieldOptions(std::string_view keyword) : keyword_(keyword) {}

  /// relative, big, little, string, hex, dec, oct. False: not one of them. Errors: dce, or a contradiction.
  [[nodiscard]] Result<bool> take(std::string_view word, ByteField& field);
  /// When all options are read: a base wants `string`, lengths have limits, and a relative field looks for
  /// what it is relative to.
  [[nodiscard]] Status finish(Draft& draft, ByteField& field) const;

 private:
  [[nodiscard]] Status take_base(unsigned base, ByteField& field);
  [[nodiscard]] Status take_form(NumberForm form, ByteField& field);

  std::string keyword_;
  bool has_base_ = false, is_text_ = false, has_order_ = false;
};

/// A number of 64 bits as C writes them, with a sign perhaps, and nothing else.
[[nodiscard]] Result<std::uint64_t> wide_number(std::string_view text, std::string_view keyword);

}  // namespace mirrorscan::keywords
