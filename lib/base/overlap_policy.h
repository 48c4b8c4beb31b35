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

/// Bytes [begin, end) of a stream or datagram.
template <class Offset>
struct ExtentOf {
  Offset begin = 0, end = 0;
};

/// Which of two overlapping extents keeps the bytes that both have, by the order in which they came.
enum class Keeper : std::uint8_t { earlier, later };

/// The policy of the receivers of each IP version.
struct OverlapPolicies {
  OverlapPolicy ipv4 = OverlapPolicy::windows, ipv6 = OverlapPolicy::bsd;

  [[nodiscard]] constexpr OverlapPolicy of(IpVersion version) const noexcept {
    return version == IpVersion::v6 ? ipv6 : ipv4;
  }
};

}  // namespace mirrorscan
