#pragma once
// The few things that every parser of this room does with text.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/letter_case.h"

namespace mirrorscan::rules {

inline constexpr std::string_view kBlanks = " \t\r\n\v\f";

[[nodiscard]] inline std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// A decimal number and nothing else.
[[nodiscard]] inline std::optional<std::uint32_t> number(std::string_view text) noexcept {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The text for a message: at most 60 bytes of it, printable.
[[nodiscard]] inline std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string out(text.substr(0, kLongest));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return "'" + out + (text.size() > kLongest ? "...'" : "'");
}

}  // namespace mirrorscan::rules
