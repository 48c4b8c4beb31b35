#pragma once
// An ethdev port from "configured" to "started", and again after a reset.

#include <cstdint>
#include <string>

#include "base/result.h"
#include "config/config.h"
#include "port/kind.h"
#include "port/refusals.h"

struct rte_eth_dev_info;
struct rte_mempool;

namespace mirrorscan::port {

class Device {
 public:
  /// `where`: the port's path in the configuration, "ports[0]". `kind` must outlive the device.
  Device(std::uint16_t id, config::Port config, const Kind& kind, std::string where)
      : id_(id), config_(std::move(config)), kind_(&kind), where_(std::move(where)) {}

  /// Frame bytes that one buffer of this device must hold: its kind's, or a whole frame where the kind would
  /// chain buffers and the device cannot.
  [[nodiscard]] Result<std::uint32_t> buffer_bytes() const;

  /// Configures, sets queues, MTU and promiscuous mode, and starts. `pool` holds `buffer_bytes` of a frame in
  /// each buffer and must live until close(). Errors: what the port cannot do without.
  [[nodiscard]] Status bring_up(rte_mempool& pool, std::uint32_t buffer_bytes, Refusals& refusals);
  void stop() noexcept;
  void close() noexcept;

  [[nodiscard]] const std::string& where() const noexcept { return where_; }
  /// After close(), when the device was made again.
  void is_now(std::uint16_t id) noexcept { id_ = id; }
  [[nodiscard]] std::uint16_t id() const noexcept { return id_; }
  [[nodiscard]] const config::Port& config() const noexcept { return config_; }
  [[nodiscard]] const Kind& kind() const noexcept { return *kind_; }
  /// As it is now; 0 when the device does not say.
  [[nodiscard]] std::uint32_t mtu() const;
  /// The driver's name, "net_ena".
  [[nodiscard]] std::string driver() const;

 private:
  [[nodiscard]] Status configure(const rte_eth_dev_info& info, std::uint32_t buffer_bytes,
                                 Refusals& refusals);
  [[nodiscard]] Status set_up_queues(const rte_eth_dev_info& info, rte_mempool& pool, Refusals& refusals);
  void set_mtu(Refusals& refusals);
  void set_promiscuous(Refusals& refusals);
  [[nodiscard]] std::uint16_t tx_queues(const rte_eth_dev_info& info) const;
  [[nodiscard]] Error failed(const char* field, const std::string& what, int code) const;

  std::uint16_t id_;
  config::Port config_;
  const Kind* kind_;
  std::string where_;
  bool promiscuous_ = false;  ///< set by us
};

}  // namespace mirrorscan::port
