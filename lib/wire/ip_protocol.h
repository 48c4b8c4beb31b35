#pragma once
// IP protocol numbers, which are IPv6's next header values too. Source: IANA "Assigned Internet Protocol
// Numbers".

#include <cstdint>

namespace mirrorscan::wire::ip_protocol {

inline constexpr std::uint8_t kIcmp = 1, kTcp = 6, kUdp = 17, kIcmpv6 = 58, kSctp = 132;
inline constexpr std::uint8_t kGre = 47, kEsp = 50;
// IPv6 extension headers, RFC 8200 section 4 (and AH, RFC 4302).
inline constexpr std::uint8_t kHopByHop = 0, kRouting = 43, kFragment = 44, kAuthentication = 51;
inline constexpr std::uint8_t kNoNextHeader = 59, kDestinationOptions = 60;

}  // namespace mirrorscan::wire::ip_protocol
