#pragma once
// Pools of mbufs for tests of what makes mbufs; EAL is started once, without huge pages, devices or files.

#include <rte_mempool.h>

#include <cstdint>

namespace mirrorscan::support {

class Mempool {
 public:
  /// `data_room` bytes of data an mbuf (at most 65,407), without headroom in use; a private area for Meta.
  explicit Mempool(std::uint32_t mbufs, std::uint16_t data_room = 2'048);
  ~Mempool();
  Mempool(const Mempool&) = delete;
  Mempool& operator=(const Mempool&) = delete;

  [[nodiscard]] rte_mempool& operator*() noexcept { return *pool_; }
  /// Mbufs that are not in the pool.
  [[nodiscard]] std::uint32_t in_use() const noexcept;

 private:
  rte_mempool* pool_;
};

}  // namespace mirrorscan::support
