#include "packet/access.h"

#include <algorithm>
#include <cstring>

namespace mirrorscan::packet {

namespace {
std::uint8_t* data_of(rte_mbuf& segment) noexcept {
  return static_cast<std::uint8_t*>(segment.buf_addr) + segment.data_off;
}
}  // namespace

const std::uint8_t* detail::read_chain(const rte_mbuf& m, std::uint32_t offset, std::uint32_t length,
                                       std::uint8_t* scratch) noexcept {
  if (length == 0) return scratch;
  std::uint32_t copied = 0;
  for (const rte_mbuf* segment = &m; segment != nullptr; segment = segment->next) {
    const ByteView bytes = segment_bytes(*segment);
    if (offset >= bytes.size()) {
      offset -= static_cast<std::uint32_t>(bytes.size());
      continue;
    }
    const ByteView there = bytes.subspan(offset);
    if (copied == 0 && there.size() >= length) return there.data();
    const std::size_t take = std::min<std::size_t>(there.size(), length - copied);
    std::memcpy(scratch + copied, there.data(), take);
    copied += static_cast<std::uint32_t>(take);
    if (copied == length) return scratch;
    offset = 0;
  }
  return nullptr;
}

std::uint32_t copy_out(const rte_mbuf& m, std::uint32_t offset, std::uint32_t length,
                       std::uint8_t* out) noexcept {
  return for_each_piece(m, offset, length, [&out](ByteView piece) noexcept {
    std::memcpy(out, piece.data(), piece.size());
    out += piece.size();
  });
}

void settle_chain(rte_mbuf& m) noexcept {
  if (m.next == nullptr && m.nb_segs == 1 && m.data_len == m.pkt_len) return;
  std::uint32_t there = 0;
  std::uint16_t segments = 0;
  for (rte_mbuf* segment = &m; segment != nullptr; segment = segment->next) {
    segment->data_len =
        static_cast<std::uint16_t>(std::min<std::uint32_t>(segment->data_len, m.pkt_len - there));
    there += segment->data_len;
    ++segments;
  }
  m.pkt_len = there;
  m.nb_segs = segments;
}

void trim_front(rte_mbuf& m, std::uint32_t n) noexcept {
  n = std::min(n, m.pkt_len);
  m.pkt_len -= n;
  for (rte_mbuf* segment = &m; segment != nullptr && n > 0; segment = segment->next) {
    const auto cut = static_cast<std::uint16_t>(std::min<std::uint32_t>(n, segment->data_len));
    segment->data_off = static_cast<std::uint16_t>(segment->data_off + cut);
    segment->data_len = static_cast<std::uint16_t>(segment->data_len - cut);
    n -= cut;
  }
}

void keep_front(rte_mbuf& m, std::uint32_t length) noexcept {
  if (length >= m.pkt_len) return;
  m.pkt_len = length;
  for (rte_mbuf* segment = &m; segment != nullptr; segment = segment->next) {
    segment->data_len = static_cast<std::uint16_t>(std::min<std::uint32_t>(segment->data_len, length));
    length -= segment->data_len;
  }
}

bool append(rte_mbuf& m, rte_mempool& pool, ByteView bytes) noexcept {
  rte_mbuf* last = rte_pktmbuf_lastseg(&m);
  const std::size_t here = std::min<std::size_t>(rte_pktmbuf_tailroom(last), bytes.size());
  const ByteView rest = bytes.subspan(here);
  if (!rest.empty()) {
    rte_mbuf* more = from_bytes(pool, rest);
    if (more == nullptr) return false;
    last->next = more;
    m.nb_segs = static_cast<std::uint16_t>(m.nb_segs + more->nb_segs);
  }
  if (here > 0) std::memcpy(data_of(*last) + last->data_len, bytes.data(), here);
  last->data_len = static_cast<std::uint16_t>(last->data_len + here);
  m.pkt_len += static_cast<std::uint32_t>(bytes.size());
  return true;
}

rte_mbuf* from_bytes(rte_mempool& pool, ByteView bytes) noexcept {
  rte_mbuf* const first = rte_pktmbuf_alloc(&pool);
  rte_mbuf* segment = first;
  std::uint16_t segments = 1;
  for (ByteView left = bytes; segment != nullptr;) {
    const std::size_t take = std::min<std::size_t>(rte_pktmbuf_tailroom(segment), left.size());
    if (take == 0 && !left.empty()) break;  // a pool whose data room is no larger than the headroom
    if (take > 0) std::memcpy(data_of(*segment), left.data(), take);
    segment->data_len = static_cast<std::uint16_t>(take);
    left = left.subspan(take);
    if (left.empty()) {
      first->pkt_len = static_cast<std::uint32_t>(bytes.size());
      first->nb_segs = segments;
      return first;
    }
    segment = segment->next = rte_pktmbuf_alloc(&pool);
    ++segments;
  }
  if (first != nullptr) rte_pktmbuf_free(first);
  return nullptr;
}

}  // namespace mirrorscan::packet
