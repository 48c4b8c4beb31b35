#include "worker/tenants.h"

#include <optional>

#include "config/address.h"

namespace mirrorscan::worker {

Result<Tenants> Tenants::from(const std::vector<config::Tenant>& tenants) {
  Tenants table;
  for (std::uint32_t index = 0; index < tenants.size(); ++index) {
    std::vector<Member> members;
    for (const std::string& source : tenants[index].sources) {
      const auto address = config::parse_address(source);
      if (!address)
        return Error{"tenants." + tenants[index].name + ".sources", "'" + source + "' is not an IP address",
                     "write an IPv4 or IPv6 address such as 10.0.1.7"};
      members.push_back({index, address->version, address->ip});
    }
    if (members.empty()) members.push_back({index, IpVersion::none, {}});
    for (const std::uint32_t vni : tenants[index].vnis) {
      auto& all = table.by_vni_[vni];
      all.insert(all.end(), members.begin(), members.end());
    }
  }
  return table;
}

std::uint32_t Tenants::of(const packet::Tunnel& tunnel) const noexcept {
  if (by_vni_.empty()) return kUnnamed | tunnel.vni;
  const auto found = by_vni_.find(tunnel.vni);
  if (found != by_vni_.end()) {
    for (const Member& m : found->second)
      if (m.version == IpVersion::none || (m.version == tunnel.version && m.source == tunnel.src))
        return m.tenant;
  }
  return kUnnamed | tunnel.vni;
}

}  // namespace mirrorscan::worker
