#pragma once
// What a packet's visit will need, known before it: a burst's memory is asked for ahead, since a million
// flows are in no cache and a packet has a dozen lines to wait for.

#include <rte_mbuf.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/cache_line.h"
#include "dedup/dedup.h"
#include "flow/key.h"
#include "flow/slot.h"
#include "packet/access.h"

namespace mirrorscan::worker {

/// Packets that are looked ahead for at a time: few enough that their lines stay in the first-level cache.
inline constexpr std::size_t kAheadPackets = 32;

/// Where a packet's copies and its flow would stand.
struct Ahead {
  dedup::Identity identity;  ///< set where duplicates are looked for
  flow::Key key;             ///< key and hash: not for fragments
  std::uint64_t hash = 0;
  flow::Slot guess = flow::kNone;  ///< where the flow most likely is; nothing depends on it
};

// Inlined by force: g++ 12 takes a function that only prefetches for one without effect and drops its calls.

/// An mbuf's own two lines.
[[gnu::always_inline]] inline void prefetch_mbuf(const rte_mbuf* m) noexcept {
  __builtin_prefetch(m, 1);
  __builtin_prefetch(reinterpret_cast<const std::uint8_t*>(m) + kCacheLine, 1);
}

/// What every packet fills of its Meta.
[[gnu::always_inline]] inline void prefetch_meta(rte_mbuf* m) noexcept {
  const auto* meta = reinterpret_cast<const std::uint8_t*>(&packet::meta(*m));
  for (std::size_t at = 0; at < offsetof(packet::Meta, quoted); at += kCacheLine)
    __builtin_prefetch(meta + at, 1);
}

/// The headers; reads the mbuf.
[[gnu::always_inline]] inline void prefetch_headers(const rte_mbuf* m) noexcept {
  const auto* headers = static_cast<const std::uint8_t*>(m->buf_addr) + m->data_off;
  __builtin_prefetch(headers);
  __builtin_prefetch(headers + kCacheLine);
}

/// Called before the i-th packet of a burst is read: asks for the mbuf of one that comes soon after it, and
/// for the headers and the Meta of a nearer one, whose mbuf has come by then; before the first, for those of
/// all that are so near.
[[gnu::always_inline]] inline void prefetch_arrivals(std::span<rte_mbuf* const> burst,
                                                     std::size_t i) noexcept {
  constexpr std::size_t kMbuf = 16, kContent = 8;
  if (i == 0) {
    const auto first = burst.first(std::min(kContent, burst.size()));
    for (rte_mbuf* m : first) {
      prefetch_mbuf(m);
      prefetch_meta(m);
    }
    for (const rte_mbuf* m : first) prefetch_headers(m);
    for (const rte_mbuf* m : burst.first(std::min(kMbuf, burst.size())).subspan(first.size()))
      prefetch_mbuf(m);
  }
  if (i + kMbuf < burst.size()) prefetch_mbuf(burst[i + kMbuf]);
  if (i + kContent >= burst.size()) return;
  prefetch_headers(burst[i + kContent]);
  prefetch_meta(burst[i + kContent]);
}

}  // namespace mirrorscan::worker
