#pragma once
// The options of a rule, cut apart but not yet understood.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mirrorscan::rules {

inline constexpr std::size_t kMaxOptions = 1024;

struct Option {
  std::string_view name;   ///< trimmed
  std::string_view value;  ///< trimmed text after ':', quotes and escapes still there
  bool has_value = false;
};

/// Cuts `(name; name:value; ...)`. An option ends at a `;` that is not escaped and, when the value opens with
/// a quote, comes after the closing one. A quote inside a value that is closed later stands for itself, as
/// pcre expressions have it. Throws Refusal.
[[nodiscard]] std::vector<Option> split_options(std::string_view text);

/// The last `sid` that stands where an option starts, for reports on rules that cannot be parsed.
[[nodiscard]] std::optional<std::uint32_t> find_sid(std::string_view text);

}  // namespace mirrorscan::rules
