#include "sender/port_output.h"

#include <fmt/format.h>
#include <rte_cycles.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_pci.h>

#include <cstdlib>

namespace mirrorscan::sender {
namespace {

constexpr std::uint16_t kDescriptors = 1'024;

[[nodiscard]] std::string device_of(const std::string& devargs) {
  return devargs.substr(0, devargs.find(','));
}

[[nodiscard]] bool is_pci(const std::string& device) {
  rte_pci_addr address{};
  return rte_pci_addr_parse(device.c_str(), &address) == 0;
}

}  // namespace

std::vector<std::string> eal_arguments(const std::string& devargs) {
  if (!is_pci(device_of(devargs))) return {};
  return {"-a", devargs};
}

Result<std::unique_ptr<PortOutput>> PortOutput::open(const std::string& devargs,
                                                     const traffic::Profile& profile,
                                                     const BufferPlan& buffers) {
  const std::string device = device_of(devargs);
  const std::string where = "--port " + devargs;
  if (!is_pci(device))
    if (const int code = rte_dev_probe(devargs.c_str()); code != 0)
      return Error{where, fmt::format("DPDK does not make this port: {}", rte_strerror(std::abs(code))),
                   "check driver, arguments and interface; the lines above may say more", Until::it_passes};
  std::uint16_t id = 0;
  if (rte_eth_dev_get_port_by_name(device.c_str(), &id) != 0)
    return Error{where, fmt::format("DPDK knows no network device {}", device),
                 "on PCI it has to be bound to vfio-pci"};
  auto pool = engine::make_mbuf_pool("generated", {.mbufs = buffers.packets, .buffer_bytes = buffers.bytes});
  if (!pool) return pool.error();
  std::unique_ptr<PortOutput> out(new PortOutput(device, id, profile, engine::Pool(pool.value())));
  if (Status up = out->bring_up(); !up) return up.error();
  return out;
}

PortOutput::PortOutput(std::string name, std::uint16_t id, const traffic::Profile& profile, engine::Pool pool)
    : MbufOutput(profile, std::move(pool)), name_(std::move(name)), id_(id) {}

PortOutput::~PortOutput() {
  (void)rte_eth_dev_stop(id_);
  (void)rte_eth_dev_close(id_);
}

Error PortOutput::failed(const char* what, int code) const {
  return {"--port " + name_, fmt::format("{}: {}", what, rte_strerror(std::abs(code))),
          "see the lines of DPDK before this one", Until::it_passes};
}

/// Many drivers want a receive queue, too. It is never polled: what comes is lost, and the device counts it.
Status PortOutput::bring_up() {
  rte_eth_dev_info info{};
  if (const int code = rte_eth_dev_info_get(id_, &info); code != 0)
    return failed("it does not describe itself", code);
  const rte_eth_conf conf{};
  if (const int code = rte_eth_dev_configure(id_, 1, 1, &conf); code != 0)
    return failed("it does not accept a queue for each direction", code);
  std::uint16_t rx = kDescriptors, tx = kDescriptors;
  if (const int code = rte_eth_dev_adjust_nb_rx_tx_desc(id_, &rx, &tx); code != 0)
    return failed("it does not say how many descriptors it takes", code);
  const auto socket = static_cast<unsigned>(rte_eth_dev_socket_id(id_));
  if (const int code = rte_eth_rx_queue_setup(id_, 0, rx, socket, nullptr, &pool()); code != 0)
    return failed("it does not set up a receive queue", code);
  rte_eth_txconf conf_tx = info.default_txconf;
  conf_tx.offloads = 0;
  if (const int code = rte_eth_tx_queue_setup(id_, 0, tx, socket, &conf_tx); code != 0)
    return failed("it does not set up a transmit queue", code);
  if (const int code = rte_eth_dev_start(id_); code != 0) return failed("it does not start", code);
  return success();
}

std::size_t PortOutput::hand_over(std::span<rte_mbuf*> packets) noexcept {
  return rte_eth_tx_burst(id_, 0, packets.data(), static_cast<std::uint16_t>(packets.size()));
}

/// A NIC's counters lag behind its last burst: asked again until they have come up to it, or for a second.
Status PortOutput::finish() {
  constexpr int kTimes = 100;
  constexpr unsigned kApartMs = 10;
  for (int i = 0; i < kTimes; ++i) {
    rte_eth_stats stats{};
    if (const int code = rte_eth_stats_get(id_, &stats); code != 0)
      return failed("its counters are not told", code);
    told_ = {stats.opackets, stats.oerrors};
    if (told_.sent + told_.errors >= counts().sent) break;
    rte_delay_us_sleep(kApartMs * 1'000);
  }
  return success();
}

std::vector<Figure> PortOutput::facts() const {
  return {{"port_sent", told_.sent}, {"port_errors", told_.errors}};
}

std::optional<std::string> PortOutput::warning() const {
  if (told_.sent == counts().sent) return std::nullopt;
  return fmt::format(
      "the port took {} packets and says that it sent {}: the others went lost in its driver or in the "
      "kernel. "
      "The longest frame was {} bytes: does it fit the MTU? Is the interface up?",
      counts().sent, told_.sent, longest());
}

}  // namespace mirrorscan::sender
