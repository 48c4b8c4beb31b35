// How lanes end where something goes wrong on the control thread: what they work on outlives them.

#include <rte_launch.h>
#include <rte_lcore.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "engine/replay.h"
#include "engine/run.h"
#include "packet/access.h"
#include "port/port.h"
#include "support/catch.h"
#include "support/daemon_bench.h"
#include "support/mirror.h"
#include "support/packet_builder.h"
#include "support/scratch_folder.h"
#include "support/worker_bench.h"

using namespace mirrorscan;
using namespace mirrorscan::support;

namespace {

constexpr std::uint16_t kWorkers = 2;

/// EAL starts once a process.
DaemonBench& bench() {
  static DaemonBench instance(kWorkers);
  return instance;
}

bool all_lcores_rest() {
  unsigned lcore = 0;
  RTE_LCORE_FOREACH_WORKER(lcore) if (rte_eal_get_lcore_state(lcore) != WAIT) return false;
  return true;
}

std::shared_ptr<const ruleset::Ruleset> rules() {
  return compile("alert udp any any -> any 53 (content:\"needle\"; sid:1;)\n");
}

config::Config config_of(std::uint32_t workers) {
  config::Config config = small_config(config::Profile::mirror);
  config.workers.count = workers;
  return config;
}

/// A port whose watchdog runs out of luck.
class FailingPort final : public engine::Port {
 public:
  explicit FailingPort(engine::Port& real) : Port(real.queue_workers()), real_(real) {}
  [[nodiscard]] const std::string& name() const override { return real_.name(); }
  [[nodiscard]] std::uint16_t id() const override { return real_.id(); }
  [[nodiscard]] exporter::PortStats stats() override { return real_.stats(); }
  void tick() override { throw std::runtime_error("planted"); }
  void stop() override { real_.stop(); }

 private:
  engine::Port& real_;
};

/// A capture that breaks with an exception after some packets.
class FailingSource final : public engine::PacketSource {
 public:
  [[nodiscard]] std::size_t read(std::span<rte_mbuf*> out, rte_mempool& pool) override {
    if (++reads_ > 50) throw std::runtime_error("planted");
    const Bytes inner = Packet().ip("10.0.0.1", "10.0.0.2").udp(2'000, 53).payload("needle").bytes();
    out[0] = packet::from_bytes(pool, Mirror().vxlan(inner));
    return out[0] == nullptr ? 0 : 1;
  }
  [[nodiscard]] bool exhausted() const override { return false; }
  [[nodiscard]] std::optional<Error> error() const override { return std::nullopt; }

 private:
  int reads_ = 0;
};

/// Waits until its port is let go, then ends the daemon; nobody may have polled it.
class ClosedPort final : public engine::Port {
 public:
  explicit ClosedPort(engine::Port& real) : Port(real.queue_workers()), real_(real) { gate().close(); }
  [[nodiscard]] const std::string& name() const override { return real_.name(); }
  [[nodiscard]] std::uint16_t id() const override { return real_.id(); }
  [[nodiscard]] exporter::PortStats stats() override { return real_.stats(); }
  void tick() override {
    if (gate().let_go()) (void)kill(getpid(), SIGTERM);
  }
  void stop() override { real_.stop(); }

