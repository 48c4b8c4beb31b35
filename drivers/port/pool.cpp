#include "port/pool.h"

#include <rte_mbuf.h>

#include <algorithm>
#include <bit>

#include "packet/meta.h"

namespace mirrorscan::port {
namespace {

constexpr std::uint32_t kCache = 384;

}  // namespace

PoolPlan plan_pool(const config::Port& port, const Kind& kind, const Needs& needs, std::uint32_t pollers,
                   std::uint32_t buffer_bytes) {
  if (port.mbufs != 0) return {port.mbufs, buffer_bytes};
  const std::uint32_t segments = (frame_bytes(port.mtu) + buffer_bytes - 1) / buffer_bytes;
  const std::uint32_t rings = port.queues * std::max(port.descriptors, kind.mbufs_a_queue);
  const std::uint32_t in_hand = 2 * needs.workers * needs.burst * segments;
  const std::uint32_t inboxes =
      needs.workers > 1 ? pollers * needs.inbox_packets * (needs.workers - 1 + segments - 1) : 0;
  const std::uint32_t caches = (needs.workers + 1) * kCache;
  return {rings + in_hand + inboxes + caches, buffer_bytes};
}

std::uint64_t pool_bytes(const PoolPlan& plan) {
  constexpr std::uint64_t kPrivate = RTE_ALIGN(sizeof(packet::Meta), RTE_MBUF_PRIV_ALIGN);
  // One cache line for the pool's object header, up to three more by which DPDK spreads objects over memory
  // channels, and eight bytes in the pool's ring.
  constexpr std::uint64_t kOverhead = 4 * RTE_CACHE_LINE_SIZE + sizeof(void*);
  const std::uint64_t one =
      sizeof(rte_mbuf) + kPrivate + RTE_PKTMBUF_HEADROOM + plan.buffer_bytes + kOverhead;
  return std::bit_ceil(std::uint64_t{plan.mbufs} + 1) * one;
}

}  // namespace mirrorscan::port
