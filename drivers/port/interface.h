#pragma once
// A kernel interface of this network namespace: asked by ioctl and /proc/self/net, which follow the namespace
// of the process (sysfs follows that of its mount).

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "config/config.h"

namespace mirrorscan::port {

/// The port's `iface` argument. Error::where counts from the port.
[[nodiscard]] Result<std::string> interface_of(const config::Port& port);

/// An interface that is there and up; what is not so passes when somebody else makes it so.
[[nodiscard]] Status check_is_up(const std::string& interface);

/// Up, with a carrier.
[[nodiscard]] bool is_running(const std::string& interface);

/// 0 when it cannot be read.
[[nodiscard]] std::uint32_t mtu_of_interface(const std::string& interface);
[[nodiscard]] std::uint32_t interface_mtu(const config::Port& port);

/// Combined channels, `ethtool -l`; 1 where the interface knows none, as a veth.
[[nodiscard]] std::uint32_t channels_of_interface(const std::string& interface);

/// What the kernel counted on the interface, for everybody who uses it.
struct InterfaceCounts {
  std::uint64_t packets = 0, errors = 0;
  std::uint64_t dropped = 0;  ///< by the driver or for want of a receiver: proc(5), `drop`
  std::uint64_t overruns = 0;
};
/// Nothing while there is no such interface.
[[nodiscard]] std::optional<InterfaceCounts> counts_of_interface(const std::string& interface);

}  // namespace mirrorscan::port
