#include "keywords/byte_test.h"

#include <array>
#include <memory>

#include "keywords/arguments.h"
#include "keywords/variables.h"

namespace mirrorscan::keywords {

namespace {

using Operator = ByteTest::Operator;

struct OperatorText {
  std::string_view text;
  Operator op;
};
constexpr OperatorText kOperators[] = {
    {"<", Operator::less},        {">", Operator::greater},        {"=", Operator::equal},
    {"<=", Operator::less_equal}, {">=", Operator::greater_equal}, {"&", Operator::common_bits},
    {"^", Operator::other_bits},
};

bool holds(std::uint64_t have, Operator op, std::uint64_t want) noexcept {
  switch (op) {
    case Operator::less: return have < want;
    case Operator::greater: return have > want;
    case Operator::equal: return have == want;
    case Operator::less_equal: return have <= want;
    case Operator::greater_equal: return have >= want;
    case Operator::common_bits: return (have & want) != 0;
    case Operator::other_bits: return (have ^ want) != 0;
  }
  return false;
}

/// `!` alone means "not equal".
Status parse_operator(std::string_view text, ByteTest::Spec& spec) {
  spec.negated = text.starts_with('!');
  if (spec.negated) text = trimmed(text.substr(1));
  if (spec.negated && text.empty()) return success();
  for (const OperatorText& row : kOperators) {
    if (row.text != text) continue;
    spec.op = row.op;
    return success();
  }
  return refuse("byte_test: '" + std::string(text) + "' is not an operator",
                "write one of < > = <= >= & ^, perhaps with ! before it");
}

Status parse_value(const Draft& draft, std::string_view text, ByteTest::Spec& spec) {
  if (looks_like_variable(text)) {
    auto known = variable(draft, text, "byte_test value");
    if (!known) return known.error();
    spec.value = std::move(known).value();
    return success();
  }
  const auto number = wide_number(text, "byte_test value");
  if (!number) return number.error();
  spec.value = Quantity(static_cast<std::int64_t>(number.value()));
  return success();
}

Status parse_option(std::string_view option, FieldOptions& options, ByteTest::Spec& spec) {
  const auto taken = options.take(option, spec.field);
  if (!taken) return taken.error();
  if (taken.value()) return success();
  const auto [word, value] = first_word(option);
  if (word != "bitmask") {
    return refuse("byte_test: '" + std::string(option) + "' is not known",
                  "write relative, big, little, string, hex, dec, oct or bitmask");
  }
  const auto mask = wide_number(value, "byte_test bitmask");
  if (!mask) return mask.error();
  if (mask.value() >> 32 != 0) return refuse("byte_test: the bitmask has more than 32 bits");
  spec.mask = mask.value();
  return success();
}

/// The four arguments that must be there.
Status parse_required(const Draft& draft, const std::vector<std::string_view>& parts, ByteTest::Spec& spec) {
  if (parts.size() < 4) {
    return refuse("byte_test: needs bytes, operator, value and offset", "write byte_test:2,>,100,0;");
  }
  auto bytes = number_or_variable(draft, parts[0], "byte_test bytes", 0, 23);
  if (!bytes) return bytes.error();
  if (const Status op = parse_operator(parts[1], spec); !op) return op;
  if (const Status value = parse_value(draft, parts[2], spec); !value) return value;
  auto offset = number_or_variable(draft, parts[3], "byte_test offset", -2147483648, 2147483647);
  if (!offset) return offset.error();
  spec.field.bytes = std::move(bytes).value();
  spec.field.offset = std::move(offset).value();
  return success();
}

}  // namespace

bool ByteTest::match(signature::Inspection& in, std::size_t index, std::uint32_t cursor) const noexcept {
  const auto found = spec_.field.read(in, cursor);
  if (!found) return false;
  // A relative number needs a byte at its place, also when it has no bytes itself: the reference's rule.
  if (spec_.field.relative && found->begin == in.buffer.size()) return false;
  const std::uint64_t value = masked(found->value, spec_.mask);
  return holds(value, spec_.op, spec_.value.bits(in)) != spec_.negated && in.rest(index + 1, cursor);
}

std::string ByteTest::describe() const {
  std::string out = "byte_test " + spec_.field.describe() + (spec_.negated ? " !" : " ");
  for (const OperatorText& row : kOperators)
    if (row.op == spec_.op) out += row.text;
  return out + " " + spec_.value.text();
}

Status parse_byte_test(std::string_view args, Draft& draft) {
  ByteTest::Spec spec;
  const auto parts = split(args, ',');
  if (const Status required = parse_required(draft, parts, spec); !required) return required;
  FieldOptions options("byte_test");
  for (std::size_t i = 4; i < parts.size(); ++i) {
    if (const Status option = parse_option(parts[i], options, spec); !option) return option;
  }
  if (const Status whole = options.finish(draft, spec.field); !whole) return whole;
  draft.tests().push_back(std::make_unique<ByteTest>(std::move(spec)));
  return success();
}

}  // namespace mirrorscan::keywords
