#pragma once
// How many packet buffers a port needs, and how large they are.

#include <cstdint>

#include "config/config.h"
#include "port/kind.h"
#include "port/port.h"

namespace mirrorscan::port {

struct PoolPlan {
  std::uint32_t mbufs = 0;
  std::uint32_t buffer_bytes = 0;  ///< frame bytes of a buffer, without headroom
};

/// The number of buffers is the sum of all places where a port's packets can be at one moment:
///
///   receive rings   queues x descriptors
///   in hand         2 x workers x burst x s       a burst from a queue and one from an inbox
///   inboxes         pollers x (workers - 1) x inbox_packets
///                   + pollers x inbox_packets x (s - 1), where there is more than one worker
///   caches          (workers + 1) x 384           256 buffers a thread; DPDK flushes at 1.5 times that
///
/// s = buffers of one frame at the MTU; pollers = workers that poll the port. All inboxes may be full at
/// once; those of one worker may be full of frames of the MTU. (One worker can be slow because of one
/// tenant's jumbo frames, and must not take the buffers of the others. Where all workers are that slow,
/// packets are lost anyway; they are then counted as no_mbuf.) `mbufs` of the configuration replaces the sum.
[[nodiscard]] PoolPlan plan_pool(const config::Port& port, const Kind& kind, const Needs& needs,
                                 std::uint32_t pollers, std::uint32_t buffer_bytes);

/// Bytes that a pool of this plan takes: rounded up to 2^n - 1 buffers, each with its headers.
[[nodiscard]] std::uint64_t pool_bytes(const PoolPlan& plan);

}  // namespace mirrorscan::port
