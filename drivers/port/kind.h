#pragma once
// What one kind of port needs beyond DPDK's ethdev API. One row a kind in kinds.cpp.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/config.h"
#include "exporter/stats.h"

namespace mirrorscan::port {

/// What became of what a port was made from.
enum class Origin : std::uint8_t {
  same,
  gone,
  another,  ///< gone, and now there is another one under its name
};

/// Runs beside a started port, on the control thread: counters that only this kind has, and faults that
/// ethdev does not tell.
class Watch {
 public:
  Watch() = default;
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  virtual ~Watch() = default;

  /// About ten times a second while the port runs.
  virtual void tick() {}
  /// The link, where ethdev does not follow it.
  [[nodiscard]] virtual std::optional<bool> link_up() { return std::nullopt; }
  /// Why the port must be reset although its driver has not said so; empty for no reason.
  [[nodiscard]] virtual std::string fault() { return {}; }
  /// After the port was reset and started again.
  virtual void restarted() {}
  /// Asked about ten times a second. What is not the same again after this said so is another one.
  [[nodiscard]] virtual Origin origin() { return Origin::same; }
  /// Before the device is closed because of its origin: the watch must hold nothing of it.
  virtual void let_go() {}
  /// After the device was made from what has its origin's name now.
  virtual void made_anew() {}
  /// Adds to the counters that ethdev gives.
  virtual void count(exporter::PortStats& stats) = 0;
};

/// Nothing is sent. But several drivers take no transmit queue at all as a mistake, and others want pairs.
enum class TxQueues : std::uint8_t { one, as_rx };

enum class Mtu : std::uint8_t {
  of_port,       ///< set through ethdev
  of_interface,  ///< the kernel interface's, which others use too: read, never changed
};

struct Kind {
  std::string_view prefix;  ///< of the device's name; empty for a PCI address
  TxQueues tx_queues = TxQueues::one;
  Mtu mtu = Mtu::of_port;
  std::uint32_t mbufs_a_queue = 0;  ///< what a queue takes whatever `descriptors` says
  std::string_view keys;    ///< arguments that its driver knows, "iface qpairs"; empty = not looked at
  std::string_view remedy;  ///< what is most often in the way when it cannot be made or set up

  /// What can be found wrong before EAL starts. Error::where counts from the port: "device", "arguments".
  Status (*check)(const config::Port& port) = nullptr;
  /// Device arguments in addition to the user's, "framesz=2048,qpairs=2"; those that the user wrote are left
  /// out.
  std::string (*arguments)(const config::Port& port) = nullptr;
  /// Frame bytes that one packet buffer must hold.
  std::uint32_t (*buffer_bytes)(const config::Port& port) = nullptr;
  /// The port's own MTU where it is the interface's; 0 = unknown.
  std::uint32_t (*interface_mtu)(const config::Port& port) = nullptr;
  std::unique_ptr<Watch> (*watch)(const config::Port& port, std::uint16_t id) = nullptr;
};

/// The kind of a device, by its name. Null: neither a PCI address nor the name of a virtual network device.
[[nodiscard]] const Kind* kind_of(std::string_view device);
[[nodiscard]] bool is_pci_address(std::string_view device);

/// The kind's, or where to look.
[[nodiscard]] std::string remedy_of(const Kind& kind);

/// Bytes of a frame at the port's MTU: Ethernet header and two VLAN tags. MTU 0 counts as 1,500.
[[nodiscard]] constexpr std::uint32_t frame_bytes(std::uint32_t mtu) noexcept {
  return (mtu == 0 ? 1'500 : mtu) + 14 + 2 * 4;
}

// For the rows: a kind that chains buffers, and one that does not.
constexpr std::uint32_t kBufferBytes = 2'048;
[[nodiscard]] std::uint32_t chained(const config::Port& port);
[[nodiscard]] std::uint32_t whole_frame(const config::Port& port);

}  // namespace mirrorscan::port
