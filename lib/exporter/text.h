#pragma once
// Plain values in the words of EVE.

#include <cstdint>
#include <string>

#include "base/address.h"
#include "base/timestamp.h"

namespace mirrorscan::exporter {

/// "10.0.0.1", "2001:db8::1" (RFC 5952).
[[nodiscard]] std::string address_text(IpVersion version, const IpAddress& address);

/// "2019-06-27T14:02:11.218216+0000". Times outside the years 1970 to 9999 are set to the nearer end.
[[nodiscard]] std::string time_text(Timestamp time);

/// "TCP", "IPv6-ICMP": the keyword of IANA's list, or the number where this list has none.
[[nodiscard]] std::string protocol_text(std::uint8_t protocol);

}  // namespace mirrorscan::exporter
