#include <fmt/format.h>
#include <rte_ethdev.h>
#include <rte_pci.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "engine/eal.h"
#include "port/devargs.h"
#include "port/pool.h"
#include "port/port.h"
#include "port/started_port.h"
#include "port/virtual_device.h"

namespace mirrorscan::port {
namespace {

std::string place(std::size_t index) {
  return fmt::format("ports[{}]", index);
}

/// DPDK's own spelling: a PCI address with its domain.
std::string ethdev_name(const std::string& device) {
  rte_pci_addr address{};
  if (rte_pci_addr_parse(device.c_str(), &address) != 0) return device;
  return fmt::format("{:04x}:{:02x}:{:02x}.{:x}", address.domain, address.bus, address.devid,
                     address.function);
}

/// The device, made when it is not there yet.
Result<std::uint16_t> find_or_make(const config::Port& config, const Kind& kind, const std::string& where,
                                   bool& made) {
  std::uint16_t id = 0;
  const std::string name = ethdev_name(config.device);
  made = false;
  if (rte_eth_dev_get_port_by_name(name.c_str(), &id) == 0) return id;
  if (kind.prefix.empty())
    return Error{where + ".device", fmt::format("no DPDK driver took the PCI device {}", config.device),
                 "bind it to vfio-pci, and check that the package of its driver is installed (for ENA: "
                 "librte-net-ena23)",
                 Until::it_passes};
  made = true;
  return make_virtual_device(config, kind, where);
}

int numa_node(const config::Port& config, std::uint16_t id) {
  return config.numa_node == "auto" ? rte_eth_dev_socket_id(id) : std::atoi(config.numa_node.c_str());
}

Result<std::unique_ptr<engine::Port>> start(Device device, const Needs& needs,
                                            std::vector<std::uint32_t> queue_workers, bool made) {
  const config::Port& config = device.config();
  const auto buffer = device.buffer_bytes();
  if (!buffer) return buffer.error();
  const std::set<std::uint32_t> pollers(queue_workers.begin(), queue_workers.end());
  const PoolPlan plan =
      plan_pool(config, device.kind(), needs, static_cast<std::uint32_t>(pollers.size()), buffer.value());
  auto pool = engine::make_mbuf_pool(
      fmt::format("port-{}", device.id()),
      {.mbufs = plan.mbufs, .buffer_bytes = plan.buffer_bytes, .socket = numa_node(config, device.id())});
  if (!pool)
    return Error{device.where() + ".mbufs", pool.error().what,
                 "raise dpdk.memory_mb, or lower the port's mbufs or mtu", Until::it_passes};
  Refusals refusals(config.device);
  if (auto status = device.bring_up(*pool.value(), plan.buffer_bytes, refusals); !status) {
    device.close();
    engine::free_mbuf_pool(pool.value());
    return status.error();
  }
  return std::unique_ptr<engine::Port>(std::make_unique<StartedPort>(std::move(device), std::move(refusals),
                                                                     std::move(queue_workers), pool.value(),
                                                                     plan.buffer_bytes, made));
}

Result<std::unique_ptr<engine::Port>> open_port(const config::Port& config, std::size_t index,
                                                const Needs& needs,
                                                std::vector<std::uint32_t> queue_workers) {
  const Kind* kind = kind_of(config.device);
  bool made = false;
  const auto id = find_or_make(config, *kind, place(index), made);
  if (!id) return id.error();
  auto port = start(Device(id.value(), config, *kind, place(index)), needs, std::move(queue_workers), made);
  if (!port && made) remove_virtual_device(config.device);
  return port;
}

/// Error::where counts from the port.
Status check(const config::Port& port) {
  const Kind* kind = kind_of(port.device);
  if (kind == nullptr)
    return Error{"device", fmt::format("\"{}\" is no device of DPDK's", port.device),
                 "write a PCI address such as \"0000:00:06.0\", or a virtual device such as "
                 "\"net_af_packet0\""};
  if (!kind->prefix.empty())
    if (Status driver = check_driver(port.device); !driver) return driver;
  if (Status keys = check_keys(port.arguments, kind->keys); !keys) return keys;
  return kind->check == nullptr ? success() : kind->check(port);
}

}  // namespace

std::vector<Error> faults(const std::vector<config::Port>& ports) {
  std::vector<Error> out;
  std::set<std::string> names;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const bool fresh = names.insert(ethdev_name(ports[i].device)).second;
    Status status =
        fresh ? check(ports[i])
              : Error{"device", fmt::format("{} is there twice", ports[i].device), "remove one of the two"};
    if (status) continue;
    out.push_back(status.error());
    out.back().where = place(i) + "." + out.back().where;
  }
  std::stable_partition(out.begin(), out.end(),
                        [](const Error& fault) { return fault.until == Until::changed; });
  return out;
}

Status check(const std::vector<config::Port>& ports) {
  std::vector<Error> all = faults(ports);
  return all.empty() ? success() : Status(std::move(all.front()));
}

std::vector<std::string> eal_arguments(const std::vector<config::Port>& ports) {
  std::vector<std::string> out;
  for (const config::Port& port : ports) {
    const Kind* kind = kind_of(port.device);
    if (kind == nullptr || !kind->prefix.empty()) continue;
    out.insert(out.end(), {"-a", join(port.device, all_arguments(port, *kind))});
  }
  if (out.empty()) out.emplace_back("--no-pci");
  return out;
}

std::uint32_t memory_mb(const std::vector<config::Port>& ports, const Needs& needs) {
  constexpr std::uint64_t kDriverBytes = 8 << 20;  // rings and private memory of a driver
  const auto workers = deal_queues(ports, needs.workers);
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const Kind* kind = kind_of(ports[i].device);
    if (kind == nullptr) continue;
    const std::set<std::uint32_t> pollers(workers[i].begin(), workers[i].end());
    bytes += kDriverBytes +
             pool_bytes(plan_pool(ports[i], *kind, needs, static_cast<std::uint32_t>(pollers.size()),
                                  kind->buffer_bytes(ports[i])));
  }
  return static_cast<std::uint32_t>((bytes >> 20) + 1);
}

std::vector<std::vector<std::uint32_t>> deal_queues(const std::vector<config::Port>& ports,
                                                    std::uint32_t workers) {
  std::vector<std::vector<std::uint32_t>> out;
  std::uint32_t next = 0;
  for (const config::Port& port : ports) {
    out.push_back(port.queue_workers);
    while (out.back().size() < port.queues) out.back().push_back(next++ % workers);
  }
  return out;
}

Result<Ports> open_ports(const std::vector<config::Port>& ports, const Needs& needs) {
  const auto workers = deal_queues(ports, needs.workers);
  Ports out;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    auto port = open_port(ports[i], i, needs, workers[i]);
    if (!port) return port.error();
    out.push_back(std::move(port.value()));
  }
  return out;
}

}  // namespace mirrorscan::port
