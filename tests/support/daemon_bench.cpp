#include "support/daemon_bench.h"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

#include "engine/signals.h"
#include "port/port.h"

namespace mirrorscan::support {
namespace {

constexpr unsigned kMemoryMb = 512;

void nap() {
  std::this_thread::sleep_for(std::chrono::microseconds(50));
}

/// Offers all frames; what a full queue does not take is dropped after a few tries, as a NIC would.
std::uint64_t feed(RingPort& port, std::span<const QueuedFrame> frames, std::uint64_t rounds,
                   void (*meanwhile)()) {
  std::uint64_t offered = 0;
  std::thread beside;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    if (round >= rounds / 10 && meanwhile != nullptr) beside = std::thread(std::exchange(meanwhile, nullptr));
    for (const QueuedFrame& frame : frames) {
      bool taken = false;
      for (int tries = 0; !taken && tries < 4; ++tries) {
        taken = port.offer(frame.queue, frame.frame);
        if (!taken) nap();
      }
      offered += taken ? 1 : 0;
    }
  }
  if (beside.joinable()) beside.join();
  while (!port.empty()) nap();
  return offered;
}

}  // namespace

DaemonBench::DaemonBench(std::uint32_t most_workers) {
  engine::block_signals();
  engine::EalOptions options;
  options.lcores = most_workers + 1;
  options.memory_mb = kMemoryMb;
  options.hugepages = config::Hugepages::never;
  if (Status eal = engine::start_eal(options); !eal) throw std::runtime_error(eal.error().text());
}

DaemonOutcome DaemonBench::run(config::Config config, std::shared_ptr<const ruleset::Ruleset> rules,
                               std::span<const QueuedFrame> frames, std::uint64_t rounds,
                               engine::Sinks& sinks, void (*seen)(std::uint16_t), void (*meanwhile)()) {
  RingPort ring("bench" + std::to_string(runs_++), static_cast<std::uint16_t>(config.workers.count));
  config.ports = {ring.configured()};
  auto ports = port::open_ports(config.ports,
                                {config.workers.count, config.workers.burst, config.workers.inbox_packets});
  if (!ports) throw std::runtime_error(ports.error().text());
  if (seen != nullptr) ring.on_receive(seen);

  DaemonOutcome outcome;
  std::thread feeder([&] {
    outcome.offered = feed(ring, frames, rounds, meanwhile);
    (void)kill(getpid(), SIGTERM);  // blocked everywhere: the control thread waits for it
  });
  engine::RunOptions options;
  options.config = std::move(config);
  options.rules = std::move(rules);
  auto result = engine::run(options, ports.value(), sinks);
  feeder.join();
  if (!result) throw std::runtime_error(result.error().text());
  outcome.stats = std::move(result).value();
  return outcome;
}

}  // namespace mirrorscan::support
