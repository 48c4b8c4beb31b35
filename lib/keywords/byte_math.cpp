#include "keywords/byte_math.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "keywords/arguments.h"
#include "keywords/variables.h"

namespace mirrorscan::keywords {

namespace {

using Operator = ByteMath::Operator;
constexpr std::int64_t kMostOffset = 65535;
constexpr std::int64_t kMost32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kMostText = 10, kMostBinary = 4;  // bytes

struct OperatorText {
  std::string_view text;
  Operator op;
};
constexpr OperatorText kOperators[] = {
    {"+", Operator::plus},    {"-", Operator::minus}, {"*", Operator::times},
    {"/", Operator::divided}, {"<<", Operator::left}, {">>", Operator::right},
};

std::optional<std::uint64_t> computed(std::uint64_t a, Operator op, std::uint64_t b) noexcept {
  switch (op) {
    case Operator::plus: return a + b;
    case Operator::minus: return a - b;
    case Operator::times: return a * b;
    case Operator::divided:
      if (b == 0) return std::nullopt;
      return a / b;
    case Operator::left: return b < 64 ? a << b : 0;
    case Operator::right: return b < 64 ? a >> b : 0;
  }
  return std::nullopt;
}

std::uint64_t greatest(const ByteMath::Spec& spec) noexcept {
  const std::uint64_t a = spec.field.most(), b = spec.rvalue.most_bits();
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  if (spec.op == Operator::plus) most = saturating_sum(a, b);
  if (spec.op == Operator::times) most = saturating_product(a, b);
  if (spec.op == Operator::left && b < 64) most = saturating_product(a, std::uint64_t{1} << b);
  if (spec.op == Operator::divided || spec.op == Operator::right) most = a;
  return std::min(most, masked(std::numeric_limits<std::uint64_t>::max(), spec.mask));
}

Status parse_operator(std::string_view text, ByteMath::Spec& spec) {
  for (const OperatorText& row : kOperators) {
    if (row.text != text) continue;
    spec.op = row.op;
    return success();
  }
  return refuse("byte_math: '" + std::string(text) + "' is not an operator", "write one of + - * / << >>");
}

Status keep(Result<Quantity> value, Quantity& out) {
  if (!value) return value.error();
  out = std::move(value).value();
  return success();
}

Status parse_mask(std::string_view text, ByteMath::Spec& spec) {
  // Hexadecimal with and without its 0x, as the reference reads it.
  const bool bare = !text.starts_with("0x") && !text.starts_with("0X");
  const auto mask = wide_number(bare ? "0x" + std::string(text) : std::string(text), "byte_math bitmask");
  if (!mask) return mask.error();
  if (mask.value() >> 32 != 0) return refuse("byte_math: the bitmask has more than 32 bits");
  spec.mask = mask.value();
  return success();
}

Status parse_string(std::string_view base, FieldOptions& options, ByteField& field) {
  for (const std::string_view word : {std::string_view("string"), base}) {
    const auto taken = options.take(word, field);
    if (!taken) return taken.error();
    if (!taken.value()) return refuse("byte_math: string wants hex, dec or oct");
  }
  return success();
}

Status parse_endian(std::string_view order, FieldOptions& options, ByteField& field) {
  if (order != "big" && order != "little" && order != "dce")
    return refuse("byte_math: endian wants big or little");
  const auto taken = options.take(order, field);
  return taken ? success() : Status(taken.error());
}

Status parse_option(const Draft& draft, const FirstWord& option, FieldOptions& options,
                    ByteMath::Spec& spec) {
  const auto& [word, value] = option;
  if (word == "bytes")
    return keep(number_or_variable(draft, value, "byte_math bytes", 1, kMostText), spec.field.bytes);
  if (word == "offset") {
    const auto offset = number_between(value, "byte_math offset", -kMostOffset, kMostOffset);
    if (!offset) return offset.error();
    spec.field.offset = Quantity(offset.value());
    return success();
  }
  if (word == "oper") return parse_operator(value, spec);
  if (word == "rvalue")
    return keep(number_or_variable(draft, value, "byte_math rvalue", 0, kMost32), spec.rvalue);
  if (word == "result") {
    spec.name = value;
    return success();
  }
  if (word == "bitmask") return parse_mask(value, spec);
  if (word == "string") return parse_string(value, options, spec.field);
  if (word == "endian") return parse_endian(value, options, spec.field);
  if (word == "relative" || word == "dce") {
    const auto taken = options.take(word, spec.field);
    return taken ? success() : Status(taken.error());
  }
  return refuse("byte_math: '" + std::string(word) + "' is not known",
                "write bytes, offset, oper, rvalue, result, relative, endian, string or bitmask");
}

/// Numbers in binary have 1 to 4 bytes, also when a variable says how many: the reference reads no others.
bool has_a_length(const ByteField::Found& found, NumberForm form) noexcept {
  const std::uint32_t length = found.end - found.begin;
  return length > 0 && (form == NumberForm::text || length <= kMostBinary);
}

Status check_length(const ByteField& field) {
  if (field.form == NumberForm::text || field.bytes.is_variable() || field.bytes.most() <= kMostBinary)
    return success();
  return refuse("byte_math: " + field.bytes.text() + " bytes are too many",
                "write 1 to 4, or 1 to 10 with string");
}

Status check_required(const std::vector<std::string_view>& words) {
  for (const std::string_view needed : {"bytes", "offset", "oper", "rvalue", "result"}) {
    if (std::ranges::find(words, needed) != words.end()) continue;
    return refuse("byte_math: " + std::string(needed) + " is missing",
                  "write byte_math:bytes 2, offset 0, oper +, rvalue 1, result name;");
  }
  return success();
}

}  // namespace

bool ByteMath::match(signature::Inspection& in, std::size_t index, std::uint32_t cursor) const noexcept {
  const auto found = spec_.field.read(in, cursor);
  if (!found || !has_a_length(*found, spec_.field.form)) return false;
  const auto result = computed(found->value, spec_.op, spec_.rvalue.bits(in));
  if (!result) return false;
  in.set_variable(spec_.slot, masked(*result, spec_.mask));
  return in.rest(index + 1, found->end);
}

signature::PayloadTraits ByteMath::traits() const {
  signature::PayloadTraits out = spec_.field.traits();
  out.moves_cursor = true;
  return out;
}

std::string ByteMath::describe() const {
  std::string out = "byte_math " + spec_.name + " = " + spec_.field.describe() + ' ';
  for (const OperatorText& row : kOperators)
    if (row.op == spec_.op) out += row.text;
  return out + ' ' + spec_.rvalue.text();
}

Status parse_byte_math(std::string_view args, Draft& draft) {
  ByteMath::Spec spec;
  FieldOptions options("byte_math");
  std::vector<std::string_view> words;
  auto parts = split(args, ',');
  if (parts.back().empty()) parts.pop_back();
  for (const std::string_view part : parts) {
    const FirstWord option = first_word(part);
    if (std::ranges::find(words, option.word) != words.end())
      return refuse("byte_math: " + std::string(option.word) + " is given twice", "keep one of the two");
    words.push_back(option.word);
    if (const Status read = parse_option(draft, option, options, spec); !read) return read;
  }
  if (const Status all = check_required(words); !all) return all;
  if (const Status whole = options.finish(draft, spec.field); !whole) return whole;
  if (const Status length = check_length(spec.field); !length) return length;
  const auto slot = define_variable(draft, spec.name, "byte_math", greatest(spec));
  if (!slot) return slot.error();
  spec.slot = slot.value();
  draft.tests().push_back(std::make_unique<ByteMath>(std::move(spec)));
  return success();
}

}  // namespace mirrorscan::keywords
