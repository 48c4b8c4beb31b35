// One worker's lcore: what it answers while it runs, and that the lanes of a process end together with
// nothing left between them.

#include "engine/lane.h"

#include <rte_mbuf.h>

#include <chrono>
#include <deque>
#include <thread>

#include "packet/access.h"
#include "support/catch.h"
#include "support/mirror.h"
#include "support/packet_builder.h"
#include "support/worker_bench.h"

using namespace mirrorscan;
using namespace mirrorscan::support;

namespace {

constexpr auto kPatience = std::chrono::seconds(30);

/// Lanes without ports; a test puts packets into their workers.
struct Lanes {
  explicit Lanes(std::uint32_t count)
      : pool(datagram_pool()),  // starts EAL, which the clock needs
        shared(count),
        exchange(count, 256, 256, worker::Order::as_they_come) {
    const auto rules = compile("alert udp any any -> any 53 (content:\"needle\"; sid:1;)\n");
    const config::Config config = small_config(config::Profile::mirror);
    for (std::uint32_t i = 0; i < count; ++i) {
      auto made = worker::Worker::make(worker::Settings::from(config), worker::Tenants::from({}).value(),
                                       rules, pool, records.emplace_back(1'024), {&exchange, i});
      REQUIRE(made.ok());
      lanes.push_back(
          std::make_unique<engine::Lane>(shared, engine::LaneSettings{}, i, std::move(made).value()));
    }
  }

  /// As if they had come from a port of this lane.
  void receive(std::uint32_t lane, const std::vector<Bytes>& inner) {
    for (const Bytes& frame : inner) {
      rte_mbuf* m = mbuf_of({Mirror().vxlan(frame), shared.clock.now()});
      packet::meta(*m).time = shared.clock.now();
      lanes[lane]->worker().process({&m, 1});
    }
  }

  [[nodiscard]] ledger::Ledger total() const {
    ledger::Ledger sum;
    for (const auto& lane : lanes) {
      const worker::VniLedgers& told = lane->published().ledgers();
      for (std::uint32_t slot = 0; slot < told.count(); ++slot) sum += told.at(slot);
    }
    return sum;
  }

  rte_mempool& pool;
  engine::LaneShared shared;
  worker::Exchange exchange;
  std::deque<worker::RecordRing> records;
  std::vector<std::unique_ptr<engine::Lane>> lanes;
};

void nap() {
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

std::vector<Bytes> fragments() {
  std::vector<Bytes> out;
  for (std::uint16_t i = 0; i < 120; ++i) {
    Packet datagram =
        Packet().ip("10.0.0.1", "10.0.0.2").id(i).udp(static_cast<std::uint16_t>(2'000 + i), 53);
    for (Bytes& fragment : datagram.payload(std::string(700, 'x')).fragments(400))
      out.push_back(std::move(fragment));
  }
  return out;
}

}  // namespace

TEST_CASE("lanes that stop leave no packet and no datagram behind, whichever of them is late") {
  for (const std::uint32_t late : {0U, 1U}) {
    Lanes all(2);
    for (const std::uint32_t lane : {0U, 1U}) all.receive(lane, fragments());
    all.shared.stop.store(true);
    std::thread early([&] { all.lanes[1 - late]->run(); });
    nap();
    std::thread last([&] { all.lanes[late]->run(); });
    early.join();
    last.join();
    const ledger::Ledger total = all.total();
    CHECK(total.steered_out.packets > 60);
    CHECK(total.steered_out == total.steered_in);
    CHECK(total.payload_steered_out == total.payload_steered_in);
    CHECK(total.balances());
    CHECK(WorkerBench::mbufs_in_use() == 0);
  }
}

TEST_CASE("a lane waits for the datagrams that another one still makes of its last packets") {
  for (const std::uint32_t slow : {0U, 1U}) {
    Lanes all(2);
    for (const std::uint32_t lane : {0U, 1U}) all.receive(lane, fragments());
    all.shared.stop.store(true);
    std::thread waiting([&] { all.lanes[1 - slow]->run(); });
    // The test is the slow lane: it has stopped receiving, and long after that empties its inboxes.
    all.shared.received_all.fetch_add(1);
    nap();
    worker::Worker& worker = all.lanes[slow]->worker();
    while (worker.take_in() > 0) continue;
    all.shared.sent_all.fetch_add(1);
    all.shared.asked_all.fetch_add(1);  // it has no flow that could ask
    waiting.join();
    while (worker.take_in() > 0) continue;
    worker.finish(all.shared.clock.now());
    CHECK(WorkerBench::mbufs_in_use() == 0);
  }
}

TEST_CASE("a lane that runs answers with its worker's counts each time it is asked") {
  Lanes all(1);
  all.receive(0, {Packet().ip("10.0.0.1", "10.0.0.2").udp(2'000, 53).payload("needle").bytes()});
  std::thread lane([&] { all.lanes[0]->run(); });
  worker::Published& published = all.lanes[0]->published();
  const auto until = std::chrono::steady_clock::now() + kPatience;
  for (int i = 0; i < 3; ++i) {
    published.ask();
    while (!published.answered() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    REQUIRE(published.answered());
    CHECK(all.total().received.packets == 1);
    CHECK(published.counters()[ledger::Counter::flows_active] == 1);
    CHECK(published.rule_costs()[0].alerts == 1);
  }
  CHECK(all.lanes[0]->rounds() > 0);
  all.shared.stop.store(true);
  lane.join();
  CHECK(published.counters()[ledger::Counter::flows_active] == 0);
}
