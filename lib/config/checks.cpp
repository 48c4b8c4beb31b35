#include "config/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "config/address.h"

namespace mirrorscan::config {
namespace {

/// Who takes a VNI's mirror sessions: a tenant for any source, or tenants for sources of their own.
struct Claims {
  const Tenant* any = nullptr;
  const Tenant* last = nullptr;
  std::map<Address, const Tenant*> by_source;
};

Error contested(std::size_t tenant, std::size_t vni_index, const Tenant& mine, const Tenant& other) {
  const std::string where = fmt::format("tenants[{}].vnis[{}]", tenant, vni_index);
  const std::uint32_t vni = mine.vnis[vni_index];
  if (&mine == &other) return {where, fmt::format("VNI {} is there twice", vni), "remove one of the two"};
  return {where,
          fmt::format("VNI {} is named by tenants \"{}\" and \"{}\" for the same sources", vni, other.name,
                      mine.name),
          "name it in one of them, or give both `sources` that do not overlap"};
}

/// Null when the claim is free and now taken; else the tenant that has it.
const Tenant* take(Claims& claims, const Tenant& tenant, const std::vector<Address>& sources) {
  if (claims.last == &tenant) return &tenant;
  if (claims.any != nullptr) return claims.any;
  if (sources.empty() && claims.last != nullptr) return claims.last;
  for (const Address& source : sources)
    if (const auto [at, fresh] = claims.by_source.emplace(source, &tenant); !fresh) return at->second;
  if (sources.empty()) claims.any = &tenant;
  claims.last = &tenant;
  return nullptr;
}

Result<std::vector<Address>> distinct_sources(const Tenant& tenant, std::size_t index) {
  std::set<Address> seen;
  for (std::size_t i = 0; i < tenant.sources.size(); ++i) {
    const auto address = parse_address(tenant.sources[i]);
    if (address && !seen.insert(*address).second)
      return Error{fmt::format("tenants[{}].sources[{}]", index, i),
                   fmt::format("{} is there twice", tenant.sources[i]), "remove one of the two"};
  }
  return std::vector<Address>(seen.begin(), seen.end());
}

Status check_tenants(const std::vector<Tenant>& tenants) {
  std::set<std::string_view> names;
  std::map<std::uint32_t, Claims> claims;
  for (std::size_t t = 0; t < tenants.size(); ++t) {
    const Tenant& tenant = tenants[t];
    if (!names.insert(tenant.name).second)
      return Error{fmt::format("tenants[{}].name", t),
                   fmt::format("two tenants are named \"{}\"", tenant.name),
                   "join their vnis in one tenant, or rename one"};
    const auto sources = distinct_sources(tenant, t);
    if (!sources) return sources.error();
    for (std::size_t v = 0; v < tenant.vnis.size(); ++v)
      if (const Tenant* other = take(claims[tenant.vnis[v]], tenant, sources.value()))
        return contested(t, v, tenant, *other);
  }
  return success();
}

Status check_ports(const Decap& decap) {
  std::map<std::uint16_t, std::string_view> taken;
  const auto take_all = [&taken](const std::vector<std::uint16_t>& ports, std::string_view path) -> Status {
    for (std::size_t i = 0; i < ports.size(); ++i)
      if (const auto [at, fresh] = taken.emplace(ports[i], path); !fresh)
        return Error{fmt::format("{}[{}]", path, i),
                     fmt::format("port {} is already in {}", ports[i], at->second), "remove one of the two"};
    return success();
  };
  if (auto status = take_all(decap.vxlan_ports, "decap.vxlan_ports"); !status) return status;
  return take_all(decap.geneve_ports, "decap.geneve_ports");
}

Status check_budgets(const Stream& stream) {
  if (stream.max_held_bytes_per_stream <= stream.max_held_bytes) return success();
  return Error{"stream.max_held_bytes_per_stream",
               fmt::format("{} is more than stream.max_held_bytes, {}", stream.max_held_bytes_per_stream,
                           stream.max_held_bytes),
               "lower it, or raise stream.max_held_bytes"};
}

/// Lists that name workers or CPUs, against the number of workers.
Status check_workers(const Config& config) {
  const Workers& workers = config.workers;
  if (!workers.cpus.empty() && workers.cpus.size() != workers.count)
    return Error{"workers.cpus", fmt::format("{} CPUs for {} workers", workers.cpus.size(), workers.count),
                 "name one CPU for each worker, or none"};
  for (std::size_t i = 0; i < workers.cpus.size(); ++i)
    if (std::count(workers.cpus.begin(), workers.cpus.end(), workers.cpus[i]) > 1)
      return Error{fmt::format("workers.cpus[{}]", i), fmt::format("two workers on CPU {}", workers.cpus[i]),
                   "give each worker a CPU of its own"};
  return success();
}

Status check_port(const Port& port, std::size_t index, std::uint32_t workers) {
  const auto place = [index](std::string_view name) { return fmt::format("ports[{}].{}", index, name); };
  if (!port.queue_workers.empty() && port.queue_workers.size() != port.queues)
    return Error{place("queue_workers"),
                 fmt::format("{} workers for {} queues", port.queue_workers.size(), port.queues),
                 "name one worker for each queue, or none"};
  for (const std::uint32_t worker : port.queue_workers)
    if (worker >= workers)
      return Error{place("queue_workers"), fmt::format("there is no worker {}", worker),
                   fmt::format("write numbers below workers.count, {}", workers)};
  return success();
}

Status check_port_list(const Config& config) {
  std::set<std::string_view> devices;
  for (std::size_t i = 0; i < config.ports.size(); ++i) {
    if (auto status = check_port(config.ports[i], i, config.workers.count); !status) return status;
    if (!devices.insert(config.ports[i].device).second)
      return Error{fmt::format("ports[{}].device", i),
                   fmt::format("{} is there twice", config.ports[i].device), "remove one of the two"};
  }
  return success();
}

}  // namespace

Status check_together(const Config& config) {
  if (auto status = check_tenants(config.tenants); !status) return status;
  if (auto status = check_ports(config.decap); !status) return status;
  if (auto status = check_workers(config); !status) return status;
  if (auto status = check_port_list(config); !status) return status;
  return check_budgets(config.stream);
}

}  // namespace mirrorscan::config
