// Ports of every kind that needs neither root nor hardware, opened and polled.
#include <rte_eth_ring.h>
#include <rte_ethdev.h>
#include <rte_ring.h>

#include <algorithm>
#include <array>

#include "port/port.h"
#include "support/catch.h"
#include "support/mempool.h"

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

TEST_CASE("an ethdev that is there already is used as it is, and stays") {
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

}  // namespace mirrorscan
