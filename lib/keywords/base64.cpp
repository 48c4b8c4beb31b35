#include "keywords/base64.h"

#include <algorithm>

namespace mirrorscan::keywords {

namespace {

constexpr int kForeign = -1;

int value_of(std::uint8_t c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : kForeign;
}

/// Four characters, or the first of them.
struct Group {
  std::uint32_t bits = 0;
  std::size_t characters = 0, padding = 0;

  void add(std::uint32_t value) noexcept {
    bits |= value << (18 - 6 * characters);
    ++characters;
  }
  [[nodiscard]] std::size_t whole_bytes() const noexcept { return padding > 3 ? 0 : 3 - padding; }
};

std::size_t write(const Group& group, std::size_t count, std::span<std::uint8_t> out) noexcept {
  count = std::min(count, out.size());
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint8_t>(group.bits >> (16 - 8 * i));
  return count;
}

}  // namespace

Base64Decoded decode_base64(ByteView text, std::span<std::uint8_t> out) noexcept {
  Base64Decoded done;
  Group group;
  for (const std::uint8_t c : text) {
    const int value = c == '=' ? 0 : value_of(c);
    if (value == kForeign || done.bytes == out.size()) {
      done.end = Base64End::foreign_byte;
      break;
    }
    if (c == '=') ++group.padding;
    group.add(static_cast<std::uint32_t>(value));
    if (group.characters < 4) continue;
    done.bytes += write(group, group.whole_bytes(), out.subspan(done.bytes));
    group = Group{};
  }
  if (group.characters == 0) return done;
  // A single character is six bits: a byte only where the text was cut short by something else.
  const std::size_t least = done.end == Base64End::foreign_byte ? 1 : 0;
  done.bytes += write(group, std::max(group.characters - 1, least), out.subspan(done.bytes));
  return done;
}

}  // namespace mirrorscan::keywords
