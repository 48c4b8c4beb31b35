#pragma once
// Which tenant a mirror session belongs to (design section 1, flow identity): two VPCs may use the same
// addresses, so the tenant is part of every flow key. A VNI that the configuration does not name is a tenant
// of its own.

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "config/config.h"
#include "packet/meta.h"

namespace mirrorscan::worker {

class Tenants {
 public:
  /// Tenants above this bit are VNIs that no configured tenant names.
  static constexpr std::uint32_t kUnnamed = 0x8000'0000;

  Tenants() = default;
  /// Fails on an address that cannot be read; the configuration reader has checked everything else.
  [[nodiscard]] static Result<Tenants> from(const std::vector<config::Tenant>& tenants);

  /// Index into the configured tenants, or kUnnamed | VNI.
  [[nodiscard]] std::uint32_t of(const packet::Tunnel& tunnel) const noexcept;

 private:
  struct Member {
    std::uint32_t tenant = 0;
    IpVersion version = IpVersion::none;  ///< none = any source
    IpAddress source;
  };
  std::unordered_map<std::uint32_t, std::vector<Member>> by_vni_;  ///< read-only after from()
};

}  // namespace mirrorscan::worker
