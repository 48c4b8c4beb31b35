#include <rte_mbuf.h>

#include "capture/capture.h"
#include "packet/access.h"

namespace mirrorscan::capture {

rte_mbuf* to_mbuf(const Frame& frame, rte_mempool& pool) noexcept {
  rte_mbuf* mbuf = packet::from_bytes(pool, frame.bytes);
  if (mbuf == nullptr) return nullptr;
  packet::Meta& meta = packet::meta(*mbuf);
  meta = {};
  meta.time = frame.time;
  meta.capture_index = frame.index;
  return mbuf;
}

}  // namespace mirrorscan::capture
