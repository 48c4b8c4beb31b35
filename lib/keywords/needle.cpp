#include "keywords/needle.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace mirrorscan::keywords {
namespace {

constexpr bool is_letter(std::uint8_t b) noexcept {
  return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
}

constexpr std::array<std::uint8_t, 256> make_fold() {
  std::array<std::uint8_t, 256> fold{};
  for (std::size_t i = 0; i < 256; ++i) {
    const auto b = static_cast<std::uint8_t>(i);
    fold[i] = b >= 'A' && b <= 'Z' ? static_cast<std::uint8_t>(b + 'a' - 'A') : b;
  }
  return fold;
}

/// ASCII only: rules mean bytes, whatever the locale.
constexpr std::array<std::uint8_t, 256> kFold = make_fold();

/// A rough rank of how often a byte stands in payloads: text protocols, then zero-padded binary ones.
constexpr int commonness(std::uint8_t b) noexcept {
  constexpr std::string_view kFrequentLetters = "aeinorst";
  if (b == 0x00 || b == 0x20) return 9;
  if (kFrequentLetters.find(static_cast<char>(b)) != std::string_view::npos) return 8;
  if (b >= 'a' && b <= 'z') return 6;
  if ((b >= '0' && b <= '9') || b == 0xff || b == 0x01) return 5;
  if (b == '\r' || b == '\n' || b == '/' || b == '.' || b == '-') return 4;
  if (b >= 'A' && b <= 'Z') return 3;
  return b >= 0x20 && b < 0x7f ? 2 : 1;
}

}  // namespace

Needle::Needle(std::vector<std::uint8_t> bytes, Case letters)
    : bytes_(std::move(bytes)), folded_(bytes_), letters_(letters) {
  constexpr int kTwoValues = 4;  // a letter of any case costs two comparisons a byte
  int best = 100;
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    const bool both = letters_ == Case::any && is_letter(bytes_[i]);
    if (both) folded_[i] = kFold[bytes_[i]];
    const int rank = commonness(folded_[i]) + (both ? kTwoValues : 0);
    if (rank >= best) continue;
    best = rank;
    anchor_ = i;
    anchor_is_letter_ = both;
  }
}

bool Needle::stands_at(ByteView haystack, std::size_t at) const noexcept {
  const std::uint8_t* text = haystack.data() + at;
  if (letters_ == Case::exact) return std::memcmp(text, folded_.data(), folded_.size()) == 0;
  for (std::size_t i = 0; i < folded_.size(); ++i) {
    if (kFold[text[i]] != folded_[i]) return false;
  }
  return true;
}

std::size_t Needle::find(ByteView haystack, std::size_t begin, std::size_t end,
                         std::size_t& tried) const noexcept {
  if (end < folded_.size() || begin > end - folded_.size()) return kNone;
  const std::size_t last = end - folded_.size();
  if (anchor_is_letter_) return find_either_case(haystack, begin, last, tried);
  while (begin <= last) {
    const void* hit = std::memchr(haystack.data() + begin + anchor_, folded_[anchor_], last - begin + 1);
    if (!hit) return kNone;
    begin = static_cast<std::size_t>(static_cast<const std::uint8_t*>(hit) - haystack.data()) - anchor_;
    ++tried;
    if (stands_at(haystack, begin)) return begin;
    ++begin;
  }
  return kNone;
}

std::size_t Needle::find_either_case(ByteView haystack, std::size_t begin, std::size_t last,
                                     std::size_t& tried) const noexcept {
  const auto next = [&](std::uint8_t value, std::size_t from) noexcept -> std::size_t {
    if (from > last) return kNone;
    const void* hit = std::memchr(haystack.data() + from + anchor_, value, last - from + 1);
    if (!hit) return kNone;
    return static_cast<std::size_t>(static_cast<const std::uint8_t*>(hit) - haystack.data()) - anchor_;
  };
  const std::uint8_t small = folded_[anchor_];
  const auto capital = static_cast<std::uint8_t>(small - 'a' + 'A');
  std::size_t next_small = next(small, begin), next_capital = next(capital, begin);
  for (;;) {
    const std::size_t at = std::min(next_small, next_capital);
    if (at == kNone) return at;
    ++tried;
    if (stands_at(haystack, at)) return at;
    if (at == next_small) {
      next_small = next(small, at + 1);
    } else {
      next_capital = next(capital, at + 1);
    }
  }
}

}  // namespace mirrorscan::keywords
