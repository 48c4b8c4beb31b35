#pragma once
// Reading the text after a keyword's colon: words, numbers and quoted strings.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mirrorscan::keywords {

/// An error of a keyword; the caller of Keyword::parse adds file, line and sid.
[[nodiscard]] inline Error refuse(std::string what, std::string remedy = {}) {
  return Error{{}, std::move(what), std::move(remedy)};
}

[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

/// The parts between separators, each trimmed; one empty part for an empty text.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// The text up to its first blank, and what follows it, trimmed: `multiplier 2`.
struct FirstWord {
  std::string_view word, rest;
};
[[nodiscard]] FirstWord first_word(std::string_view text) noexcept;

/// The whole text as a number: decimal, or hexadecimal after "0x"; a '-' or '+' may lead. nullopt for
/// anything else.
[[nodiscard]] std::optional<std::int64_t> integer(std::string_view text) noexcept;

/// The number that `keyword` wants, or an error that names the keyword and its limits.
[[nodiscard]] Result<std::int64_t> number_between(std::string_view text, std::string_view keyword,
                                                  std::int64_t least, std::int64_t most);

struct Quoted {
  bool negated = false;   ///< a '!' stood before the quotes
  std::string_view text;  ///< between the quotes, escapes still there
};

/// `"text"` or `!"text"`.
[[nodiscard]] Result<Quoted> quoted(std::string_view text, std::string_view keyword);

/// Whether a double quote stands in the text without a backslash before it.
[[nodiscard]] bool has_bare_quote(std::string_view text) noexcept;

/// Takes each backslash away that stands before another character.
[[nodiscard]] std::string unescaped(std::string_view text);

}  // namespace mirrorscan::keywords
