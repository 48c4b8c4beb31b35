#pragma once
// What a packet's visit will need, known before it: a burst's memory is asked for ahead, since a million
// flows are in no cache and a packet has a dozen lines to wait for.

#include <rte_mbuf.h>

#include <cstddef>
#include <cstdint>
#include <span>

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

/// Called before the i-th packet of a burst is read: asks for the mbuf of one that comes soon after it, and
/// for the headers and the Meta of a nearer one, whose mbuf has come by then. Distances of 16 and 8 cost 1 to
/// 6 % less than 6 and 3, 8 and 4, 12 and 6, or 24 and 12.
inline void prefetch_arrivals(std::span<rte_mbuf* const> burst, std::size_t i) noexcept {
  constexpr std::size_t kMbuf = 16, kContent = 8, kLine = 64;
  if (i + kMbuf < burst.size()) {
    const auto* mbuf = reinterpret_cast<const std::uint8_t*>(burst[i + kMbuf]);
    __builtin_prefetch(mbuf, 1);
    __builtin_prefetch(mbuf + kLine, 1);
  }
  if (i + kContent >= burst.size()) return;
  rte_mbuf& m = *burst[i + kContent];
  const auto* headers = static_cast<const std::uint8_t*>(m.buf_addr) + m.data_off;
  __builtin_prefetch(headers);
  __builtin_prefetch(headers + kLine);
  const auto* meta = reinterpret_cast<const std::uint8_t*>(&packet::meta(m));
  for (std::size_t at = 0; at < offsetof(packet::Meta, quoted); at += kLine) __builtin_prefetch(meta + at, 1);
}

}  // namespace mirrorscan::worker
