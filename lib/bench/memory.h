#pragma once
// What live flows take: resident memory of a worker with so many, and what its budgets allow.

#include <cstdint>

#include "base/result.h"
#include "bench/measurement.h"
#include "bench/rules_in_use.h"
#include "config/config.h"

namespace mirrorscan::bench {

struct MemoryOptions {
  std::uint64_t flows = 1'000'000;
  RuleArguments rules;
  config::Config config;
  unsigned mbufs = 16'383;
};

/// EAL has started. The flows are of TCP, begin with a handshake and then say something in each direction.
[[nodiscard]] Status memory(const MemoryOptions& options, Measurement& out);

}  // namespace mirrorscan::bench