 private:
  engine::Port& real_;
};

/// A capture of two packets, the second older than the first.
class SteppingSource final : public engine::PacketSource {
 public:
  [[nodiscard]] std::size_t read(std::span<rte_mbuf*> out, rte_mempool& pool) override {
    const Bytes inner = Packet()
                            .ip("10.0.0.1", "10.0.0.2")
                            .udp(static_cast<std::uint16_t>(2'000 + reads_), 53)
                            .payload("needle")
                            .bytes();
    out[0] = packet::from_bytes(pool, Mirror().vxlan(inner));
    packet::meta(*out[0]).time = {1'561'644'131'000'000 - reads_ * 5'000'000};
    ++reads_;
    return 1;
  }
  [[nodiscard]] bool exhausted() const override { return reads_ == 2; }
  [[nodiscard]] std::optional<Error> error() const override { return std::nullopt; }

 private:
  int reads_ = 0;
};

/// Counts what it is given.
class CountingSink final : public exporter::Sink {
 public:
  void write(EventType type, std::string_view) override { ++(type == EventType::flow ? flows : others); }
  [[nodiscard]] exporter::SinkStats stats() const override { return {.name = "count", .kind = "test"}; }
  std::uint64_t flows = 0, others = 0;
};

}  // namespace

TEST_CASE("the flows that end with the daemon are all told, however small the ring to the exporter is") {
  std::vector<QueuedFrame> frames;
  for (std::uint16_t i = 0; i < 1'000; ++i) {
    Packet inner = Packet().ip("10.0.0.1", "10.0.0.2").udp(static_cast<std::uint16_t>(2'000 + i), 53);
    frames.push_back({Mirror().vxlan(inner.payload("x").bytes()), static_cast<std::uint16_t>(i % kWorkers)});
  }
  config::Config config = config_of(kWorkers);
  config.output.ring_records = 64;
  engine::Sinks sinks;
  sinks.push_back(std::make_unique<CountingSink>());
  const auto& told = static_cast<const CountingSink&>(*sinks[0]);
  const DaemonOutcome outcome = bench().run(config, rules(), frames, 1, sinks);
  REQUIRE(outcome.offered == frames.size());
  CHECK(told.flows == frames.size());
  CHECK(total_counters(outcome.stats)[ledger::Counter::records_lost] == 0);
  CHECK(balanced(outcome.stats));
}

TEST_CASE("a daemon with fewer lcores than workers starts none of them and says why") {
  (void)bench();
  engine::Sinks sinks;
  engine::RunOptions options;
  options.config = config_of(kWorkers + 1);
  options.rules = rules();
  const auto result = engine::run(options, {}, sinks);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().text().find("2 lcores are free for 3 workers") != std::string::npos);
  CHECK(all_lcores_rest());
}

TEST_CASE("an exception on the control thread leaves run() after the lanes have ended") {
  (void)bench();
  RingPort ring("failing", kWorkers);
  config::Config config = config_of(kWorkers);
  config.ports = {ring.configured()};
  auto ports = port::open_ports(config.ports, {kWorkers, config.workers.burst, config.workers.inbox_packets});
  REQUIRE(ports.ok());
  std::vector<std::unique_ptr<engine::Port>> failing;
  failing.push_back(std::make_unique<FailingPort>(*ports.value()[0]));
  engine::Sinks sinks;
  engine::RunOptions options;
  options.config = config;
  options.rules = rules();
  CHECK_THROWS_WITH(engine::run(options, failing, sinks), "planted");
  CHECK(all_lcores_rest());
}

TEST_CASE("lanes do not poll a port whose gate is closed") {
  (void)bench();
  RingPort ring("closed", kWorkers);
  config::Config config = config_of(kWorkers);
  config.ports = {ring.configured()};
  auto ports = port::open_ports(config.ports, {kWorkers, config.workers.burst, config.workers.inbox_packets});
  REQUIRE(ports.ok());
  const Bytes inner = Packet().ip("10.0.0.1", "10.0.0.2").udp(2'000, 53).payload("needle").bytes();
  REQUIRE(ring.offer(0, Mirror().vxlan(inner)));
  std::vector<std::unique_ptr<engine::Port>> closed;
  closed.push_back(std::make_unique<ClosedPort>(*ports.value()[0]));
  engine::Sinks sinks;
  engine::RunOptions options;
  options.config = config;
  options.rules = rules();
  const auto result = engine::run(options, closed, sinks);
  REQUIRE(result.ok());
  CHECK(total_ledger(result.value()).received.packets == 0);
  CHECK_FALSE(ring.empty());
}

TEST_CASE("time stands still where a capture steps back") {
  (void)bench();
  engine::ReplayOptions options;
  options.config = config_of(kWorkers);
  options.config.output.flow_events = false;
  options.rules = rules();
  const ScratchFolder scratch;
  options.eve_path = scratch.folder + "/eve.json";
  options.workers = kWorkers;
  SteppingSource source;
  REQUIRE(engine::replay(options, source).ok());
  std::ifstream eve(options.eve_path);
  const std::string events((std::istreambuf_iterator<char>(eve)), {});
  const std::string alert = R"({"timestamp":"2019-06-27T14:02:11)";
  const std::size_t first = events.find(alert);
  REQUIRE(first != std::string::npos);
  CHECK(events.find(alert, first + 1) != std::string::npos);
}

TEST_CASE("an exception of a capture leaves replay() after the lanes have ended") {
  (void)bench();
  engine::ReplayOptions options;
  options.config = config_of(kWorkers);
  options.rules = rules();
  options.eve_path = "/dev/null";
  options.workers = kWorkers;
  FailingSource source;
  CHECK_THROWS_WITH(engine::replay(options, source), "planted");
  CHECK(all_lcores_rest());
}
