#pragma once
// A fixed set of bits with the range operations a page needs; each costs one step a 64-bit word.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace mirrorscan::reassembly {

template <std::size_t kBits>
class Bitmap {
  static_assert(kBits % 64 == 0);

 public:
  [[nodiscard]] bool test(std::size_t bit) const noexcept {
    return (words_[bit / 64] >> (bit % 64) & 1) != 0;
  }

  void set(std::size_t from, std::size_t to) noexcept {
    each_word(from, to, [](std::uint64_t& word, std::uint64_t mask) { word |= mask; });
  }
  void clear(std::size_t from, std::size_t to) noexcept {
    each_word(from, to, [](std::uint64_t& word, std::uint64_t mask) { word &= ~mask; });
  }

  /// The first set bit at or after `from`; kBits where there is none.
  [[nodiscard]] std::size_t first_set(std::size_t from) const noexcept { return first(from, 0); }
  /// The first clear bit at or after `from`; kBits where there is none.
  [[nodiscard]] std::size_t first_clear(std::size_t from) const noexcept { return first(from, ~0ull); }

  /// The last set bit before `to`; kBits where there is none.
  [[nodiscard]] std::size_t last_set(std::size_t to) const noexcept {
    for (std::size_t w = (to + 63) / 64; w-- > 0;) {
      const std::uint64_t below = to / 64 > w ? ~0ull : (1ull << (to % 64)) - 1;
      const std::uint64_t found = words_[w] & below;
      if (found != 0) return w * 64 + 63 - static_cast<std::size_t>(std::countl_zero(found));
    }
    return kBits;
  }

  /// Number of set bits at or after `from`.
  [[nodiscard]] std::size_t count(std::size_t from) const noexcept {
    std::size_t n = 0;
    for (std::size_t w = from / 64; w < words_.size(); ++w)
      n += static_cast<std::size_t>(std::popcount(words_[w] & mask_from(from, w)));
    return n;
  }

 private:
  [[nodiscard]] static std::uint64_t mask_from(std::size_t from, std::size_t word) noexcept {
    return word == from / 64 ? ~0ull << (from % 64) : ~0ull;
  }

  template <class Change>
  void each_word(std::size_t from, std::size_t to, Change change) noexcept {
    for (std::size_t w = from / 64; from < to && w <= (to - 1) / 64; ++w) {
      const std::uint64_t below = w == (to - 1) / 64 ? ~0ull >> (63 - (to - 1) % 64) : ~0ull;
      change(words_[w], mask_from(from, w) & below);
    }
  }

  [[nodiscard]] std::size_t first(std::size_t from, std::uint64_t flip) const noexcept {
    for (std::size_t w = from / 64; w < words_.size(); ++w) {
      const std::uint64_t found = (words_[w] ^ flip) & mask_from(from, w);
      if (found != 0) return w * 64 + static_cast<std::size_t>(std::countr_zero(found));
    }
    return kBits;
  }

  std::array<std::uint64_t, kBits / 64> words_{};
};

}  // namespace mirrorscan::reassembly
