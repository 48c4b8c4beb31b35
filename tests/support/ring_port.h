#pragma once
// An in-memory port of the daemon: the test fills its queues, the lanes poll them like any port's. Needs EAL.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "config/config.h"
#include "engine/eal.h"
#include "support/wire_bytes.h"

struct rte_ring;

namespace mirrorscan::support {

class RingPort {
 public:
  /// DPDK's net_ring over `queues` rings of 1,024 packets.
  RingPort(const std::string& name, std::uint16_t queues);
  ~RingPort();
  RingPort(const RingPort&) = delete;
  RingPort& operator=(const RingPort&) = delete;

  /// The port as a configuration names it.
  [[nodiscard]] config::Port configured() const;

  /// Puts a frame on a queue; false when the queue is full or no packet buffer is free. One thread.
  [[nodiscard]] bool offer(std::uint16_t queue, ByteView frame);
  [[nodiscard]] bool empty() const;

  /// After the port was started: `seen` runs in the polling thread before each burst is given to it.
  void on_receive(void (*seen)(std::uint16_t queue)) const;

 private:
  std::string name_;
  engine::Pool pool_;
  std::vector<rte_ring*> rings_;
  std::uint16_t id_ = 0;
};

}  // namespace mirrorscan::support
