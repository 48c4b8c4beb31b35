#include "worker/tenants.h"

#include <arpa/inet.h>

namespace mirrorscan::worker {
namespace {

/// IpVersion::none when the text is no address.
IpVersion parse(const std::string& text, IpAddress& out) {
  if (inet_pton(AF_INET, text.c_str(), out.bytes.data()) == 1) return IpVersion::v4;
  if (inet_pton(AF_INET6, text.c_str(), out.bytes.data()) == 1) return IpVersion::v6;
  return IpVersion::none;
}

}  // namespace

Result<Tenants> Tenants::from(const std::vector<config::Tenant>& tenants) {
  Tenants table;
  for (std::uint32_t index = 0; index < tenants.size(); ++index) {
    std::vector<Member> members;
    for (const std::string& source : tenants[index].sources) {
      Member member{index, IpVersion::none, {}};
      member.version = parse(source, member.source);
      if (member.version == IpVersion::none)
        return Error{"tenants." + tenants[index].name + ".sources", "'" + source + "' is not an IP address",
                     "write an IPv4 or IPv6 address such as 10.0.1.7"};
      members.push_back(member);
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
  const auto found = by_vni_.find(tunnel.vni);
  if (found != by_vni_.end()) {
    for (const Member& m : found->second)
      if (m.version == IpVersion::none || (m.version == tunnel.version && m.source == tunnel.src))
        return m.tenant;
  }
  return kUnnamed | tunnel.vni;
}

}  // namespace mirrorscan::worker
