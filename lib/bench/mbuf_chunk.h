#pragma once
// Packets in mbufs before they are timed: as many at once as a pool holds, so that their headers, private
// areas and bytes have left the caches by the time they are read.

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "bench/frame_source.h"
#include "engine/eal.h"

struct rte_mbuf;

namespace mirrorscan::bench {

class MbufChunk {
 public:
  static constexpr unsigned kMbufs = 131'071;  ///< 352 MB with their private areas
  static constexpr std::uint64_t kBytesAnMbuf = 2'816;
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

  /// EAL must have that many times kBytesAnMbuf.
  [[nodiscard]] static Result<MbufChunk> make(unsigned mbufs = kMbufs);

  /// Takes frames of `source` until it ends, the pool is empty, or there are `most`; says how many. Whoever
  /// got the packets before has given them back.
  [[nodiscard]] std::size_t fill(FrameSource& source, std::size_t most = kNoLimit);

  [[nodiscard]] std::span<rte_mbuf*> packets() noexcept { return packets_; }
  [[nodiscard]] std::span<const Timestamp> times() const noexcept { return times_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
  /// Whether no mbuf is out.
  [[nodiscard]] bool all_back() const noexcept;

 private:
  explicit MbufChunk(engine::Pool pool) noexcept : pool_(std::move(pool)) {}

  engine::Pool pool_;
  const TimedFrame* waiting_ = nullptr;  ///< found no mbuf
  std::vector<rte_mbuf*> packets_;
  std::vector<Timestamp> times_;
  std::uint64_t bytes_ = 0;
};

}  // namespace mirrorscan::bench
