#pragma once
// The bytes held for streams that have a hole: pages from one budgeted pool, ordered by a skip list a stream.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/direction.h"
#include "base/lazy_array.h"
#include "base/timestamp.h"
#include "reassembly/id_stack.h"
#include "reassembly/overlap.h"
#include "reassembly/page.h"
#include "reassembly/payload_reader.h"
#include "reassembly/segment.h"
#include "reassembly/versions.h"

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

/// Bytes on their way into the pages.
struct Incoming {
  Extent extent;          ///< what is to be held
  Extent segment;         ///< all that its segment brought in order with it: overlaps are decided by this
  PayloadReader payload;  ///< from extent.begin on
  OverlapPolicy policy = OverlapPolicy::windows;
  Timestamp time;
};

struct Stored {
  std::uint32_t held = 0;
  std::uint32_t already_held = 0;  ///< whichever copy stays
  std::uint32_t no_page = 0;
  bool differs = false;
};

/// What became of a second version.
enum class Kept : std::uint8_t { whole, in_part };

class HeldStreams {
 public:
  explicit HeldStreams(const Settings& settings);

  /// 0 when none is free.
  [[nodiscard]] HeldId open(std::uint32_t connection_id, Direction direction) noexcept;
  [[nodiscard]] Due owner(HeldId id) const noexcept;

  /// Copies the bytes; of those that are held already the policy says which stay. Where they differ,
  /// `versions` has both versions of the extent afterwards.
  Stored store(HeldId id, const Incoming& incoming, Versions& versions) noexcept;
  /// For a place where second versions are kept: takes the other version of [begin, end). One that is there
  /// already stays where it differs from what leads now.
  Kept store_other(HeldId id, Extent extent, const Versions& versions, Timestamp now) noexcept;
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
  /// Bytes that are mapped for this budget, by README.md's formula: a stream and its timers beside each page.
  [[nodiscard]] static std::uint64_t bytes(const Settings& settings) noexcept;

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
  struct Copying;  // what store() carries from page to page
  void copy_in(Page& page, std::size_t from, std::size_t to, Copying& copying) noexcept;
  /// Bytes [from, to) of the page are there already.
  void overlap(Page& page, std::size_t from, std::size_t to, Copying& copying) noexcept;
  /// What lies together of the segment that gave this byte; its begin is exact from the page's begin on.
  [[nodiscard]] Extent part_at(const Page& page, std::size_t at) const noexcept;
  /// A part ends before this byte: if it is there, another begins with it.
  void end_part(Page& page, std::uint64_t offset) noexcept;
  [[nodiscard]] Page* next_to(const Page& page) noexcept;
  /// visit(page, from, to) for each page of the extent, nullptr where there is none to be had.
  template <class Visit>
  void each_page(Stream& s, Extent extent, Timestamp now, Visit visit) noexcept {
    while (extent.begin < extent.end) {
      const std::uint64_t index = extent.begin / kPageBytes;
      const std::uint64_t stop = std::min(extent.end, (index + 1) * kPageBytes);
      const PageId page = find_or_add(s, index, now);
      visit(page == 0 ? nullptr : &pages_[page], static_cast<std::size_t>(extent.begin % kPageBytes),
            static_cast<std::size_t>(stop - index * kPageBytes));
      extent.begin = stop;
    }
  }
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
