#pragma once
// A JSON ring file in memory: the checked mapping that writer and reader stand on.

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ring/json_ring_layout.h"

namespace mirrorscan::ring {

enum class Access : std::uint8_t { read, write };

/// A file descriptor that closes itself.
class File {
 public:
  File() = default;
  explicit File(int fd) noexcept : fd_(fd) {}
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  ~File();
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// Whether `path` names the file that is open as `file`; false too when there is no such path.
[[nodiscard]] bool is_named(const File& file, const std::string& path) noexcept;

/// Of a ring's records, in positions.
struct Extent {
  std::uint64_t oldest, tail;
};

class JsonRingMap {
 public:
  JsonRingMap() = default;
  JsonRingMap(JsonRingMap&& other) noexcept;
  JsonRingMap& operator=(JsonRingMap&& other) noexcept;
  ~JsonRingMap();

  /// Nothing unless the file is a ring by its magic, its sizes and its length. Trusts nothing else in it.
  [[nodiscard]] static std::optional<JsonRingMap> map(const File& file, Access access) noexcept;

  [[nodiscard]] JsonRingHeader& header() const noexcept { return *header_; }
  [[nodiscard]] std::uint64_t data_bytes() const noexcept { return data_bytes_; }

  /// Any position has a word: positions wrap.
  [[nodiscard]] Word& word(std::uint64_t position) const noexcept {
    return data_[(position & (data_bytes_ - 1)) / sizeof(Word)];
  }

  /// Both ends, as they were at one moment of this call; nothing if they contradict each other, which no
  /// writer leaves behind.
  [[nodiscard]] std::optional<Extent> extent() const noexcept;

  /// The words of the head at `position`, not checked: they may be torn or foreign.
  [[nodiscard]] RecordHead head(std::uint64_t position) const noexcept;
  /// Copies whole words from `position` on; `out` counts in words.
  void copy(std::uint64_t position, std::span<std::uint64_t> out) const noexcept;

  /// The head at `position` describes a record that ends at or before `tail`. Number 0 is what holes in a
  /// file read as: a walk over a terabyte of nothing would end, but not today.
  [[nodiscard]] bool fits(const RecordHead& head, std::uint64_t position, std::uint64_t tail) const noexcept {
    const std::uint64_t bytes = record_bytes(head.length);
    return head.sequence != 0 && bytes <= largest_record(data_bytes_) && bytes <= tail - position;
  }

  /// True while the bytes read from `position` on, before this call, cannot have been overwritten.
  [[nodiscard]] bool still_holds(std::uint64_t position) const noexcept {
    // Pairs with the writer's release fence between `oldest` and the bytes: who saw a new byte sees a new
    // `oldest`.
    std::atomic_thread_fence(std::memory_order_acquire);
    return header_->oldest.load(std::memory_order_relaxed) <= position;
  }

 private:
  JsonRingHeader* header_ = nullptr;
  Word* data_ = nullptr;
  std::uint64_t data_bytes_ = 0;
};

/// The checksum that belongs into head.crc.
[[nodiscard]] std::uint32_t record_crc(const RecordHead& head, std::string_view payload) noexcept;

}  // namespace mirrorscan::ring
