#pragma once
// Community ID flow hash, version 1, seed 0 (github.com/corelight/community-id-spec).

#include <cstdint>
#include <string>

#include "base/address.h"

namespace mirrorscan::exporter {

/// Either orientation of a flow gives the same id, except for ICMP types that have no counterpart.
struct FlowTuple {
  IpVersion version = IpVersion::none;
  IpAddress src, dst;
  std::uint8_t protocol = 0;
  std::uint16_t src_port = 0, dst_port = 0;   ///< TCP, UDP, SCTP
  std::uint8_t icmp_type = 0, icmp_code = 0;  ///< ICMP, ICMPv6
};

/// "1:" and 28 characters of Base64. Cost: one SHA-1 of at most 40 bytes.
[[nodiscard]] std::string community_id(const FlowTuple& tuple);

}  // namespace mirrorscan::exporter
