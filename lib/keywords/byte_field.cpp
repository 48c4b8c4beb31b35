#include "keywords/byte_field.h"

#include <bit>

#include "keywords/arguments.h"
#include "keywords/chain.h"

namespace mirrorscan::keywords {

namespace {

using signature::Inspection;

// Text longer than this is refused by the reference, whatever it says.
constexpr std::int64_t kMostText = 23;

constexpr unsigned kNoDigit = 99;

unsigned digit(std::uint8_t c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const unsigned letter = c | 0x20U;
  return letter >= 'a' && letter <= 'z' ? letter - 'a' + 10 : kNoDigit;
}

bool is_blank(std::uint8_t c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// Steps over 0x when a digit follows, and says which base is meant.
unsigned base_of(ByteView text, std::size_t& at, unsigned base) noexcept {
  const bool zero = at < text.size() && text[at] == '0';
  const bool hex = zero && at + 2 < text.size() && (text[at + 1] | 0x20U) == 'x' && digit(text[at + 2]) < 16;
  if (hex && (base == 0 || base == 16)) {
    at += 2;
    return 16;
  }
  if (base != 0) return base;
  return zero ? 8 : 10;
}

std::uint64_t binary(ByteView bytes, NumberForm form) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t at = form == NumberForm::big_endian ? i : bytes.size() - 1 - i;
    value = value << 8 | bytes[at];
  }
  return value;
}

}  // namespace

std::optional<NumberRead> number_in_text(ByteView text, unsigned base) noexcept {
  std::size_t at = 0;
  while (at < text.size() && is_blank(text[at])) ++at;
  const bool minus = at < text.size() && text[at] == '-';
  if (minus || (at < text.size() && text[at] == '+')) ++at;
  base = base_of(text, at, base);
  const std::size_t start = at;
  std::uint64_t value = 0;
  for (; at < text.size() && digit(text[at]) < base; ++at) {
    if (__builtin_mul_overflow(value, std::uint64_t{base}, &value)) return std::nullopt;
    if (__builtin_add_overflow(value, std::uint64_t{digit(text[at])}, &value)) return std::nullopt;
  }
  if (at == start) return std::nullopt;
  return NumberRead{minus ? 0 - value : value, static_cast<std::uint32_t>(at)};
}

std::uint64_t masked(std::uint64_t value, std::uint64_t mask) noexcept {
  return mask == 0 ? 0 : (value & mask) >> std::countr_zero(mask);
}

std::optional<NumberRead> ByteField::number_at(ByteView number) const noexcept {
  if (form == NumberForm::text) return number_in_text(number, base);
  return NumberRead{binary(number, form), static_cast<std::uint32_t>(number.size())};
}

std::optional<ByteField::Found> ByteField::read(const Inspection& in, std::uint32_t cursor) const noexcept {
  if (from_start() && !in.from_start) return std::nullopt;
  const auto size = static_cast<std::int64_t>(in.buffer.size());
  const std::int64_t begin = (from_start() ? 0 : std::int64_t{cursor}) + offset.distance(in);
  const std::int64_t length = bytes.distance(in);
  if (begin < 0 || begin > size || length < 0 || length > size - begin) return std::nullopt;
  if (length > (form == NumberForm::text ? kMostText : kMostBinary)) return std::nullopt;
  const auto number =
      number_at(in.buffer.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(length)));
  if (!number) return std::nullopt;
  const auto at = static_cast<std::uint32_t>(begin);
  return Found{number->value, at, at + number->length};
}

std::uint64_t ByteField::most() const noexcept {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  if (form == NumberForm::text || bytes.most() >= kMostBinary) return kMost;
  return (std::uint64_t{1} << (8 * bytes.most())) - 1;
}

signature::PayloadTraits ByteField::traits() const {
  signature::PayloadTraits out;
  out.relative = !from_start();
  out.from_start = out.anchored = from_start();
  // A number without bytes asks for one at its place all the same.
  const std::int64_t end = offset.most() + std::max<std::int64_t>(bytes.most(), 1), begin = offset.least();
  if (!offset.anywhere() && !bytes.anywhere() && end < static_cast<std::int64_t>(Quantity::kFar))
    out.reach_ahead = static_cast<std::uint32_t>(std::max<std::int64_t>(end, 0));
  const auto far = static_cast<std::int64_t>(Quantity::kFar) - 1;
  if (out.relative && begin < 0) out.reach_back = static_cast<std::uint32_t>(std::min(-begin, far));
  return out;
}

std::string ByteField::describe() const {
  std::string out = bytes.text() + " bytes at " + offset.text();
  if (relative) out += " relative";
  if (form == NumberForm::little_endian) out += " little";
  if (form != NumberForm::text) return out;
  return out + (base == 0    ? " string"
                : base == 8  ? " string oct"
                : base == 10 ? " string dec"
                             : " string hex");
}

Result<bool> FieldOptions::take(std::string_view word, ByteField& field) {
  const auto taken = [](const Status& status) {
    return status ? Result<bool>(true) : Result<bool>(status.error());
  };
  if (word == "relative") {
    field.relative = true;
    return true;
  }
  if (word == "string") {
    is_text_ = true;
    return true;
  }
  if (word == "big") return taken(take_form(NumberForm::big_endian, field));
  if (word == "little") return taken(take_form(NumberForm::little_endian, field));
  if (word == "hex") return taken(take_base(16, field));
  if (word == "dec") return taken(take_base(10, field));
  if (word == "oct") return taken(take_base(8, field));
  if (word != "dce") return false;
  return refuse(keyword_ + ": dce needs a parser of DCE/RPC, which is not there", "write big or little");
}

Status FieldOptions::take_base(unsigned base, ByteField& field) {
  if (has_base_ && field.base != base)
    return refuse(keyword_ + ": two of hex, dec and oct", "keep one of them");
  has_base_ = true;
  field.base = base;
  return success();
}

Status FieldOptions::take_form(NumberForm form, ByteField& field) {
  if (has_order_ && field.form != form) return refuse(keyword_ + ": both big and little", "keep one of them");
  has_order_ = true;
  field.form = form;
  return success();
}

Status FieldOptions::finish(Draft& draft, ByteField& field) const {
  if (has_base_ && !is_text_)
    return refuse(keyword_ + ": hex, dec and oct are forms of text", "write string beside it");
  if (is_text_) field.form = NumberForm::text;
  const std::int64_t most = is_text_ ? kMostText : ByteField::kMostBinary;
  if (!field.bytes.is_variable() && field.bytes.most() > most) {
    return refuse(keyword_ + ": " + field.bytes.text() + " bytes are too many",
                  "a number has at most 8 bytes, and 23 with string");
  }
  if (!field.relative) return success();
  const auto previous = note_relative(draft, draft.tests().size(), keyword_);
  if (!previous) return previous.error();
  field.first = previous.value() == Previous::none;
  return success();
}

Result<std::uint64_t> wide_number(std::string_view text, std::string_view keyword) {
  const auto number = number_in_text(as_bytes(text), 0);
  if (number && number->length == text.size()) return number->value;
  return refuse(std::string(keyword) + ": '" + std::string(text) + "' is not a number of 64 bits",
                "write a decimal number, a hexadecimal one after 0x, or the name of a variable");
}

}  // namespace mirrorscan::keywords
