#pragma once
// Virtual devices of DPDK, made by name and arguments once EAL has started.

#include <cstdint>
#include <string>

#include "base/result.h"
#include "config/config.h"
#include "port/kind.h"

namespace mirrorscan::port {

/// The user's arguments and those that the kind adds.
[[nodiscard]] std::string all_arguments(const config::Port& config, const Kind& kind);

/// A driver whose name the device's begins with, among the files from which EAL loads drivers: what can be
/// known before it has. Error::where counts from the port.
[[nodiscard]] Status check_driver(const std::string& device);

/// Makes the device; its ethdev port id. `where`: the port's path in the configuration, "ports[0]".
[[nodiscard]] Result<std::uint16_t> make_virtual_device(const config::Port& config, const Kind& kind,
                                                        const std::string& where);
void remove_virtual_device(const std::string& device) noexcept;

}  // namespace mirrorscan::port
