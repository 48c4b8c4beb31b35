#pragma once
// The Elastic Network Adapter: allowances, faults that its driver keeps to itself, and its watchdog.

#include <cstdint>
#include <memory>

#include "config/config.h"
#include "port/kind.h"

namespace mirrorscan::pci {

/// - Its watchdog is a DPDK timer on the lcore that started it: tick() runs it.
/// - Faults of a receive queue (a bad request id, a frame of too many descriptors) stop the queue, and no
///   driver up to 26.11 reports them: the watchdog returns early once the fault is noted. They are seen in
///   the driver's xstats, and answered with a reset.
/// - The allowances of the instance (packets above them are dropped before the device) are told by name.
/// - Before DPDK 24.03 what a full ring drops is in no counter: told once, as a warning.
[[nodiscard]] std::unique_ptr<port::Watch> watch_ena(const config::Port& port, std::uint16_t id);

}  // namespace mirrorscan::pci
