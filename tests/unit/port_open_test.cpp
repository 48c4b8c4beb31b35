// Ports of every kind that needs neither root nor hardware, opened and polled.
#include <rte_dev.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_ring.h>

#include <algorithm>
#include <array>

#include "engine/eal.h"
#include "pci/xstats.h"
#include "port/port.h"
#include "port/started_port.h"
#include "support/catch.h"
#include "support/mempool.h"

// What a driver calls to tell an event; DPDK's headers for drivers are not installed.
extern "C" {
struct rte_eth_dev* rte_eth_dev_get_by_name(const char* name);
int rte_eth_dev_callback_process(struct rte_eth_dev* dev, enum rte_eth_event_type event, void* ret_param);
}

namespace mirrorscan {
namespace {

const std::string kCapture = MIRRORSCAN_SOURCE_ROOT "/docs/examples/quickstart/quickstart.pcap";

config::Port small(const std::string& device, const std::string& arguments = "") {
  config::Port port;
  port.device = device;
  port.arguments = arguments;
  port.mbufs = 1'023;
  port.descriptors = 64;
  return port;
}

/// EAL runs while one of these lives.
struct Bench {
  support::Mempool mbufs{255};
};

std::size_t poll(engine::Port& port, std::size_t rounds = 50) {
  std::array<rte_mbuf*, 32> burst{};
  std::size_t received = 0;
  for (; rounds > 0; --rounds)
    for (std::uint16_t queue = 0; queue < port.queues(); ++queue) {
      const std::uint16_t n = rte_eth_rx_burst(port.id(), queue, burst.data(), burst.size());
      rte_pktmbuf_free_bulk(burst.data(), n);
      received += n;
    }
  return received;
}

bool refuses(const exporter::PortStats& stats, const std::string& operation) {
  return std::any_of(stats.refused.begin(), stats.refused.end(),
                     [&](const auto& refusal) { return refusal.operation == operation; });
}

}  // namespace

TEST_CASE("net_null opens, receives and counts") {
  const Bench bench;
  auto ports = port::open_ports({small("net_null0")}, {});
  REQUIRE(ports.ok());
  engine::Port& port = *ports.value().front();
  const std::size_t received = poll(port, 3);
  CHECK(received == 96);
  const auto stats = port.stats();
  CHECK(stats.received == received);
  CHECK(stats.driver == "net_null");
  CHECK(stats.state == "up");
  CHECK(stats.queues == 1);
}

TEST_CASE("net_null's packets fit their buffers") {
  const Bench bench;
  auto ports = port::open_ports({small("net_null1", "size=9000,copy=1")}, {});
  REQUIRE(ports.ok());
  engine::Port& port = *ports.value().front();
  rte_mbuf* m = nullptr;
  REQUIRE(rte_eth_rx_burst(port.id(), 0, &m, 1) == 1);
  CHECK(m->pkt_len == 9'000);
  CHECK(m->buf_len >= 9'000 + RTE_PKTMBUF_HEADROOM);
  rte_pktmbuf_free(m);
}

TEST_CASE("net_pcap gives each packet of a capture once, and refuses MTU and promiscuous mode aloud") {
  const Bench bench;
  auto ports = port::open_ports({small("net_pcap0", "rx_pcap=" + kCapture)}, {});
  REQUIRE(ports.ok());
  engine::Port& port = *ports.value().front();
  CHECK(poll(port) == 16);
  const auto stats = port.stats();
  CHECK(stats.received == 16);
  CHECK(stats.bytes > 0);
  CHECK(refuses(stats, "mtu"));
  CHECK(stats.mtu == 1'500);
}

TEST_CASE("an ethdev that is there already is used as it is") {
  const Bench bench;
  rte_ring* ring = rte_ring_create("handed", 64, SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
  REQUIRE(ring != nullptr);
  REQUIRE(rte_eth_from_rings("handed", &ring, 1, &ring, 1, 0) >= 0);
  {
    auto ports = port::open_ports({small("net_ring_handed")}, {});
    REQUIRE(ports.ok());
    engine::Port& port = *ports.value().front();
    support::Mempool pool(31);
    rte_mbuf* m = rte_pktmbuf_alloc(&*pool);
    REQUIRE(rte_ring_enqueue(ring, m) == 0);
    CHECK(poll(port) == 1);
    CHECK(port.stats().received == 1);
    CHECK(refuses(port.stats(), "mtu"));
  }
  rte_ring_free(ring);
}

TEST_CASE("net_ring of its own opens") {
  const Bench bench;
  auto ports = port::open_ports({small("net_ring0")}, {});
  REQUIRE(ports.ok());
  CHECK(poll(*ports.value().front()) == 0);
}

TEST_CASE("a port that was closed can be opened again") {
  const Bench bench;
  for (int i = 0; i < 3; ++i) {
    auto ports = port::open_ports({small("net_pcap9", "rx_pcap=" + kCapture)}, {});
    REQUIRE(ports.ok());
    CHECK(poll(*ports.value().front()) == 16);
  }
}

TEST_CASE("queues go to the workers that the configuration names") {
  const Bench bench;
  config::Port config = small("net_null2");
  config.queues = 3;
  config.queue_workers = {2, 0, 2};
  auto ports = port::open_ports({config}, {.workers = 3});
  REQUIRE(ports.ok());
  engine::Port& port = *ports.value().front();
  CHECK(port.queues() == 3);
  CHECK(port.queue_workers() == std::vector<std::uint32_t>{2, 0, 2});
  CHECK(poll(port, 1) == 96);
}

TEST_CASE("more queues than the device has is one clear error, and leaves nothing behind") {
  const Bench bench;
  const std::uint16_t before = rte_eth_dev_count_avail();
  config::Port config = small("net_pcap1", "rx_pcap=" + kCapture);
  config.queues = 2;
  const auto ports = port::open_ports({small("net_null3"), config}, {});
  REQUIRE_FALSE(ports.ok());
  CHECK(ports.error().text() == "ports[1].queues: net_pcap1 has 1 receive queues, not 2; write 1 or fewer");
  CHECK(rte_eth_dev_count_avail() == before);
}

TEST_CASE("a driver that DPDK does not have is one clear error") {
  const Bench bench;
  const auto ports = port::open_ports({small("net_nonsense0")}, {});
  REQUIRE_FALSE(ports.ok());
  CHECK(ports.error().where == "ports[0].device");
  CHECK(ports.error().what == "DPDK has no driver for \"net_nonsense0\"");
}

TEST_CASE("arguments that a driver does not take are one clear error with the driver's name") {
  const Bench bench;
  const auto ports = port::open_ports({small("net_null4", "sizzle=9")}, {});
  REQUIRE_FALSE(ports.ok());
  CHECK(ports.error().where == "ports[0].arguments");
  CHECK(ports.error().what.starts_with("net_null4 cannot be made with \"sizzle=9\""));
}

TEST_CASE("a pool that the memory cannot hold is one clear error") {
  const Bench bench;
  config::Port config = small("net_null5");
  config.mbufs = 4'000'000;
  const auto ports = port::open_ports({config}, {});
  REQUIRE_FALSE(ports.ok());
  CHECK(ports.error().where == "ports[0].mbufs");
  CHECK(ports.error().what.find("could not be allocated") != std::string::npos);
}

TEST_CASE("a PCI device that no driver took is one clear error") {
  const Bench bench;
  const auto ports = port::open_ports({small("ffff:1f:1f.7")}, {});
  REQUIRE_FALSE(ports.ok());
  CHECK(ports.error().where == "ports[0].device");
  CHECK(ports.error().what == "no DPDK driver took the PCI device ffff:1f:1f.7");
}

TEST_CASE("a driver's reset request closes the gate, waits for the workers, and receives again") {
  const Bench bench;
  auto ports = port::open_ports({small("net_null6")}, {});
  REQUIRE(ports.ok());
  engine::Port& port = *ports.value().front();
  REQUIRE(port.gate().may_poll(0));
  const std::size_t before = poll(port, 1);
  rte_eth_dev_callback_process(rte_eth_dev_get_by_name("net_null6"), RTE_ETH_EVENT_INTR_RESET, nullptr);
  port.tick();
  CHECK(port.stats().state == "resetting");
  port.tick();
  CHECK(port.stats().state == "resetting");
  CHECK_FALSE(port.gate().may_poll(0));
  port.tick();
  CHECK(port.gate().may_poll(0));
  const auto stats = port.stats();
  CHECK(stats.state == "up");
  CHECK(stats.named ==
        std::vector<std::pair<std::string, std::uint64_t>>{{"resets", 1}, {"failed_resets", 0}});
  CHECK(poll(port, 1) == before);
  CHECK(port.stats().received == 2 * before);
}

TEST_CASE("a fault that only the kind's watch sees resets the port, once a second at most") {
  struct Faulty final : port::Watch {
    std::string fault() override { return "a test says so"; }
    void restarted() override { ++restarts; }
    void count(exporter::PortStats& stats) override { stats.named.emplace_back("restarts", restarts); }
    std::uint64_t restarts = 0;
  };
  const port::Kind kind{
      .prefix = "net_null", .buffer_bytes = port::chained, .watch = [](const auto&, std::uint16_t) {
        return std::unique_ptr<port::Watch>(std::make_unique<Faulty>());
      }};
  const Bench bench;
  REQUIRE(rte_eal_hotplug_add("vdev", "net_null7", "") == 0);
  std::uint16_t id = 0;
  REQUIRE(rte_eth_dev_get_port_by_name("net_null7", &id) == 0);
  auto pool = engine::make_mbuf_pool("faulty", {.mbufs = 255});
  REQUIRE(pool.ok());
  port::Device device(id, small("net_null7"), kind, "ports[0]");
  port::Refusals refusals("net_null7");
  REQUIRE(device.bring_up(*pool.value(), port::kBufferBytes, refusals).ok());
  port::StartedPort port(std::move(device), std::move(refusals), {0}, pool.value(), port::kBufferBytes, true);
  for (int tick = 0; tick < 25; ++tick) {
    (void)port.gate().may_poll(0);
    port.tick();
  }
  CHECK(port.stats().named.front().second == 2);
}

TEST_CASE("a stopped port gives its last counters") {
  const Bench bench;
  auto ports = port::open_ports({small("net_null8")}, {});
  REQUIRE(ports.ok());
  engine::Port& port = *ports.value().front();
  const std::size_t received = poll(port, 2);
  port.stop();
  CHECK(port.stats().received == received);
  CHECK(port.stats().state == "stopped");
  port.tick();
  CHECK(port.stats().state == "stopped");
}

TEST_CASE("a port that is stopped while it waits for its reset has counted the bursts until then") {
  const Bench bench;
  auto ports = port::open_ports({small("net_null11")}, {});
  REQUIRE(ports.ok());
  engine::Port& port = *ports.value().front();
  const std::size_t before = poll(port, 1);
  rte_eth_dev_callback_process(rte_eth_dev_get_by_name("net_null11"), RTE_ETH_EVENT_INTR_RESET, nullptr);
  port.tick();
  const std::size_t meanwhile = poll(port, 1);
  port.stop();
  CHECK(port.stats().received == before + meanwhile);
}

TEST_CASE("a device's own counters are read by their names, and one that it lacks is not chosen") {
  const Bench bench;
  auto ports = port::open_ports({small("net_null9")}, {});
  REQUIRE(ports.ok());
  engine::Port& port = *ports.value().front();
  pci::Xstats xstats(port.id());
  CHECK_FALSE(xstats.choose("bw_in_allowance_exceeded"));
  CHECK(xstats.read().empty());
  CHECK(xstats.choose("rx_good_packets"));
  const std::size_t received = poll(port, 1);
  CHECK(xstats.read() == std::vector<std::uint64_t>{received});
}

}  // namespace mirrorscan
