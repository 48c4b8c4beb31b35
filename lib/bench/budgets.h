#pragma once
// What one lcore's worker may take, budget by budget, computed from the configuration and the types.

#include <cstdint>

#include "bench/figures.h"
#include "config/config.h"

namespace mirrorscan::bench {

/// Parts of a flow, bytes: both directions of it.
struct FlowBytes {
  std::uint64_t record = 0, timer = 0, index = 0, state = 0;
};

[[nodiscard]] FlowBytes flow_bytes(const config::Config& config);

/// Bytes of each budget and their sum, with `stream_bytes` of Hyperscan's state for each stream (0 without
/// rules). Of one lcore; the JSON ring is the process's.
[[nodiscard]] Figures budget_figures(const config::Config& config, std::uint64_t stream_bytes);

}  // namespace mirrorscan::bench
