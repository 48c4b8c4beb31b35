#pragma once
// A pool of more mbufs than caches hold, in huge pages where the kernel gives them: no port finds the headers
// of what it receives in a cache.

#include <rte_mbuf.h>
#include <rte_mempool.h>

#include <cstdint>
#include <stdexcept>

#include "base/lazy_array.h"
#include "packet/meta.h"
#include "support/mempool.h"

namespace mirrorscan::perf {

class BigPool {
 public:
  explicit BigPool(std::uint32_t mbufs) {
    constexpr std::uint16_t kDataRoom = RTE_MBUF_DEFAULT_BUF_SIZE;
    constexpr auto kElement = static_cast<unsigned>(sizeof(rte_mbuf) + sizeof(packet::Meta) + kDataRoom);
    pool_ = rte_mempool_create_empty("big-pool", mbufs, kElement, RTE_MEMPOOL_CACHE_MAX_SIZE,
                                     sizeof(rte_pktmbuf_pool_private), SOCKET_ID_ANY,
                                     RTE_MEMPOOL_F_NO_SPREAD | RTE_MEMPOOL_F_NO_IOVA_CONTIG);
    if (pool_ == nullptr) throw std::runtime_error("no memory for a pool");
    rte_pktmbuf_pool_private about{kDataRoom, sizeof(packet::Meta), 0};
    rte_pktmbuf_pool_init(pool_, &about);
    // Room for each object's header and trailer, and for a page that is not used to its end.
    const std::uint64_t bytes = std::uint64_t{mbufs} * (kElement + 192) + 2 * kPage;
    memory_ = LazyArray<std::uint8_t>(bytes);
    auto* first = memory_.data() + (kPage - reinterpret_cast<std::uintptr_t>(memory_.data()) % kPage) % kPage;
    const std::size_t usable = (bytes - static_cast<std::size_t>(first - memory_.data())) / kPage * kPage;
    for (std::size_t at = 0; at < usable; at += 4'096) first[at] = 0;
    const int got =
        rte_mempool_populate_virt(pool_, reinterpret_cast<char*>(first), usable, kPage, nullptr, nullptr);
    if (got < static_cast<int>(mbufs))
      throw std::runtime_error("no memory for mbufs: " + std::to_string(got));
    rte_mempool_obj_iter(pool_, rte_pktmbuf_init, nullptr);
  }
  ~BigPool() { rte_mempool_free(pool_); }
  BigPool(const BigPool&) = delete;
  BigPool& operator=(const BigPool&) = delete;

  [[nodiscard]] rte_mempool& operator*() noexcept { return *pool_; }

 private:
  static constexpr std::size_t kPage = 2U << 20;
  support::Mempool eal_{63};  ///< starts EAL
  LazyArray<std::uint8_t> memory_;
  rte_mempool* pool_ = nullptr;
};

}  // namespace mirrorscan::perf
