#include "port/device.h"

#include <fmt/format.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace mirrorscan::port {
namespace {

constexpr std::uint16_t kTxDescriptors = 128;  // nothing is sent; the least that common devices accept

/// Layers 3 and 4 of the outer packet: what spreads mirror sources over queues.
constexpr std::uint64_t kHash = RTE_ETH_RSS_IP | RTE_ETH_RSS_UDP | RTE_ETH_RSS_TCP;

}  // namespace

Error Device::failed(const char* field, const std::string& what, int code) const {
  return {where_ + "." + field, fmt::format("{} {}: {}", config_.device, what, rte_strerror(std::abs(code))),
          remedy_of(*kind_), Until::it_passes};
}

Result<std::uint32_t> Device::buffer_bytes() const {
  rte_eth_dev_info info{};
  if (const int code = rte_eth_dev_info_get(id_, &info); code != 0)
    return failed("device", "does not describe itself", code);
  const std::uint32_t bytes = kind_->buffer_bytes(config_);
  const bool asks_for_frames =
      kind_->prefix.empty() && (info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER) == 0;
  return std::max(
      {bytes, asks_for_frames ? whole_frame(config_) : 0, std::min(info.min_rx_bufsize, 16'384U)});
}

Status Device::bring_up(rte_mempool& pool, std::uint32_t buffer_bytes, Refusals& refusals) {
  rte_eth_dev_info info{};
  if (const int code = rte_eth_dev_info_get(id_, &info); code != 0)
    return failed("device", "does not describe itself", code);
  if (config_.queues > info.max_rx_queues)
    return Error{
        where_ + ".queues",
        fmt::format("{} has {} receive queues, not {}", config_.device, info.max_rx_queues, config_.queues),
        fmt::format("write {} or fewer", info.max_rx_queues)};
  if (auto status = configure(info, buffer_bytes, refusals); !status) return status;
  set_mtu(refusals);
  if (auto status = set_up_queues(info, pool, refusals); !status) return status;
  if (const int code = rte_eth_dev_start(id_); code != 0) return failed("device", "does not start", code);
  set_promiscuous(refusals);
  return success();
}

std::uint16_t Device::tx_queues(const rte_eth_dev_info& info) const {
  const std::uint32_t wanted = kind_->tx_queues == TxQueues::as_rx ? config_.queues : 1;
  return static_cast<std::uint16_t>(std::min<std::uint32_t>(wanted, info.max_tx_queues));
}

Status Device::configure(const rte_eth_dev_info& info, std::uint32_t buffer_bytes, Refusals& refusals) {
  rte_eth_conf conf{};
  if (frame_bytes(config_.mtu) > buffer_bytes)
    conf.rxmode.offloads = info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER;
  // ENA's link is down for ever without link interrupts.
  if (info.dev_flags != nullptr && (*info.dev_flags & RTE_ETH_DEV_INTR_LSC) != 0) conf.intr_conf.lsc = 1;
  const std::uint64_t hash = info.flow_type_rss_offloads & kHash;
  if (config_.queues > 1 && hash != 0) {
    conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
    conf.rx_adv_conf.rss_conf.rss_hf = hash;
  } else if (config_.queues > 1) {
    refusals.add("rss", "the device offers no hash; how packets come to its queues is its own affair");
  }
  const auto rx = static_cast<std::uint16_t>(config_.queues);
  int code = rte_eth_dev_configure(id_, rx, tx_queues(info), &conf);
  if (code != 0 && conf.rxmode.mq_mode == RTE_ETH_MQ_RX_RSS) {
    refusals.add_code("rss", code, "packets may all come to one queue");
    conf.rxmode.mq_mode = RTE_ETH_MQ_RX_NONE;
    conf.rx_adv_conf.rss_conf.rss_hf = 0;
    code = rte_eth_dev_configure(id_, rx, tx_queues(info), &conf);
  }
  if (code != 0) return failed("device", "does not accept its configuration", code);
  return success();
}

Status Device::set_up_queues(const rte_eth_dev_info& info, rte_mempool& pool, Refusals& refusals) {
  auto rx_descriptors = static_cast<std::uint16_t>(config_.descriptors);
  std::uint16_t tx_descriptors = kTxDescriptors;
  if (const int code = rte_eth_dev_adjust_nb_rx_tx_desc(id_, &rx_descriptors, &tx_descriptors); code != 0)
    return failed("descriptors", "does not say how many descriptors it takes", code);
  if (rx_descriptors != config_.descriptors)
    refusals.add("descriptors", fmt::format("{} in place of {}", rx_descriptors, config_.descriptors));

  const auto socket = static_cast<unsigned>(rte_eth_dev_socket_id(id_));
  for (std::uint16_t queue = 0; queue < config_.queues; ++queue)
    if (const int code = rte_eth_rx_queue_setup(id_, queue, rx_descriptors, socket, nullptr, &pool);
        code != 0)
      return failed("queues", fmt::format("does not set up receive queue {}", queue), code);
  // Without FAST_FREE, which breaks on packets that somebody else holds too.
  rte_eth_txconf tx = info.default_txconf;
  tx.offloads = 0;
  for (std::uint16_t queue = 0; queue < tx_queues(info); ++queue)
    if (const int code = rte_eth_tx_queue_setup(id_, queue, tx_descriptors, socket, &tx); code != 0)
      return failed("queues", fmt::format("does not set up transmit queue {}", queue), code);
  return success();
}

/// Before the queues are set up, since drivers choose their buffers by it, and through the operation of its
/// own: net_ena does not tell its device the MTU of the configuration.
void Device::set_mtu(Refusals& refusals) {
  if (config_.mtu == 0) return;
  if (kind_->mtu == Mtu::of_port) {
    const int code = rte_eth_dev_set_mtu(id_, static_cast<std::uint16_t>(config_.mtu));
    if (mtu() == config_.mtu) return;
    refusals.add_code("mtu", code, fmt::format("it stays {} in place of {}", mtu(), config_.mtu));
  } else if (const std::uint32_t now = mtu(); now != config_.mtu) {
    refusals.add("mtu", fmt::format("the interface's is {}, and is not changed to {}", now, config_.mtu));
  }
}

void Device::set_promiscuous(Refusals& refusals) {
  if (!config_.promiscuous) return;
  const int code = rte_eth_promiscuous_enable(id_);
  promiscuous_ = code == 0;
  refusals.add_code("promiscuous", code, "only frames for its own address may come");
}

std::uint32_t Device::mtu() const {
  if (kind_->interface_mtu != nullptr) return kind_->interface_mtu(config_);
  std::uint16_t mtu = 0;
  return rte_eth_dev_get_mtu(id_, &mtu) == 0 ? mtu : 0;
}

std::string Device::driver() const {
  rte_eth_dev_info info{};
  return rte_eth_dev_info_get(id_, &info) == 0 && info.driver_name != nullptr ? info.driver_name : "";
}

/// Switches promiscuous mode off, which a kernel interface would keep, and waits: net_ena's interrupt handler
/// may still be running when stop returns, and close or reset would free the memory it works on.
void Device::stop() noexcept {
  constexpr useconds_t kHandlerDone = 20'000;
  if (promiscuous_) (void)rte_eth_promiscuous_disable(id_);
  promiscuous_ = false;
  (void)rte_eth_dev_stop(id_);
  usleep(kHandlerDone);
}

void Device::close() noexcept {
  (void)rte_eth_dev_close(id_);
}

}  // namespace mirrorscan::port
