#include "capture/source.h"

namespace mirrorscan::capture {

std::size_t Source::read(std::span<rte_mbuf*> out, rte_mempool& pool) {
  std::size_t made = 0;
  while (made < out.size()) {
    // A frame is copied before the next one is read: the reader lends its bytes only so long.
    if (!pending_ && !next_frame()) break;
    out[made] = to_mbuf(frame_, pool);
    if (out[made] == nullptr) break;  // the pool is empty: the worker is behind
    pending_ = false;
    ++made;
  }
  return made;
}

bool Source::next_frame() {
  pending_ = !ended_ && reader_.read(std::span(&frame_, 1)) == 1;
  ended_ = !pending_;
  return pending_;
}

}  // namespace mirrorscan::capture
