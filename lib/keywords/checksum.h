#pragma once
// The Internet checksum over headers and payload of a packet (RFC 1071), and the keywords that ask for it.

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// `unknown`: the packet has no such checksum, or not all of what it covers was captured.
enum class Checksum : std::uint8_t { unknown, valid, invalid };

/// Of the IPv4 header. Unknown for a datagram made of fragments, whose header was made here.
[[nodiscard]] Checksum ipv4_checksum(const signature::PacketView& packet) noexcept;
/// Of TCP, UDP, ICMP or ICMPv6, whichever the packet has (RFC 9293 3.1, RFC 768, RFC 792, RFC 4443 2.3). UDP
/// over IPv4 may go without one; over IPv6 it may not (RFC 8200 8.1). Cost: the packet's length.
[[nodiscard]] Checksum transport_checksum(const signature::PacketView& packet) noexcept;

// Each takes `valid` or `invalid`.
Status parse_ipv4_csum(std::string_view args, Draft& draft);
Status parse_tcpv4_csum(std::string_view args, Draft& draft);
Status parse_tcpv6_csum(std::string_view args, Draft& draft);
Status parse_udpv4_csum(std::string_view args, Draft& draft);
Status parse_udpv6_csum(std::string_view args, Draft& draft);
Status parse_icmpv4_csum(std::string_view args, Draft& draft);
Status parse_icmpv6_csum(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
