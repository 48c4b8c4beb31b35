#pragma once
// What the lcores and the control thread know of a port. The drivers make ports; the engine polls them.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "exporter/stats.h"

namespace mirrorscan::engine {

/// A started ethdev port. Its queues may be polled from the moment it is made until stop().
class Port {
 public:
  virtual ~Port() = default;

  [[nodiscard]] virtual const std::string& name() const = 0;
  /// ethdev port id; each queue 0 .. queues() - 1 is polled by one lcore only.
  [[nodiscard]] virtual std::uint16_t id() const = 0;
  [[nodiscard]] virtual std::uint16_t queues() const = 0;
  /// The worker that polls each queue, by queue.
  [[nodiscard]] virtual const std::vector<std::uint32_t>& queue_workers() const = 0;

  /// Counters and state now. Control thread only.
  [[nodiscard]] virtual exporter::PortStats stats() = 0;
  /// Link, watchdog and reset; called about ten times a second by the control thread, which is the main
  /// lcore.
  virtual void tick() = 0;
  /// While it is false the lcores must not touch the queues: the port is being reset. Any thread.
  [[nodiscard]] virtual bool pollable() const noexcept = 0;
  /// After the lcores have stopped polling.
  virtual void stop() = 0;
};

}  // namespace mirrorscan::engine
