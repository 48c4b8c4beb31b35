#include "reassembly/held_streams.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace mirrorscan::reassembly {
namespace {

constexpr std::uint32_t pages_for(std::uint32_t bytes) noexcept {
  return std::max<std::uint32_t>(1, bytes / kPageBytes);
}

}  // namespace

std::uint32_t HeldStreams::capacity(const Settings& settings) noexcept {
  return pages_for(settings.max_held_bytes) + kReservePages;
}

std::uint64_t HeldStreams::bytes(const Settings& settings) noexcept {
  constexpr std::uint64_t kBesidePage = 112;
  return capacity(settings) * (sizeof(Page) + kBesidePage);
}

HeldStreams::HeldStreams(const Settings& settings)
    : max_pages_(pages_for(settings.max_held_bytes)),
      max_stream_pages_(pages_for(settings.max_held_bytes_per_stream)),
      pages_(capacity(settings) + 1),
      page_ids_(capacity(settings)),
      streams_(capacity(settings) + 1),
      stream_ids_(capacity(settings)) {}

HeldId HeldStreams::open(std::uint32_t connection_id, Direction direction) noexcept {
  const HeldId id = stream_ids_.take();
  if (id != 0) streams_[id] = Stream{.connection_id = connection_id, .direction = direction};
  return id;
}

Due HeldStreams::owner(HeldId id) const noexcept {
  return {streams_[id].connection_id, streams_[id].direction, {}};
}

HeldStreams::Links HeldStreams::before(const Stream& s, std::uint64_t index) const noexcept {
  Links found{};
  PageId at = 0;
  for (std::size_t level = kPageLevels; level-- > 0;) {
    for (PageId next = after(s, at)[level]; next != 0 && pages_[next].index < index;
         next = after(s, at)[level])
      at = next;
    found[level] = at;
  }
  return found;
}

std::size_t HeldStreams::random_levels() noexcept {
  random_ ^= random_ << 13;  // xorshift32 (Marsaglia 2003)
  random_ ^= random_ >> 17;
  random_ ^= random_ << 5;
  // One page in eight reaches the next level: 4 levels make 4,096 pages (4 MiB of one stream) about 32 steps.
  return std::min<std::size_t>(kPageLevels, 1 + static_cast<std::size_t>(std::countr_zero(random_)) / 3);
}

PageId HeldStreams::find_or_add(Stream& s, std::uint64_t index, Timestamp now) noexcept {
  const Links left = before(s, index);
  const PageId found = after(s, left[0])[0];
  if (found != 0 && pages_[found].index == index) return found;
  const PageId id = page_ids_.take();
  if (id == 0) return 0;
  Page& page = pages_[id];
  page.index = index;
  page.first_write = now;
  page.have = {};
  page.starts = {};
  page.missing = {};
  page.after = {};
  const std::size_t levels = random_levels();
  for (std::size_t level = 0; level < levels; ++level) {
    page.after[level] = after(s, left[level])[level];
    after(s, left[level])[level] = id;
  }
  ++s.pages;
  return id;
}

void HeldStreams::pop_front(Stream& s) noexcept {
  const PageId id = s.first[0];
  for (std::size_t level = 0; level < kPageLevels && s.first[level] == id; ++level)
    s.first[level] = pages_[id].after[level];
  page_ids_.give_back(id);
  --s.pages;
}

void HeldStreams::mark_missing(HeldId id, std::uint64_t begin, std::uint64_t end, Timestamp now) noexcept {
  each_page(streams_[id], {begin, end}, now, [](Page* page, std::size_t from, std::size_t to) noexcept {
    if (page == nullptr) return;  // it stays an ordinary hole
    while (from < to) {
      const std::size_t run = std::min(to, page->have.first_set(from));
      page->missing.set(from, run);
      from = page->have.first_clear(run);
    }
  });
}

Run HeldStreams::front(HeldId id, std::uint64_t from) noexcept {
  Stream& s = streams_[id];
  for (; s.first[0] != 0; pop_front(s)) {
    const Page& page = pages_[s.first[0]];
    if (page.end() <= from) continue;
    const std::size_t start = from > page.begin() ? from - page.begin() : 0;
    const std::size_t have = page.have.first_set(start);
    const std::size_t missing = page.missing.first_set(start);
    if (have == kPageBytes && missing == kPageBytes) continue;
    if (have < missing)
      return {page.begin() + have, page.begin() + page.have.first_clear(have), page.data.data() + have,
              page.first_write};
    return {page.begin() + missing, page.begin() + page.missing.first_clear(missing), nullptr,
            page.first_write};
  }
  return {};
}

std::uint64_t HeldStreams::close(HeldId id, std::uint64_t from) noexcept {
  Stream& s = streams_[id];
  std::uint64_t dropped = 0;
  for (; s.first[0] != 0; pop_front(s)) {
    const Page& page = pages_[s.first[0]];
    if (page.end() > from) dropped += page.have.count(from > page.begin() ? from - page.begin() : 0);
  }
  bytes_ -= dropped;
  stream_ids_.give_back(id);
  return dropped;
}

std::uint32_t HeldStreams::excess(HeldId id, std::uint64_t begin, std::uint64_t end) const noexcept {
  static constexpr Stream kNothing{};
  if (begin >= end) return 0;
  const Stream& s = id == 0 ? kNothing : streams_[id];
  const std::uint32_t room = std::min(max_pages_ - std::min(max_pages_, pages()),
                                      max_stream_pages_ - std::min(max_stream_pages_, s.pages));
  const std::uint64_t last = (end - 1) / kPageBytes;
  std::uint64_t needed = last - begin / kPageBytes + 1;
  if (needed <= room) return 0;
  for (std::uint64_t index = begin / kPageBytes; id != 0 && index <= last; ++index) {
    const PageId found = after(s, before(s, index)[0])[0];
    if (found != 0 && pages_[found].index == index) --needed;
  }
  return needed <= room ? 0 : static_cast<std::uint32_t>(needed - room);
}

std::uint64_t HeldStreams::end_of_pages(HeldId id, std::uint32_t count) const noexcept {
  PageId at = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    at = after(streams_[id], at)[0];
    if (at == 0) return std::numeric_limits<std::uint64_t>::max();
  }
  return pages_[at].end();
}

std::uint64_t HeldStreams::end_of_aged(HeldId id, Timestamp time) const noexcept {
  std::uint64_t end = 0;
  for (PageId at = streams_[id].first[0]; at != 0 && pages_[at].first_write <= time; at = pages_[at].after[0])
    end = pages_[at].end();
  return end;
}

}  // namespace mirrorscan::reassembly
