#pragma once
// The whole daemon inside a test: engine::run on an in-memory port, with a feeder and an ending of the test's
// own.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/run.h"
#include "support/ring_port.h"

namespace mirrorscan::support {

/// A frame and the queue it arrives on.
struct QueuedFrame {
  Bytes frame;
  std::uint16_t queue = 0;
};

struct DaemonOutcome {
  exporter::StatsSnapshot stats;
  std::uint64_t offered = 0;  ///< frames that the queues took
};

class DaemonBench {
 public:
  /// Starts EAL, once a process; `most_workers` lcores and the main one.
  explicit DaemonBench(std::uint32_t most_workers);

  /// Runs until `frames` were offered `rounds` times over (a full queue drops) and the queues are empty;
  /// `meanwhile` is called once, when a tenth of them has been offered, in a thread of its own. `seen`:
  /// RingPort::on_receive.
  [[nodiscard]] DaemonOutcome run(config::Config config, std::shared_ptr<const ruleset::Ruleset> rules,
                                  std::span<const QueuedFrame> frames, std::uint64_t rounds,
                                  engine::Sinks& sinks, void (*seen)(std::uint16_t) = nullptr,
                                  void (*meanwhile)() = nullptr);

 private:
  int runs_ = 0;
};

}  // namespace mirrorscan::support
