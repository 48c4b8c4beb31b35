// How bytes get into the pages: fresh ones are copied, of those that are there already the policy says which
// stay.
//
// Who gave a byte is known by the bits of Page::starts: the part of a segment from one of them up to the
// next, or up to a hole. A segment that lost its middle is two parts from then on, as it is in a receiver's
// queue.

#include <algorithm>

#include "reassembly/held_streams.h"

namespace mirrorscan::reassembly {

struct HeldStreams::Copying {
  const Incoming& incoming;
  Versions& versions;
  PayloadReader payload;
  Stored out;
  bool own = false;  ///< the byte before is this segment's
  Extent part;       ///< of the earlier segment met last
  Keeper keeper = Keeper::earlier;

  /// Bytes [from, to) of the page become this segment's.
  void take(Page& page, std::size_t from, std::size_t to) noexcept {
    payload.copy(page.data.data() + from, to - from);
    page.starts.clear(from, to);
    if (!own) page.starts.set(from, from + 1);
    own = true;
  }
  /// `held` are the earlier bytes of the next `length`.
  void compare(std::uint64_t offset, const std::uint8_t* held, std::size_t length) noexcept {
    PayloadReader again = payload;
    if (!again.same(held, length) && !out.differs) {
      out.differs = true;
      versions.begin(incoming.payload, static_cast<std::size_t>(incoming.extent.end - incoming.extent.begin));
    }
    if (!out.differs) return;
    const auto at = static_cast<std::size_t>(offset - incoming.extent.begin);
    if (keeper == Keeper::later)
      versions.later_leads(at, held, length);
    else
      versions.earlier_leads(at, held, length);
  }
};

Page* HeldStreams::next_to(const Page& page) noexcept {
  const PageId next = page.after[0];
  return next != 0 && pages_[next].index == page.index + 1 ? &pages_[next] : nullptr;
}

Extent HeldStreams::part_at(const Page& page, std::size_t at) const noexcept {
  const std::size_t start = page.starts.last_set(at + 1);
  // A segment that meets the part here and not where it begins, begins here itself: how far before the page
  // the part begins decides nothing.
  const std::uint64_t begin = start < kPageBytes ? page.begin() + start : page.begin() - 1;
  const Page* p = &page;
  std::size_t end = std::min(p->starts.first_set(at + 1), p->have.first_clear(at));
  while (end == kPageBytes) {
    const PageId next = p->after[0];
    if (next == 0 || pages_[next].index != p->index + 1) break;
    p = &pages_[next];
    end = std::min(p->starts.first_set(0), p->have.first_clear(0));
  }
  return {begin, p->begin() + end};
}

void HeldStreams::end_part(Page& page, std::uint64_t offset) noexcept {
  Page* const of = offset < page.end() ? &page : next_to(page);
  if (of == nullptr) return;
  const auto at = static_cast<std::size_t>(offset - of->begin());
  if (of->have.test(at)) of->starts.set(at, at + 1);
}

void HeldStreams::overlap(Page& page, std::size_t from, std::size_t to, Copying& copying) noexcept {
  while (from < to) {
    const std::uint64_t offset = page.begin() + from;
    // A part may go on in the next page: what was decided for it holds there, too.
    if (offset >= copying.part.end) {
      copying.part = part_at(page, from);
      copying.keeper = keeper_of(copying.incoming.policy, copying.part, copying.incoming.segment);
    }
    const auto stop =
        static_cast<std::size_t>(std::min<std::uint64_t>(page.begin() + to, copying.part.end) - page.begin());
    copying.compare(offset, page.data.data() + from, stop - from);
    copying.out.already_held += static_cast<std::uint32_t>(stop - from);
    if (copying.keeper == Keeper::later) {
      copying.take(page, from, stop);
    } else {
      copying.payload.skip(stop - from);
      copying.own = false;
    }
    from = stop;
  }
}

void HeldStreams::copy_in(Page& page, std::size_t from, std::size_t to, Copying& copying) noexcept {
  while (from < to) {
    if (page.have.test(from)) {
      const std::size_t end = std::min(to, page.have.first_clear(from));
      overlap(page, from, end, copying);
      from = end;
      continue;
    }
    const std::size_t end = std::min(to, page.have.first_set(from));
    copying.take(page, from, end);
    page.have.set(from, end);
    page.missing.clear(from, end);
    copying.out.held += static_cast<std::uint32_t>(end - from);
    from = end;
  }
}

Stored HeldStreams::store(HeldId id, const Incoming& incoming, Versions& versions) noexcept {
  Stream& s = streams_[id];
  Copying copying{incoming, versions, incoming.payload, {}, false, {}, Keeper::earlier};
  Page* last = nullptr;
  each_page(s, incoming.extent, incoming.time, [&](Page* page, std::size_t from, std::size_t to) noexcept {
    last = page;
    if (page != nullptr) return copy_in(*page, from, to, copying);
    copying.payload.skip(to - from);
    copying.out.no_page += static_cast<std::uint32_t>(to - from);
    copying.own = false;
  });
  if (copying.own) end_part(*last, incoming.extent.end);
  bytes_ += copying.out.held;
  return copying.out;
}

Kept HeldStreams::store_other(HeldId id, Extent extent, const Versions& versions, Timestamp now) noexcept {
  Kept kept = Kept::whole;
  each_page(streams_[id], extent, now, [&](Page* page, std::size_t from, std::size_t to) noexcept {
    if (page == nullptr) kept = Kept::in_part;
    for (; page != nullptr && from < to; ++from) {
      const auto at = static_cast<std::size_t>(page->begin() + from - extent.begin);
      const std::uint8_t leading = versions.leading()[at], other = versions.other()[at];
      std::uint8_t& there = page->data[from];
      const bool fresh = !page->have.test(from);
      if (fresh || there == leading) {
        there = other;
        page->have.set(from, from + 1);
        bytes_ += fresh ? 1 : 0;
      } else if (other != there && other != leading) {
        kept = Kept::in_part;  // of three copies two are kept
      }
    }
  });
  return kept;
}

}  // namespace mirrorscan::reassembly
