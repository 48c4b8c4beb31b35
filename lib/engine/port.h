#pragma once
// What the lcores and the control thread know of a port. The drivers make ports; the engine polls them.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/poll_gate.h"
#include "exporter/stats.h"

namespace mirrorscan::engine {

/// A started ethdev port. Its queues may be polled from the moment it is made until stop(), while the gate is
/// open.
class Port {
 public:
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  virtual ~Port() = default;

  [[nodiscard]] virtual const std::string& name() const = 0;
  /// ethdev port id; each queue 0 .. queues() - 1 is polled by one lcore only.
  [[nodiscard]] virtual std::uint16_t id() const = 0;
  [[nodiscard]] std::uint16_t queues() const { return static_cast<std::uint16_t>(queue_workers_.size()); }
  /// The worker that polls each queue, by queue.
  [[nodiscard]] const std::vector<std::uint32_t>& queue_workers() const { return queue_workers_; }
  /// Each worker that polls a queue asks gate().may_poll() before each round over the port's queues.
  [[nodiscard]] PollGate& gate() noexcept { return gate_; }

  /// Counters and state now. Control thread only.
  [[nodiscard]] virtual exporter::PortStats stats() = 0;
  /// Link, watchdog and reset; called about ten times a second by the control thread, which must be the main
  /// lcore that opened the port: DPDK timers (ENA's watchdog) run on the lcore that started the device.
  virtual void tick() = 0;
  /// After the lcores have stopped polling; stats() may still be asked and gives the last state. The port's
  /// packet buffers live until the port is destroyed, by when all of them must be back.
  virtual void stop() = 0;

 protected:
  explicit Port(std::vector<std::uint32_t> queue_workers)
      : queue_workers_(std::move(queue_workers)), gate_(queue_workers_) {}

 private:
  std::vector<std::uint32_t> queue_workers_;
  PollGate gate_;
};

}  // namespace mirrorscan::engine
