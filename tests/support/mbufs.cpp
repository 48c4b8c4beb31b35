#include "support/mbufs.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>

namespace mirrorscan::support {

std::vector<std::size_t> pieces_of(std::size_t total, std::size_t piece) {
  std::vector<std::size_t> out(total / piece, piece);
  if (total % piece != 0) out.push_back(total % piece);
  return out;
}

MbufChain::MbufChain(ByteView bytes, const std::vector<std::size_t>& sizes) {
  const auto total = static_cast<std::uint32_t>(bytes.size());
  for (const std::size_t size : sizes) {
    const std::size_t take = std::min(size, bytes.size());
    add(bytes.first(take));
    bytes = bytes.subspan(take);
  }
  if (!bytes.empty() || segments_.empty()) add(bytes);
  for (std::size_t i = 0; i + 1 < segments_.size(); ++i)
    segments_[i].mbuf->next = segments_[i + 1].mbuf.get();
  segments_.front().mbuf->nb_segs = static_cast<std::uint16_t>(segments_.size());
  segments_.front().mbuf->pkt_len = total;
}

void MbufChain::Free::operator()(rte_mbuf* mbuf) const noexcept {
  std::free(mbuf);
}

void MbufChain::add(ByteView bytes) {
  if (bytes.size() > 65'535) throw std::length_error("a segment has at most 65,535 bytes");
  constexpr std::size_t kSize = (sizeof(rte_mbuf) + sizeof(packet::Meta) + 63) / 64 * 64;
  auto* mbuf = static_cast<rte_mbuf*>(std::aligned_alloc(64, kSize));
  if (mbuf == nullptr) throw std::bad_alloc();
  std::memset(static_cast<void*>(mbuf), 0, kSize);
  Segment segment{std::unique_ptr<rte_mbuf, Free>(mbuf), std::make_unique<std::uint8_t[]>(bytes.size())};
  if (!bytes.empty()) std::memcpy(segment.data.get(), bytes.data(), bytes.size());
  mbuf->buf_addr = segment.data.get();
  mbuf->buf_len = mbuf->data_len = static_cast<std::uint16_t>(bytes.size());
  mbuf->refcnt = mbuf->nb_segs = 1;
  mbuf->pkt_len = mbuf->data_len;
  mbuf->priv_size = sizeof(packet::Meta);
  new (mbuf + 1) packet::Meta();
  segments_.push_back(std::move(segment));
}

std::vector<std::uint8_t> MbufChain::bytes() const {
  std::vector<std::uint8_t> out;
  const rte_mbuf* first = segments_.front().mbuf.get();
  for (const rte_mbuf* segment = first; segment != nullptr; segment = segment->next) {
    const auto* data = static_cast<const std::uint8_t*>(segment->buf_addr) + segment->data_off;
    out.insert(out.end(), data, data + segment->data_len);
  }
  if (out.size() > first->pkt_len) out.resize(first->pkt_len);
  return out;
}

}  // namespace mirrorscan::support
