#pragma once
// Mbuf chains without EAL and without a pool, for unit and fuzz tests. Each segment's bytes are a heap block
// of exactly their size, so that AddressSanitizer sees a read one byte too far. Never free them with
// rte_pktmbuf_free.

#include <rte_mbuf.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "packet/meta.h"

namespace mirrorscan::support {

/// Segment sizes of `piece` bytes each that add up to `total`.
[[nodiscard]] std::vector<std::size_t> pieces_of(std::size_t total, std::size_t piece);

class MbufChain {
 public:
  /// `sizes` of the segments, 0 allowed; what they leave over goes into a last one (none when nothing is
  /// left). At most 65,535 bytes a segment. Each has a private area with a default Meta; refcnt is 1.
  explicit MbufChain(ByteView bytes, const std::vector<std::size_t>& sizes = {});

  [[nodiscard]] rte_mbuf& operator*() noexcept { return *segments_.front().mbuf; }
  [[nodiscard]] rte_mbuf* operator->() noexcept { return segments_.front().mbuf.get(); }
  /// The packet's bytes by the chain's own account, as pkt_len limits them.
  [[nodiscard]] std::vector<std::uint8_t> bytes() const;

 private:
  struct Free {
    void operator()(rte_mbuf* mbuf) const noexcept;
  };
  struct Segment {
    std::unique_ptr<rte_mbuf, Free> mbuf;
    std::unique_ptr<std::uint8_t[]> data;
  };
  void add(ByteView bytes);

  std::vector<Segment> segments_;
};

}  // namespace mirrorscan::support
