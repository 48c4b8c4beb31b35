#include "support/ring_port.h"

#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

#include <algorithm>
#include <stdexcept>

#include "packet/access.h"

namespace mirrorscan::support {
namespace {

constexpr unsigned kQueuePackets = 1'024;
constexpr unsigned kMbufs = 32'767;

std::uint16_t tell(std::uint16_t, std::uint16_t queue, rte_mbuf**, std::uint16_t count, std::uint16_t,
                   void* seen) {
  if (count > 0) reinterpret_cast<void (*)(std::uint16_t)>(seen)(queue);
  return count;
}

}  // namespace

RingPort::RingPort(const std::string& name, std::uint16_t queues) : name_("net_ring_" + name) {
  auto pool = engine::pool_of("frames-" + name, kMbufs);
  if (!pool) throw std::runtime_error(pool.error().text());
  pool_ = std::move(pool).value();
  for (std::uint16_t queue = 0; queue < queues; ++queue)
    rings_.push_back(rte_ring_create((name + std::to_string(queue)).c_str(), kQueuePackets, SOCKET_ID_ANY,
                                     RING_F_SP_ENQ | RING_F_SC_DEQ));
  const int id = rte_eth_from_rings(name.c_str(), rings_.data(), queues, rings_.data(), queues, 0);
  if (id < 0) throw std::runtime_error("net_ring does not start");
  id_ = static_cast<std::uint16_t>(id);
}

RingPort::~RingPort() {
  rte_mbuf* left = nullptr;
  for (rte_ring* ring : rings_) {
    while (rte_ring_dequeue(ring, reinterpret_cast<void**>(&left)) == 0) rte_pktmbuf_free(left);
    rte_ring_free(ring);
  }
}

config::Port RingPort::configured() const {
  config::Port port;
  port.device = name_;
  port.queues = static_cast<std::uint32_t>(rings_.size());
  port.mtu = 0;
  return port;
}

bool RingPort::offer(std::uint16_t queue, ByteView frame) {
  if (rte_ring_full(rings_[queue]) != 0) return false;
  rte_mbuf* m = packet::from_bytes(*pool_, frame);
  if (m == nullptr) return false;
  return rte_ring_enqueue(rings_[queue], m) == 0;  // the one producer: there was room
}

bool RingPort::empty() const {
  return std::all_of(rings_.begin(), rings_.end(),
                     [](const rte_ring* ring) { return rte_ring_empty(ring) != 0; });
}

void RingPort::on_receive(void (*seen)(std::uint16_t queue)) const {
  for (std::uint16_t queue = 0; queue < rings_.size(); ++queue)
    if (rte_eth_add_rx_callback(id_, queue, tell, reinterpret_cast<void*>(seen)) == nullptr)
      throw std::runtime_error("no receive callback");
}

}  // namespace mirrorscan::support
