#pragma once
// The last bytes of a stream, kept so that a rule can look back from a hit, or wait for bytes after it.
//
// Byte o of a stream lies at position o modulo the block's size, so a window needs no head or tail of its
// own. Blocks come in powers of two from 256 bytes; one budget covers all of them.

#include <array>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace mirrorscan::alert {

/// a - b in stream offsets, none of which lies before the stream's start.
[[nodiscard]] inline std::uint64_t minus(std::uint64_t a, std::uint64_t b) noexcept {
  return a > b ? a - b : 0;
}

/// A block of the pool, or nothing. Lives in flow state; belongs to the pool that made it.
struct Window {
  std::uint32_t block = 0;
  std::uint8_t size_class = kNone;
  static constexpr std::uint8_t kNone = 0xff;
  [[nodiscard]] bool there() const noexcept { return size_class != kNone; }
};

class WindowPool {
 public:
  static constexpr std::uint32_t kSmallest = 256;
  /// 256 B .. 128 KiB: the largest configurable window (32 KiB) to both sides of the longest trigger.
  static constexpr std::size_t kClasses = 10;
  static constexpr std::uint32_t kLargest = kSmallest << (kClasses - 1);

  /// Reserves address space for `budget_bytes` a class; memory is touched when a block is first used.
  explicit WindowPool(std::size_t budget_bytes);
  WindowPool(const WindowPool&) = delete;
  WindowPool& operator=(const WindowPool&) = delete;
  ~WindowPool();

  /// A window of at least `bytes`; not there() when the budget is used up or bytes > kLargest.
  [[nodiscard]] Window take(std::uint32_t bytes) noexcept;
  void give_back(Window& window) noexcept;

  [[nodiscard]] static std::uint32_t capacity(const Window& w) noexcept {
    return w.there() ? kSmallest << w.size_class : 0;
  }
  /// Of the bytes stored, the last of which ends at `end`, the first that can still be there.
  [[nodiscard]] static std::uint64_t first_kept(const Window& w, std::uint64_t end) noexcept {
    return minus(end, capacity(w));
  }
  /// Stores `bytes`, which start at `offset` of the stream; only the last capacity() of them can be kept.
  void store(const Window& window, std::uint64_t offset, ByteView bytes) noexcept;
  /// Copies [from, to) of the stream to `out`. The range must be among the last capacity() bytes stored.
  void copy(const Window& window, std::uint64_t from, std::uint64_t to, std::uint8_t* out) const noexcept;

  [[nodiscard]] std::size_t used_bytes() const noexcept { return used_; }
  [[nodiscard]] std::size_t budget_bytes() const noexcept { return budget_; }

 private:
  struct SizeClass {
    std::uint8_t* memory = nullptr;
    std::uint32_t blocks = 0;      ///< that fit the budget
    std::uint32_t never_used = 0;  ///< index of the first block not handed out yet
    std::uint32_t free = 0;  ///< head of the free list + 1; a free block's first 4 bytes link to the next
  };
  [[nodiscard]] std::uint8_t* block_of(const Window& window) const noexcept;

  std::array<SizeClass, kClasses> classes_{};
  std::size_t budget_;
  std::size_t used_ = 0;
};

}  // namespace mirrorscan::alert
