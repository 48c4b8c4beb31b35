#pragma once
// The bytes held for streams that have a hole: pages from one budgeted pool, ordered by a skip list a stream.

#include <array>
#include <cstdint>

#include "base/direction.h"
#include "base/lazy_array.h"
#include "base/timestamp.h"
#include "reassembly/id_stack.h"
#include "reassembly/page.h"
#include "reassembly/payload_reader.h"
#include "reassembly/segment.h"

namespace mirrorscan::reassembly {

/// Number of a stream that holds something; 0 = none.
using HeldId = std::uint32_t;

/// Pages that one segment may need beyond the budget until the caller has drained its stream: a payload of
/// 65,535 bytes touches at most 65, and the last drained page is freed one call later.
inline constexpr std::uint32_t kReservePages = 66;

/// Marked bytes that lie together in one page, all there or all known to be missing.
struct Run {
  std::uint64_t begin = 0, end = 0;     ///< stream offsets; begin == end: nothing is held
  const std::uint8_t* bytes = nullptr;  ///< nullptr: bytes that a truncated segment lacked
  Timestamp page_time;                  ///< when the page's first byte came
};

struct Stored {
  std::uint32_t held = 0;
  std::uint32_t already_held = 0;
  std::uint32_t no_page = 0;
  bool differs = false;
};

class HeldStreams {
 public:
  explicit HeldStreams(const Settings& settings);

  /// 0 when none is free.
  [[nodiscard]] HeldId open(std::uint32_t connection_id, Direction direction) noexcept;
  [[nodiscard]] Due owner(HeldId id) const noexcept;

  /// Copies [begin, end) from the reader; bytes that are held already stay.
  Stored store(HeldId id, std::uint64_t begin, std::uint64_t end, PayloadReader& payload,
               Timestamp now) noexcept;
  /// Notes that nothing will bring [begin, end), except where a byte is held.
  void mark_missing(HeldId id, std::uint64_t begin, std::uint64_t end, Timestamp now) noexcept;

  /// The first run at or after `from`; frees the pages before it.
  [[nodiscard]] Run front(HeldId id, std::uint64_t from) noexcept;
  /// Books bytes of front() as handed out.
  void hand_out(std::uint64_t bytes) noexcept { bytes_ -= bytes; }
  /// Frees all pages and the id. Returns how many held bytes at or after `from` that dropped.
  std::uint64_t close(HeldId id, std::uint64_t from) noexcept;

  /// How many pages too many [begin, end) would need; 0 = it fits. `id` may be 0.
  [[nodiscard]] std::uint32_t excess(HeldId id, std::uint64_t begin, std::uint64_t end) const noexcept;
  /// Offset after the stream's first `count` pages; the greatest number where it has fewer.
  [[nodiscard]] std::uint64_t end_of_pages(HeldId id, std::uint32_t count) const noexcept;
  /// Offset after the stream's first pages that were begun at or before `time`; 0 where the first is younger.
  [[nodiscard]] std::uint64_t end_of_aged(HeldId id, Timestamp time) const noexcept;

  /// Holes that end before this offset are given up.
  [[nodiscard]] std::uint64_t& given_up_below(HeldId id) noexcept { return streams_[id].given_up_below; }

  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::uint32_t pages() const noexcept { return page_ids_.taken(); }
  [[nodiscard]] std::uint32_t open_streams() const noexcept { return stream_ids_.taken(); }
  [[nodiscard]] static std::uint32_t capacity(const Settings& settings) noexcept;

 private:
  using Links = std::array<PageId, kPageLevels>;
  struct Stream {
    Links first{};
    std::uint32_t pages = 0;
    std::uint32_t connection_id = 0;
    std::uint64_t given_up_below = 0;
    Direction direction = Direction::to_server;
  };

  [[nodiscard]] Links& after(Stream& s, PageId page) noexcept {
    return page == 0 ? s.first : pages_[page].after;
  }
  [[nodiscard]] const Links& after(const Stream& s, PageId page) const noexcept {
    return page == 0 ? s.first : pages_[page].after;
  }
  [[nodiscard]] Links before(const Stream& s, std::uint64_t index) const noexcept;
  [[nodiscard]] PageId find_or_add(Stream& s, std::uint64_t index, Timestamp now) noexcept;
  void pop_front(Stream& s) noexcept;
  void store_in(Page& page, std::size_t from, std::size_t to, PayloadReader& payload, Stored& out) noexcept;
  [[nodiscard]] std::size_t random_levels() noexcept;

  std::uint32_t max_pages_;
  std::uint32_t max_stream_pages_;
  LazyArray<Page> pages_;
  IdStack page_ids_;
  LazyArray<Stream> streams_;
  IdStack stream_ids_;
  std::uint64_t bytes_ = 0;
  std::uint32_t random_ = 0x9e3779b9;
};

}  // namespace mirrorscan::reassembly
