#include <fmt/format.h>
#include <rte_dev.h>
#include <rte_devargs.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_pci.h>

#include <cstdlib>
#include <set>

#include "engine/eal.h"
#include "port/devargs.h"
#include "port/pool.h"
#include "port/port.h"
#include "port/started_port.h"

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

bool has_driver(const std::string& device) {
  rte_devargs parsed{};
  const bool found = rte_devargs_parse(&parsed, device.c_str()) == 0;
  std::free(parsed.data);
  return found;
}

std::string all_arguments(const config::Port& config, const Kind& kind) {
  return kind.arguments == nullptr ? config.arguments : join(config.arguments, kind.arguments(config));
}

/// EAL says -1 for whatever a driver did not do, which is no errno; the driver's own words are on standard
/// error.
std::string reason_of(int code) {
  return code == -1 ? "its driver does not do it; the lines of DPDK before this one may say why"
                    : rte_strerror(std::abs(code));
}

Status make_device(const config::Port& config, const Kind& kind, const std::string& where) {
  if (!has_driver(config.device))
    return Error{where + ".device", fmt::format("DPDK has no driver for \"{}\"", config.device),
                 "check the name's spelling, and that the package of the driver is installed (for net_ring: "
                 "librte-net-ring23)"};
  const std::string arguments = all_arguments(config, kind);
  const int code = rte_eal_hotplug_add("vdev", config.device.c_str(), arguments.c_str());
  if (code == 0) return success();
  return Error{where + ".arguments",
               fmt::format("{} cannot be made with \"{}\": {}", config.device, arguments, reason_of(code)),
               remedy_of(kind)};
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
                 "librte-net-ena23)"};
  if (auto status = make_device(config, kind, where); !status) return status.error();
  made = true;
  if (rte_eth_dev_get_port_by_name(name.c_str(), &id) == 0) return id;
  return Error{where + ".device", fmt::format("{} is no network device", config.device), "name another one"};
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
                 "raise dpdk.memory_mb, or lower the port's mbufs or mtu"};
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
  if (!port && made) (void)rte_eal_hotplug_remove("vdev", config.device.c_str());
  return port;
}

}  // namespace

Status check(const std::vector<config::Port>& ports) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const config::Port& port = ports[i];
    const Kind* kind = kind_of(port.device);
    if (kind == nullptr)
      return Error{place(i) + ".device", fmt::format("\"{}\" is no device of DPDK's", port.device),
                   "write a PCI address such as \"0000:00:06.0\", or a virtual device such as "
                   "\"net_af_packet0\""};
    if (!names.insert(ethdev_name(port.device)).second)
      return Error{place(i) + ".device", fmt::format("{} is there twice", port.device),
                   "remove one of the two"};
    if (const auto readable = values_of(port.arguments, ""); !readable)
      return Error{place(i) + ".arguments", readable.error().what, readable.error().remedy};
    if (kind->check == nullptr) continue;
    if (const auto status = kind->check(port); !status)
      return Error{place(i) + "." + status.error().where, status.error().what, status.error().remedy};
  }
  return success();
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
