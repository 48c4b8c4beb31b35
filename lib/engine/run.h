#pragma once
// The daemon: ports through the workers until a signal ends it. Packets and events that find no room are
// dropped and counted. Time is the clock's.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "engine/exporter_thread.h"
#include "engine/port.h"
#include "exporter/stats.h"
#include "ruleset/ruleset.h"

namespace mirrorscan::engine {

/// Who works beside the daemon in the same process, such as a generator. All calls are the main lcore's.
class Companion {
 public:
  Companion() = default;
  Companion(const Companion&) = delete;
  Companion& operator=(const Companion&) = delete;
  virtual ~Companion() = default;

  /// The workers poll now.
  virtual void began() = 0;
  /// Asked about ten times a second; true ends the daemon as SIGTERM does.
  [[nodiscard]] virtual bool is_done() = 0;
  /// The workers still poll, and will stop when this returns.
  virtual void end() = 0;
};

struct RunOptions {
  config::Config config;
  std::shared_ptr<const ruleset::Ruleset> rules;
  std::uint64_t rules_loaded = 0, rules_failed = 0;
  Companion* companion = nullptr;  ///< may be none
};

/// Until SIGTERM or SIGINT: then the ports are polled no more, what waits is inspected, and the sinks get a
/// last stats event, which is also the result. SIGHUP opens the sinks' files anew. block_signals() and
/// start_eal() with one lcore more than workers come first. Main lcore only, as the ports were opened there.
[[nodiscard]] Result<exporter::StatsSnapshot> run(const RunOptions& options,
                                                  std::span<const std::unique_ptr<Port>> ports, Sinks& sinks);

}  // namespace mirrorscan::engine
