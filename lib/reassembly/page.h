#pragma once
// A page holds the bytes of one aligned 1,024-byte stretch of a stream, whichever of them came.
//
// Why pages with a bit for each byte, and not a list of segments: tiny segments share a page in whatever
// order they come, and an overlap costs a step for each segment that it meets.

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "base/timestamp.h"
#include "reassembly/bitmap.h"

namespace mirrorscan::reassembly {

inline constexpr std::size_t kPageBytes = 1024;
inline constexpr std::size_t kPageLevels = 4;  ///< of the skip list that orders a stream's pages

/// Number of a page in its pool; 0 = none.
using PageId = std::uint32_t;

struct Page {
  std::uint64_t index = 0;                  ///< stream offset / kPageBytes
  Timestamp first_write;                    ///< when its first byte came
  std::array<PageId, kPageLevels> after{};  ///< the next page of the stream, by level
  Bitmap<kPageBytes> have;                  ///< bytes that came
  Bitmap<kPageBytes> starts;                ///< of those, bytes with which what one segment gave begins
  Bitmap<kPageBytes> missing;               ///< bytes that a truncated segment lacked, and no other brought
  std::array<std::uint8_t, kPageBytes> data;

  [[nodiscard]] std::uint64_t begin() const noexcept { return index * kPageBytes; }
  [[nodiscard]] std::uint64_t end() const noexcept { return (index + 1) * kPageBytes; }
};

static_assert(std::is_trivially_copyable_v<Page>);
static_assert(sizeof(Page) == 1440, "README.md states the memory formula");

}  // namespace mirrorscan::reassembly
