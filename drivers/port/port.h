#pragma once
// From the configuration's ports to started ethdev ports.
//
//   before EAL starts:  check(), eal_arguments(), memory_mb()
//   after:              open_ports()

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "engine/port.h"

namespace mirrorscan::port {

/// What the engine does with a port's packets: it decides how many buffers the port needs.
struct Needs {
  std::uint32_t workers = 1;
  std::uint32_t burst = 32;             ///< packets that a worker takes from a queue or inbox at once
  std::uint32_t inbox_packets = 2'048;  ///< packets that may wait for a worker from each other one
};

using Ports = std::vector<std::unique_ptr<engine::Port>>;

/// What is wrong with the ports and can be seen without EAL, one a port: devices, interfaces and files that
/// are not there, misspelt arguments, two ports on one device. Those that somebody must change come first;
/// the others (Until::it_passes) are this machine's, now. Error::where is a path in the configuration.
[[nodiscard]] std::vector<Error> faults(const std::vector<config::Port>& ports);
/// The first of them.
[[nodiscard]] Status check(const std::vector<config::Port>& ports);

/// `-a PCI,arguments` for each PCI port, or `--no-pci`. Virtual devices are made by open_ports(), so that
/// each failure is told for the port it belongs to.
[[nodiscard]] std::vector<std::string> eal_arguments(const std::vector<config::Port>& ports);

/// Packet buffers of all ports in MiB, with their pools' own needs; for EAL's `-m` add what else is in its
/// memory.
[[nodiscard]] std::uint32_t memory_mb(const std::vector<config::Port>& ports, const Needs& needs);

/// Opens and starts all ports, from the main lcore. Queues that name no worker are dealt out in turn, over
/// all ports. A device that exists already under the configured name (made by another part of the process, or
/// by EAL arguments) is used as it is. What a device lacks or refuses and can be done without is a warning
/// and a PortRefusal. Errors: the first port that cannot be used; those opened before it are closed.
[[nodiscard]] Result<Ports> open_ports(const std::vector<config::Port>& ports, const Needs& needs);

/// The worker of each queue, by port and queue.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> deal_queues(const std::vector<config::Port>& ports,
                                                                  std::uint32_t workers);

}  // namespace mirrorscan::port
