#include "keywords/literal.h"

#include "keywords/arguments.h"

namespace mirrorscan::keywords {
namespace {

int digit_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Two digits a byte; blanks may stand anywhere, as the reference allows.
Status append_hex(std::string_view hex, std::vector<std::uint8_t>& out) {
  int high = -1;
  for (const char c : hex) {
    if (c == ' ' || c == '\t') continue;
    const int value = digit_value(c);
    if (value < 0) {
      return refuse("content: '" + std::string(1, c) + "' between pipes is not a hexadecimal digit",
                    "write a pipe that is meant as text as |7c|");
    }
    if (high < 0) {
      high = value;
    } else {
      out.push_back(static_cast<std::uint8_t>(high * 16 + value));
      high = -1;
    }
  }
  if (high >= 0) return refuse("content: odd number of hexadecimal digits in |" + std::string(hex) + "|");
  return success();
}

}  // namespace

Result<std::vector<std::uint8_t>> parse_literal(std::string_view text) {
  constexpr std::string_view kEscapable = "\";:\\";
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '|') {
      const std::size_t close = text.find('|', i + 1);
      if (close == std::string_view::npos) {
        return refuse("content: the hexadecimal part has no closing pipe",
                      "write a pipe that is meant as text as |7c|");
      }
      if (const Status hex = append_hex(text.substr(i + 1, close - i - 1), out); !hex) return hex.error();
      i = close;
      continue;
    }
    if (text[i] == '"') return refuse("content: a quote inside the text", "write \\\" or |22|");
    if (text[i] == '\\') {
      ++i;
      if (i == text.size() || kEscapable.find(text[i]) == std::string_view::npos) {
        return refuse("content: a backslash may only stand before \" ; : and \\",
                      "write a backslash as |5c|");
      }
    }
    out.push_back(static_cast<std::uint8_t>(text[i]));
  }
  if (out.empty()) return refuse("content: no bytes to look for");
  return out;
}

std::string literal_text(ByteView bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  constexpr std::string_view kSpecial = "|\"\\;:";
  std::string out;
  bool in_hex = false;
  for (const std::uint8_t byte : bytes) {
    const char c = static_cast<char>(byte);
    const bool plain = byte >= 0x20 && byte < 0x7f && kSpecial.find(c) == std::string_view::npos;
    if (plain == in_hex) out += '|';
    if (!plain && in_hex) out += ' ';
    in_hex = !plain;
    if (plain) {
      out += c;
    } else {
      out += {kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  if (in_hex) out += '|';
  return out;
}

}  // namespace mirrorscan::keywords
