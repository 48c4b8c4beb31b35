#include "keywords/arguments.h"

#include <charconv>

namespace mirrorscan::keywords {

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

FirstWord first_word(std::string_view text) noexcept {
  text = trimmed(text);
  const std::size_t end = text.find_first_of(" \t");
  if (end == std::string_view::npos) return {text, {}};
  return {text.substr(0, end), trimmed(text.substr(end))};
}

std::optional<std::int64_t> integer(std::string_view text) noexcept {
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size() || value >> 63) return std::nullopt;
  return minus ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
}

Result<std::int64_t> number_between(std::string_view text, std::string_view keyword, std::int64_t least,
                                    std::int64_t most) {
  const std::string name(keyword);
  const auto value = integer(trimmed(text));
  if (!value) {
    return refuse(name + ": '" + std::string(text) + "' is not a number",
                  "write a decimal number, or a hexadecimal one after 0x");
  }
  if (*value < least || *value > most) {
    return refuse(name + ": " + std::to_string(*value) + " is out of range",
                  "write a number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return *value;
}

namespace {

bool ends_with_bare_quote(std::string_view text) noexcept {
  if (text.size() < 2 || text.back() != '"') return false;
  std::size_t backslashes = 0;
  while (backslashes + 2 < text.size() && text[text.size() - 2 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 0;
}

}  // namespace

Result<Quoted> quoted(std::string_view text, std::string_view keyword) {
  Quoted out;
  text = trimmed(text);
  if (text.starts_with('!')) {
    out.negated = true;
    text = trimmed(text.substr(1));
  }
  if (!text.starts_with('"')) {
    return refuse(std::string(keyword) + ": the text is not in quotes",
                  "put it between double quotes, and write \\\" for a quote in it");
  }
  if (!ends_with_bare_quote(text)) {
    return refuse(std::string(keyword) + ": the text does not end with quotes",
                  "end it with a double quote, and the option with a ';'");
  }
  out.text = text.substr(1, text.size() - 2);
  return out;
}

bool has_bare_quote(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return true;
  }
  return false;
}

std::string unescaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

}  // namespace mirrorscan::keywords
