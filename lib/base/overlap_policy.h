#pragma once
// How receivers resolve overlaps of TCP segments and of IP fragments, by the names that Suricata's
// host-os-policy has for them.

#include <cstdint>

#include "base/address.h"

namespace mirrorscan {

enum class OverlapPolicy : std::uint8_t {
  windows = 0,
  bsd,
  bsd_right,
  linux_,  ///< `linux` is a macro of the compiler
  old_linux,
  solaris,
  first,  ///< what came first stays, whatever its place
  last,   ///< what came last stays
};
inline constexpr unsigned kOverlapPolicies = 8;

/// The policy of the receivers of each IP version.
struct OverlapPolicies {
  OverlapPolicy ipv4 = OverlapPolicy::windows, ipv6 = OverlapPolicy::bsd;

  [[nodiscard]] constexpr OverlapPolicy of(IpVersion version) const noexcept {
    return version == IpVersion::v6 ? ipv6 : ipv4;
  }
};

}  // namespace mirrorscan
