#pragma once
// The flow table beside DPDK's rte_hash: what finding a flow and touching its record costs.

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "bench/measurement.h"

namespace mirrorscan::bench {

struct LookupOptions {
  std::vector<std::uint32_t> flows{10'000, 100'000, 1'000'000, 4'000'000};
  std::uint32_t lookups = 1'000'000;  ///< timed in a round, of each kind and number of flows
  unsigned rounds = 5;
};

/// Bytes that rte_hash takes from DPDK's memory for all tables of a round at once.
[[nodiscard]] std::uint64_t lookup_memory(const LookupOptions& options) noexcept;

/// EAL has started. Adds the rounds. Both tables have the same keys, are asked for the same keys in the same
/// random order, hash with the same function, and have a record of one cache line that is read and written.
[[nodiscard]] Status lookup(const LookupOptions& options, Measurement& out);

}  // namespace mirrorscan::bench
