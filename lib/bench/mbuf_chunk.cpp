#include "bench/mbuf_chunk.h"

#include <rte_mempool.h>

#include "packet/access.h"

namespace mirrorscan::bench {

Result<MbufChunk> MbufChunk::make(unsigned mbufs) {
  auto pool = engine::pool_of("bench", mbufs);
  if (!pool) return pool.error();
  return MbufChunk(std::move(pool).value());
}

std::size_t MbufChunk::fill(FrameSource& source, std::size_t most) {
  packets_.clear();
  times_.clear();
  bytes_ = 0;
  while (packets_.size() < most) {
    if (waiting_ == nullptr) waiting_ = source.next();
    if (waiting_ == nullptr) break;
    rte_mbuf* packet = packet::from_bytes(*pool_, waiting_->bytes);
    if (packet == nullptr) break;
    packets_.push_back(packet);
    times_.push_back(waiting_->time);
    bytes_ += waiting_->bytes.size();
    waiting_ = nullptr;
  }
  return packets_.size();
}

bool MbufChunk::all_back() const noexcept {
  return rte_mempool_full(pool_.get()) == 1;
}

}  // namespace mirrorscan::bench
