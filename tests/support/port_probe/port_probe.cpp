// Opens one port as the product does, receives, and says what came: for tests that need network namespaces.
//
//   port_probe DEVICE ARGUMENTS MTU QUEUES DESCRIPTORS
//
// Prints "ready" (or the error, and exits 1), polls from the first line on its input to the second, then
// prints what came as JSON.
#include <fmt/format.h>
#include <poll.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "decap/decap.h"
#include "engine/eal.h"
#include "packet/access.h"
#include "port/port.h"

using namespace mirrorscan;

namespace {

struct Came {
  std::map<std::uint32_t, std::uint64_t> lengths;  ///< frames by their length
  std::uint64_t cut_bytes = 0;
};

bool line_waits() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return ::poll(&input, 1, 0) != 0;
}

void read_line() {
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n') {
  }
}

void look(rte_mbuf& m, Came& came) {
  ++came.lengths[m.pkt_len];
  packet::Tunnel tunnel;
  decap::Observed observed;
  (void)decap::decapsulate(m, {}, tunnel, observed);
  came.cut_bytes += observed.cut_bytes;
}

Came receive(engine::Port& port) {
  Came came;
  std::array<rte_mbuf*, 32> burst{};
  auto next_tick = std::chrono::steady_clock::now();
  while (!line_waits()) {
    if (const auto now = std::chrono::steady_clock::now(); now >= next_tick) {
      port.tick();
      next_tick = now + std::chrono::milliseconds(100);
    }
    if (!port.gate().may_poll(0)) continue;
    for (std::uint16_t queue = 0; queue < port.queues(); ++queue) {
      const std::uint16_t n = rte_eth_rx_burst(port.id(), queue, burst.data(), burst.size());
      for (std::uint16_t i = 0; i < n; ++i) look(*burst[i], came);
      rte_pktmbuf_free_bulk(burst.data(), n);
    }
  }
  return came;
}

void print(const Came& came, const exporter::PortStats& stats) {
  std::string lengths, named, refused;
  for (const auto& [length, frames] : came.lengths)
    lengths += fmt::format("{}\"{}\": {}", lengths.empty() ? "" : ", ", length, frames);
  for (const auto& [name, value] : stats.named)
    named += fmt::format("{}\"{}\": {}", named.empty() ? "" : ", ", name, value);
  for (const auto& refusal : stats.refused)
    refused += fmt::format("{}\"{}\"", refused.empty() ? "" : ", ", refusal.operation);
  fmt::print(
      "{{\"lengths\": {{{}}}, \"cut_bytes\": {}, \"received\": {}, \"missed\": {}, \"no_mbuf\": {}, "
      "\"mtu\": {}, \"state\": \"{}\", \"driver\": \"{}\", \"named\": {{{}}}, \"refused\": [{}]}}\n",
      lengths, came.cut_bytes, stats.received, stats.missed, stats.no_mbuf, stats.mtu, stats.state,
      stats.driver, named, refused);
}

int fail(const Error& error) {
  fmt::print("{}\n", error.text());
  return 1;
}

int run(const config::Port& config) {
  const std::vector<config::Port> ports{config};
  if (const auto status = port::check(ports); !status) return fail(status.error());
  engine::EalOptions options;
  options.lcores = 1;
  options.memory_mb = 64 + port::memory_mb(ports, {});
  options.more = port::eal_arguments(ports);
  if (const auto status = engine::start_eal(options); !status) return fail(status.error());
  auto open = port::open_ports(ports, {});
  if (!open) return fail(open.error());
  fmt::print("ready\n");
  std::fflush(stdout);
  read_line();
  const Came came = receive(*open.value().front());
  print(came, open.value().front()->stats());
  open.value().front()->stop();
  open.value().clear();
  engine::stop_eal();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  config::Port config;
  config.device = argv[1];
  config.arguments = argv[2];
  config.mtu = static_cast<std::uint32_t>(std::atoi(argv[3]));
  config.queues = static_cast<std::uint32_t>(std::atoi(argv[4]));
  config.descriptors = static_cast<std::uint32_t>(std::atoi(argv[5]));
  return run(config);
}
