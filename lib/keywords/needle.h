#pragma once
// Searching one fixed string in a buffer.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace mirrorscan::keywords {

/// Looks for the needle's rarest byte first (by a rough guess at network payloads) and compares the whole
/// needle there: memchr is faster than any skip table on the short buffers that rules look at, and thousands
/// of needles need no 256-byte table each. Worst case O(haystack * needle).
class Needle {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  enum class Case : std::uint8_t { exact, any };

  Needle(std::vector<std::uint8_t> bytes, Case letters);

  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
  [[nodiscard]] ByteView bytes() const noexcept { return bytes_; }  ///< as written

  /// The first occurrence that begins at `begin` or later and ends at `end` or earlier; kNone if there is
  /// none. `end` is at most haystack.size().
  [[nodiscard]] std::size_t find(ByteView haystack, std::size_t begin, std::size_t end) const noexcept {
    std::size_t tried = 0;
    return find(haystack, begin, end, tried);
  }
  /// The same, and adds to `tried` the places at which the whole needle was compared.
  [[nodiscard]] std::size_t find(ByteView haystack, std::size_t begin, std::size_t end,
                                 std::size_t& tried) const noexcept;
  /// True when it stands at `at`, which leaves room for it.
  [[nodiscard]] bool stands_at(ByteView haystack, std::size_t at) const noexcept;

 private:
  [[nodiscard]] std::size_t find_either_case(ByteView haystack, std::size_t begin, std::size_t last,
                                             std::size_t& tried) const noexcept;

  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint8_t> folded_;  ///< lower case where letters are Case::any, else as written
  Case letters_;
  std::size_t anchor_ = 0;         ///< index of the byte that is looked for first
  bool anchor_is_letter_ = false;  ///< and Case::any: two values to look for
};

}  // namespace mirrorscan::keywords
