#include "keywords/flowint.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "keywords/arguments.h"

namespace mirrorscan::keywords {
namespace {

using signature::FlowCheck;
using signature::FlowOperand;
using signature::FlowOperation;

/// One of the two is there.
struct Word {
  std::string_view name;
  std::optional<FlowOperation> operation;
  std::optional<FlowCheck> check;
};

constexpr Word kWords[] = {
    {"=", FlowOperation::assign, {}},           {"+", FlowOperation::add, {}},
    {"-", FlowOperation::subtract, {}},         {"<", {}, FlowCheck::less},
    {"<=", {}, FlowCheck::less_or_equal},       {">", {}, FlowCheck::greater},
    {">=", {}, FlowCheck::greater_or_equal},    {"==", {}, FlowCheck::equal},
    {"!=", {}, FlowCheck::not_equal},           {"isset", {}, FlowCheck::integer_set},
    {"notset", {}, FlowCheck::integer_not_set}, {"isnotset", {}, FlowCheck::integer_not_set},
};

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kNameChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./";

bool is_name(std::string_view text) {
  return text.size() >= 2 && kLetters.find(text.front()) != std::string_view::npos &&
         text.find_first_not_of(kNameChars) == std::string_view::npos;
}

bool asks_only(const Word& word) {
  return word.check == FlowCheck::integer_set || word.check == FlowCheck::integer_not_set;
}

Result<FlowOperand> operand_of(std::string_view text) {
  FlowOperand out;
  if (is_name(text)) {
    out.variable = {std::string(text)};
    return out;
  }
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos)
    return refuse("flowint: '" + std::string(text) + "' is no number and no variable",
                  "write a decimal number, or a name of two characters or more that begins with a letter");
  const auto number = number_between(text, "flowint", 0, std::numeric_limits<std::uint32_t>::max());
  if (!number) return number.error();
  out.number = static_cast<std::uint32_t>(number.value());
  return out;
}

}  // namespace

Status parse_flowint(std::string_view args, Draft& draft) {
  const auto parts = split(args, ',');
  if (parts.size() < 2 || parts.size() > 3)
    return refuse("flowint: '" + std::string(args) + "' is not a name, an operation and an operand",
                  "write flowint:name,+,1; or flowint:name,isset;");
  if (!is_name(parts[0]))
    return refuse("flowint: '" + std::string(parts[0]) + "' is not a name",
                  "write a letter, then letters, digits, '_', '.' or '/': two characters or more");
  const auto* word = std::ranges::find(kWords, parts[1], &Word::name);
  if (word == std::end(kWords))
    return refuse("flowint: '" + std::string(parts[1]) + "' is not known",
                  "write = + - < <= > >= == != isset or notset");
  FlowOperand operand;
  if (!asks_only(*word)) {
    auto read = operand_of(parts.size() == 3 ? parts[2] : "");
    if (!read) return read.error();
    operand = std::move(read).value();
  }
  if (word->operation)
    draft.rule.state.effects.push_back({*word->operation, {std::string(parts[0])}, std::move(operand)});
  else
    draft.rule.state.tests.push_back({*word->check, {{std::string(parts[0])}}, std::move(operand)});
  return success();
}

}  // namespace mirrorscan::keywords
