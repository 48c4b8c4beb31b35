// The daemon with more packets than it can take, on real threads: what is lost has a name, and everything
// adds up.

#include "support/catch.h"
#include "support/daemon_bench.h"
#include "support/mirror.h"
#include "support/packet_builder.h"
#include "support/worker_bench.h"

using namespace mirrorscan;
using namespace mirrorscan::support;
using ledger::Counter;
using ledger::PacketEnd;

namespace {

constexpr std::uint16_t kWorkers = 4;

/// Datagrams of many flows, each arriving at a queue that has nothing to do with its owner; every second one
/// alerts.
std::vector<QueuedFrame> datagrams() {
  std::vector<QueuedFrame> frames;
  for (std::uint16_t i = 0; i < 512; ++i) {
    const Bytes inner = Packet()
                            .ip("10.0.0.1", "10.0.0.2")
                            .udp(static_cast<std::uint16_t>(2'000 + i), 53)
                            .payload(i % 2 == 0 ? "needle" : "nothing")
                            .bytes();
    frames.push_back({Mirror().vxlan(inner), static_cast<std::uint16_t>(i % kWorkers)});
  }
  return frames;
}

std::uint64_t ended(const ledger::Ledger& total, PacketEnd end) {
  return total.ends[static_cast<std::size_t>(end)].packets;
}

}  // namespace

TEST_CASE("overload: full inboxes and a full ring are named, and the ledgers balance") {
  DaemonBench bench(kWorkers);
  config::Config config = small_config(config::Profile::mirror);
  config.workers.count = kWorkers;
  config.workers.inbox_packets = 64;
  config.output.ring_records = 64;
  config.dedup.enabled = false;
  engine::Sinks sinks;
  const auto rules = compile("alert udp any any -> any 53 (content:\"needle\"; sid:1;)\n");
  const DaemonOutcome outcome = bench.run(config, rules, datagrams(), 400, sinks);

  const ledger::Ledger total = total_ledger(outcome.stats);
  const ledger::Counters counters = total_counters(outcome.stats);
  CHECK(balanced(outcome.stats));
  CHECK(total.received.packets == outcome.offered);
  CHECK(outcome.stats.ports.at(0).received == outcome.offered);
  CHECK(ended(total, PacketEnd::inbox_full) > 0);
  CHECK(counters[Counter::records_lost] > 0);
  CHECK(ended(total, PacketEnd::inspected) + ended(total, PacketEnd::inbox_full) +
            ended(total, PacketEnd::flow_over_share) ==
        outcome.offered);
  CHECK(total.steered_out == total.steered_in);
  CHECK(total.payload_steered_out == total.payload_steered_in);
}
