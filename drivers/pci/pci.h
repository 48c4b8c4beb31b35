#pragma once
// Network cards on PCI; and what the ENA needs beyond that.

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "config/config.h"
#include "port/kind.h"

namespace mirrorscan::pci {

/// The device is there and a driver that DPDK can work through is bound to it.
[[nodiscard]] Status check(const config::Port& port);

[[nodiscard]] std::unique_ptr<port::Watch> watch(const config::Port& port, std::uint16_t id);

}  // namespace mirrorscan::pci
