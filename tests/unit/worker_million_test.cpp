// The flow budget at full size: 1,000,000 flows, and one more.

#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>

#include "support/catch.h"
#include "support/mirror.h"
#include "support/worker_bench.h"

using namespace mirrorscan;
using ledger::Counter;

namespace {

constexpr std::uint32_t kFlows = 1'000'000;
/// What lib/flow/README.md promises for a flow, and what the worker keeps of it.
constexpr std::uint64_t kBytesPerFlow = 106 + sizeof(worker::FlowState);

// A sanitizer's shadow memory is not the table's.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MIRRORSCAN_SHADOW_MEMORY
#endif
#endif
#if defined(MIRRORSCAN_SHADOW_MEMORY) || defined(__SANITIZE_ADDRESS__)
constexpr bool kMemoryIsOurs = false;
#else
constexpr bool kMemoryIsOurs = true;
#endif

[[nodiscard]] std::uint64_t resident_bytes() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

/// The n-th flow's only packet: one frame, in which the source address is counted up.
class Flows {
 public:
  Flows()
      : bytes_(
            support::Mirror().vxlan(support::Packet().ip("10.0.0.0", "192.0.2.1").udp(5'000, 53).bytes())) {}
  [[nodiscard]] support::Frame frame(std::uint32_t n) {
    constexpr std::size_t kInnerSource = 14 + 20 + 8 + 8 + 14 + 12;  // up to the inner IPv4 source address
    bytes_[kInnerSource + 1] = static_cast<std::uint8_t>(n >> 16);
    bytes_[kInnerSource + 2] = static_cast<std::uint8_t>(n >> 8);
    bytes_[kInnerSource + 3] = static_cast<std::uint8_t>(n);
    return {bytes_, Timestamp{1'000'000'000'000'000 + n}};
  }

 private:
  support::Bytes bytes_;
};

void feed(support::WorkerBench& bench, Flows& flows, std::uint32_t from, std::uint32_t to) {
  std::vector<support::Frame> burst;
  for (std::uint32_t n = from; n < to;) {
    burst.clear();
    for (; n < to && burst.size() < 256; ++n) burst.push_back(flows.frame(n));
    bench.feed(burst, 256);
  }
}

}  // namespace

TEST_CASE("a million flows fit, the next one evicts the oldest, and all of it is counted") {
  config::Config config = support::small_config(config::Profile::mirror);
  config.flow.max_flows = kFlows;
  config.output.flow_events = true;
  support::WorkerBench bench(config, support::compile(""));
  Flows flows;
  const std::uint64_t before = resident_bytes();

  feed(bench, flows, 0, kFlows);
  CHECK(bench.counter(Counter::flows_created) == kFlows);
  CHECK(bench.counter(Counter::flows_evicted) == 0);
  CHECK(bench.records().empty());
  // A quarter more than promised: page and huge-page rounding of the tables.
  if (kMemoryIsOurs) CHECK(resident_bytes() - before < kFlows * kBytesPerFlow * 5 / 4);

  feed(bench, flows, kFlows, kFlows + 1);
  CHECK(bench.counter(Counter::flows_created) == kFlows + 1);
  CHECK(bench.counter(Counter::flows_evicted) == 1);
  REQUIRE(bench.records().size() == 1);
  const record::Record& evicted = bench.records().front();
  CHECK(evicted.type == record::Type::flow);
  CHECK(evicted.flow_end.end == record::FlowEnd::evicted);
  CHECK(evicted.time.us < 1'000'000'000'000'000 + 1'000'000);  // seen in the first second: none is older

  CHECK(bench.imbalance().empty());
  CHECK(bench.total().received.packets == kFlows + 1);
}
