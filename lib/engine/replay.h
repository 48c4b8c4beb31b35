#pragma once
// Captures through the workers: packets from a source dealt out over in-memory rings, each worker on an lcore
// of its own, records out to the exporter. Nothing is dropped: whoever is ahead waits. Time is the packets'
// time, and each worker takes its packets in the order of the capture, so that any number of workers gives
// the same events.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "exporter/stats.h"
#include "ruleset/ruleset.h"

struct rte_mbuf;
struct rte_mempool;

namespace mirrorscan::engine {

/// Where replay takes its packets from: mbufs of `pool` with Meta.time set.
class PacketSource {
 public:
  virtual ~PacketSource() = default;
  /// Up to out.size() packets; 0 at the end, or when `pool` is empty for the moment and exhausted() is false.
  [[nodiscard]] virtual std::size_t read(std::span<rte_mbuf*> out, rte_mempool& pool) = 0;
  [[nodiscard]] virtual bool exhausted() const = 0;
  /// Why the source ended early, if it did.
  [[nodiscard]] virtual std::optional<Error> error() const = 0;
};

struct ReplayOptions {
  config::Config config;
  std::shared_ptr<const ruleset::Ruleset> rules;
  std::uint64_t rules_loaded = 0, rules_failed = 0;
  std::string eve_path;
  std::uint32_t workers = 1;  ///< 1 to kMaxWorkers
  std::uint32_t burst = 32;   ///< packets, 1 to kMaxBurst
  static constexpr std::uint32_t kMaxWorkers = 16;
  static constexpr std::uint32_t kMaxBurst = 512;
};

struct ReplayResult {
  exporter::StatsSnapshot stats;
  std::optional<Error> source_error;  ///< the capture ended early; everything before it was inspected
};

/// EAL must have been started with one lcore more than workers.
[[nodiscard]] Result<ReplayResult> replay(const ReplayOptions& options, PacketSource& source);

}  // namespace mirrorscan::engine
