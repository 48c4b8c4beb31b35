#pragma once
// The commands behind the command line.

#include <cstdint>
#include <string>
#include <vector>

#include "bench/rules_in_use.h"

namespace mirrorscan::app {

enum class Exit : int { done = 0, failed = 1, usage = 2 };

/// What several commands have in common.
struct Common {
  std::string config_file;
  bench::RuleArguments rules;
  unsigned rounds = 5;
  std::uint32_t burst = 32;
  unsigned mbufs = 131'071;
};

struct InspectArguments {
  Common common;
  std::string capture;
  std::uint32_t workers = 1;
  std::string arrival = "friendly";
};

struct PipelineArguments {
  Common common;
  std::string inner = "64";  ///< bytes, or "imix"
  std::string transport = "udp";
  std::uint64_t flows = 1'000'000;
  std::uint64_t packets = 2'000'000;
  double new_flows = 0;            ///< a second
  double packet_rate = 2'000'000;  ///< a second
  std::uint32_t vnis = 1;
  bool geneve = false;
};

struct LookupArguments {
  std::vector<std::uint32_t> flows{10'000, 100'000, 1'000'000, 4'000'000};
  std::uint32_t lookups = 1'000'000;
  unsigned rounds = 5;
};

struct MemoryArguments {
  Common common;
  std::uint64_t flows = 1'000'000;
};

struct RateArguments {
  Common common;
  std::uint64_t packets = 524'000;
  std::uint64_t flows = 10'000;
  std::uint32_t vnis = 1;
  std::uint64_t seed = 1;
  double attacks = 0.05;  ///< share of flows
  double from_rate = 100'000, rate = 0, resolution = 0.05;
  std::uint32_t queue_packets = 4'096;
};

struct LiteralArguments {
  std::string literals, out;
  std::size_t count = 0;
};

[[nodiscard]] Exit inspect_command(const InspectArguments& arguments);
[[nodiscard]] Exit pipeline_command(const PipelineArguments& arguments);
[[nodiscard]] Exit lookup_command(const LookupArguments& arguments);
[[nodiscard]] Exit memory_command(const MemoryArguments& arguments);
[[nodiscard]] Exit rate_command(const RateArguments& arguments);
[[nodiscard]] Exit load_command(const Common& arguments);
[[nodiscard]] Exit literals_command(const LiteralArguments& arguments);

}  // namespace mirrorscan::app
