#pragma once
// Reading and shortening the bytes of an mbuf chain. Every walk follows `next` and is bounded by pkt_len:
// nb_segs is not trusted (ENA's PMD was seen to hand out nb_segs 2 with next == NULL), and segments may be
// empty.

#include <rte_mbuf.h>

#include <array>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "base/bytes.h"
#include "packet/meta.h"

namespace mirrorscan::packet {

/// Room for a header that straddles segments. What was read through it is valid until its next use.
using HeaderScratch = std::array<std::uint8_t, 64>;

/// What is known about the packet; it lives in the private area of the chain's first mbuf, which must be at
/// least sizeof(Meta) large. Its content is stale until the worker assigns it.
[[nodiscard]] inline Meta& meta(rte_mbuf& m) noexcept {
  return *static_cast<Meta*>(rte_mbuf_to_priv(&m));
}
[[nodiscard]] inline const Meta& meta(const rte_mbuf& m) noexcept {
  return *static_cast<const Meta*>(rte_mbuf_to_priv(const_cast<rte_mbuf*>(&m)));
}

/// The bytes of one segment.
[[nodiscard]] inline ByteView segment_bytes(const rte_mbuf& segment) noexcept {
  return {static_cast<const std::uint8_t*>(segment.buf_addr) + segment.data_off, segment.data_len};
}

namespace detail {
[[nodiscard]] const std::uint8_t* read_chain(const rte_mbuf& m, std::uint32_t offset, std::uint32_t length,
                                             std::uint8_t* scratch) noexcept;
}

/// `length` bytes from `offset`: in place when one segment holds them, else copied to `scratch` (which must
/// hold `length` bytes); nullptr when they go beyond pkt_len or the chain. Constant time within the first
/// segment.
[[nodiscard]] inline const std::uint8_t* read(const rte_mbuf& m, std::uint32_t offset, std::uint32_t length,
                                              std::uint8_t* scratch) noexcept {
  const std::uint64_t end = std::uint64_t{offset} + length;
  if (end > m.pkt_len) return nullptr;
  if (end <= m.data_len) return static_cast<const std::uint8_t*>(m.buf_addr) + m.data_off + offset;
  return detail::read_chain(m, offset, length, scratch);
}

/// A wire header at `offset`, or nullptr when it is not all there. Header is a struct of bytes (lib/wire).
template <class Header>
[[nodiscard]] const Header* view(const rte_mbuf& m, std::uint32_t offset, HeaderScratch& scratch) noexcept {
  static_assert(sizeof(Header) <= sizeof(HeaderScratch) && alignof(Header) == 1);
  static_assert(std::is_trivially_copyable_v<Header>);
  return reinterpret_cast<const Header*>(read(m, offset, sizeof(Header), scratch.data()));
}

/// Calls fn(ByteView) for each non-empty contiguous piece of [offset, offset + length), in order. Returns the
/// number of bytes visited, which is less than `length` when the packet ends before.
template <std::invocable<ByteView> Fn>
std::uint32_t for_each_piece(const rte_mbuf& m, std::uint32_t offset, std::uint32_t length,
                             Fn&& fn) noexcept(std::is_nothrow_invocable_v<Fn, ByteView>) {
  if (offset >= m.pkt_len) return 0;
  const std::uint32_t wanted = length < m.pkt_len - offset ? length : m.pkt_len - offset;
  std::uint32_t left = wanted;
  for (const rte_mbuf* segment = &m; segment != nullptr && left > 0; segment = segment->next) {
    const ByteView bytes = segment_bytes(*segment);
    if (offset >= bytes.size()) {
      offset -= static_cast<std::uint32_t>(bytes.size());
      continue;
    }
    const std::size_t there = bytes.size() - offset;
    const std::size_t take = there < left ? there : left;
    fn(bytes.subspan(offset, take));
    left -= static_cast<std::uint32_t>(take);
    offset = 0;
  }
  return wanted - left;
}

/// Copies up to `length` bytes from `offset` to `out`. Returns the number of bytes copied.
std::uint32_t copy_out(const rte_mbuf& m, std::uint32_t offset, std::uint32_t length,
                       std::uint8_t* out) noexcept;

/// Makes pkt_len and nb_segs tell the truth: the bytes and segments that the chain really has; bytes beyond
/// pkt_len are cut off. Constant time for an mbuf of one segment.
void settle_chain(rte_mbuf& m) noexcept;

/// Cuts `n` bytes (at most all) off the front, across segments (rte_pktmbuf_adj stops at the first). Segments
/// that become empty stay in the chain, since Meta lives in the first.
void trim_front(rte_mbuf& m, std::uint32_t n) noexcept;

/// Cuts off everything beyond the first `length` bytes, across segments (rte_pktmbuf_trim stops at the last).
void keep_front(rte_mbuf& m, std::uint32_t length) noexcept;

/// Adds bytes at the end, with further mbufs of `pool` where the last one is full. False when the pool is
/// empty: the packet is then as before.
[[nodiscard]] bool append(rte_mbuf& m, rte_mempool& pool, ByteView bytes) noexcept;

/// A new packet with a copy of `bytes`, chained when the pool's data room is smaller; nullptr when the pool
/// is empty. The content of Meta is stale.
[[nodiscard]] rte_mbuf* from_bytes(rte_mempool& pool, ByteView bytes) noexcept;

}  // namespace mirrorscan::packet
