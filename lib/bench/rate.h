#pragma once
// The throughput of a worker in RFC 2544's sense: the highest rate at which nothing is lost; here also no
// alert of the ground truth, and none told twice.

#include <cstdint>

#include "base/result.h"
#include "bench/measurement.h"
#include "bench/rules_in_use.h"
#include "config/config.h"
#include "traffic/profile.h"

namespace mirrorscan::bench {

struct RateOptions {
  traffic::Profile profile;  ///< its packets are those of a trial, all made before it begins
  RuleArguments rules;
  config::Config config;
  double from_rate = 100'000;  ///< packets a second of the first trial; doubled until one fails
  double rate = 0;             ///< one trial at this rate instead of a search
  double resolution = 0.05;    ///< the search ends when the rates that pass and fail are so close
  std::uint32_t queue_packets = 4'096;
  std::uint32_t burst = 32;
};

/// Bytes of DPDK's memory for a trial's packets.
[[nodiscard]] std::uint64_t rate_memory(const RateOptions& options) noexcept;

/// EAL has started. Adds `rules`, `trials`, and what the best of them had.
[[nodiscard]] Status rate(const RateOptions& options, Measurement& out);

}  // namespace mirrorscan::bench
