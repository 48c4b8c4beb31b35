#include "keywords/integer_condition.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/letter_case.h"
#include "keywords/arguments.h"

namespace mirrorscan::keywords {
namespace {

struct Span {
  std::int64_t first = 0, last = -1;  ///< inclusive; empty when last < first
};

/// A number, perhaps of kb, mb or gb: powers of 1,024.
std::optional<std::int64_t> sized(std::string_view text) {
  constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"kb", 1 << 10}, {"mb", 1 << 20}, {"gb", 1 << 30}};
  text = trimmed(text);
  const std::string small = lowered(text);
  for (const auto& [unit, size] : kUnits) {
    if (!small.ends_with(unit)) continue;
    const auto number = integer(text.substr(0, text.size() - unit.size()));
    const bool fits = number && *number <= std::numeric_limits<std::uint32_t>::max();
    return fits ? std::optional(*number * size) : std::nullopt;
  }
  return integer(text);
}

std::optional<Span> range(std::string_view text, std::string_view separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const auto low = sized(text.substr(0, at));
  const auto high = sized(text.substr(at + separator.size()));
  if (!low || !high || *low < 0) return std::nullopt;
  return Span{*low + 1, *high - 1};
}

std::optional<Span> comparison(std::string_view text, std::int64_t most) {
  static constexpr std::pair<std::string_view, Span (*)(std::int64_t, std::int64_t)> kOperators[] = {
      {"<=",
       [](std::int64_t n, std::int64_t) {
         return Span{0, n};
       }},
      {">=",
       [](std::int64_t n, std::int64_t greatest) {
         return Span{n, greatest};
       }},
      {"<",
       [](std::int64_t n, std::int64_t) {
         return Span{0, n - 1};
       }},
      {">",
       [](std::int64_t n, std::int64_t greatest) {
         return Span{n + 1, greatest};
       }},
      {"=",
       [](std::int64_t n, std::int64_t) {
         return Span{n, n};
       }},
      {"",
       [](std::int64_t n, std::int64_t) {
         return Span{n, n};
       }},
  };
  for (const auto& [symbol, span] : kOperators) {
    if (!text.starts_with(symbol)) continue;
    const auto number = sized(text.substr(symbol.size()));
    if (!number || *number < 0) return std::nullopt;
    return span(*number, most);
  }
  return std::nullopt;
}

}  // namespace

Result<IntegerCondition> IntegerCondition::parse(std::string_view text, std::string_view keyword,
                                                 std::int64_t most) {
  const std::string name(keyword);
  IntegerCondition out;
  std::string_view rest = trimmed(text);
  if (rest.starts_with('!')) {
    out.negated_ = true;
    rest = trimmed(rest.substr(1));
  }
  auto span = range(rest, "<>");
  if (!span) span = range(rest, "-");
  if (!span) span = comparison(rest, most);
  if (!span) {
    return refuse(name + ": '" + std::string(text) + "' is not a condition", "write n, !n, <n, >n or a<>b");
  }
  if (span->first > span->last || span->last > most) {
    return refuse(name + ": '" + std::string(text) + "' is met by no value from 0 to " +
                  std::to_string(most));
  }
  out.first_ = static_cast<std::uint32_t>(span->first);
  out.last_ = static_cast<std::uint32_t>(span->last);
  return out;
}

}  // namespace mirrorscan::keywords
