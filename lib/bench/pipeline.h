#pragma once
// Made traffic of very many flows through the worker, beside the ideal loop, in turn.

#include <cstdint>

#include "base/result.h"
#include "bench/mbuf_chunk.h"
#include "bench/measurement.h"
#include "bench/rules_in_use.h"
#include "bench/steady_traffic.h"
#include "config/config.h"

namespace mirrorscan::bench {

struct PipelineOptions {
  SteadyOptions traffic;
  std::uint64_t packets = 2'000'000;  ///< timed
  std::uint64_t untimed_packets = 0;  ///< after the flows' beginnings; with new flows pipeline() sets it
  RuleArguments rules;
  config::Config config;
  unsigned rounds = 5;
  std::uint32_t burst = 32;
  unsigned mbufs = MbufChunk::kMbufs;
};

/// The configuration with budgets raised, where they are lower, to what the flows need: flow.max_flows, and
/// with rules stream.max_streams, detect.max_remembered_alerts and detect.max_window_bytes (a smallest window
/// for each stream).
[[nodiscard]] config::Config with_room_for(config::Config config, std::uint64_t flows,
                                           const RulesInUse& rules);

/// EAL has started. Adds `fed`, `rules` and the rounds.
[[nodiscard]] Status pipeline(const PipelineOptions& options, Measurement& out);

}  // namespace mirrorscan::bench
