#pragma once
// A capture through the worker, beside the scan alone and the ideal loop, in turn.

#include <cstdint>

#include "base/result.h"
#include "bench/frame_source.h"
#include "bench/mbuf_chunk.h"
#include "bench/measurement.h"
#include "bench/rules_in_use.h"
#include "bench/team_pass.h"
#include "config/config.h"

namespace mirrorscan::bench {

struct InspectOptions {
  RuleArguments rules;
  config::Config config;
  unsigned rounds = 5;
  std::uint32_t burst = 32;
  unsigned mbufs = MbufChunk::kMbufs;
  std::uint32_t workers = 1;  ///< with more the scan alone and the ideal loop are left out
  Arrival arrival = Arrival::friendly;
};

/// EAL has started. Adds `fed`, `rules` and the rounds.
[[nodiscard]] Status inspect(const StoredFrames& frames, const InspectOptions& options, Measurement& out);

}  // namespace mirrorscan::bench
