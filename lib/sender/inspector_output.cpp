#include "sender/inspector_output.h"

#include <fmt/format.h>
#include <rte_errno.h>
#include <rte_eth_ring.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

#include <algorithm>
#include <array>

#include "sender/sender.h"

namespace mirrorscan::sender {

Result<std::unique_ptr<InspectorOutput>> InspectorOutput::open(const QueuePlan& queues,
                                                               const traffic::Profile& profile,
                                                               const BufferPlan& buffers) {
  auto pool = engine::make_mbuf_pool("generated", {.mbufs = buffers.packets, .buffer_bytes = buffers.bytes});
  if (!pool) return pool.error();
  std::unique_ptr<InspectorOutput> out(new InspectorOutput(queues, profile, engine::Pool(pool.value())));
  for (std::uint16_t queue = 0; queue < queues.queues; ++queue) {
    rte_ring* ring = rte_ring_create(fmt::format("generated{}", queue).c_str(), queues.packets, SOCKET_ID_ANY,
                                     RING_F_SP_ENQ | RING_F_SC_DEQ | RING_F_EXACT_SZ);
    if (ring == nullptr)
      return Error{"--queue-packets",
                   fmt::format("no ring of {}: {}", queues.packets, rte_strerror(rte_errno)), "give fewer"};
    out->rings_.push_back(ring);
  }
  const std::string name = std::string(kDevice).substr(std::string("net_ring_").size());
  if (rte_eth_from_rings(name.c_str(), out->rings_.data(), queues.queues, out->rings_.data(), queues.queues,
                         0) < 0)
    return Error{"--inspect", fmt::format("net_ring does not start: {}", rte_strerror(rte_errno)),
                 "check that librte-net-ring23 is installed"};
  return out;
}

InspectorOutput::InspectorOutput(const QueuePlan& queues, const traffic::Profile& profile, engine::Pool pool)
    : MbufOutput(profile, std::move(pool)), plan_(queues) {}

InspectorOutput::~InspectorOutput() {
  rte_mbuf* left = nullptr;
  for (rte_ring* ring : rings_) {
    while (rte_ring_dequeue(ring, reinterpret_cast<void**>(&left)) == 0) rte_pktmbuf_free(left);
    rte_ring_free(ring);
  }
}

config::Port InspectorOutput::configured(const QueuePlan& queues) {
  config::Port port;
  port.device = kDevice;
  port.queues = queues.queues;
  port.mtu = 0;
  return port;
}

std::uint32_t InspectorOutput::in_hand(const config::Workers& workers) noexcept {
  return workers.count * (2 * workers.burst + (workers.count - 1) * workers.inbox_packets);
}

bool InspectorOutput::is_drained() const noexcept {
  return std::all_of(rings_.begin(), rings_.end(),
                     [](const rte_ring* ring) { return rte_ring_empty(ring) != 0; });
}

void InspectorOutput::mark(rte_mbuf& m, const traffic::PacketPlan& plan) const noexcept {
  const bool next = plan_.arrival == Arrival::by_direction && plan.direction == Direction::to_client;
  m.hash.rss = static_cast<std::uint32_t>((plan.flow + (next ? 1 : 0)) % plan_.queues);
}

/// Packets of one queue keep their order; those that found no room are gathered at the end. Queues are read
/// beforehand: a packet that was handed over is the inspector's.
std::size_t InspectorOutput::hand_over(std::span<rte_mbuf*> packets) noexcept {
  if (rings_.size() == 1)
    return rte_ring_sp_enqueue_burst(rings_[0], reinterpret_cast<void**>(packets.data()),
                                     static_cast<unsigned>(packets.size()), nullptr);
  std::array<std::uint32_t, SendOptions::kMostBurst> queue_of;
  std::transform(packets.begin(), packets.end(), queue_of.begin(),
                 [](const rte_mbuf* m) { return m->hash.rss; });
  std::array<rte_mbuf*, SendOptions::kMostBurst> some;
  std::array<rte_mbuf*, SendOptions::kMostBurst> left;
  std::size_t left_count = 0;
  for (std::uint32_t queue = 0; queue < rings_.size(); ++queue) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < packets.size(); ++i)
      if (queue_of[i] == queue) some[count++] = packets[i];
    const std::size_t taken = rte_ring_sp_enqueue_burst(rings_[queue], reinterpret_cast<void**>(some.data()),
                                                        static_cast<unsigned>(count), nullptr);
    std::copy(some.begin() + taken, some.begin() + count, left.begin() + left_count);
    left_count += count - taken;
  }
  std::copy(left.begin(), left.begin() + left_count, packets.end() - left_count);
  return packets.size() - left_count;
}

}  // namespace mirrorscan::sender
