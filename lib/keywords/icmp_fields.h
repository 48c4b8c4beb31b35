#pragma once
// icmp_id, icmp_seq and icmpv6.mtu: what the second word of an ICMP header says, for the types that have it
// (RFC 792, RFC 950, RFC 4443).

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

Status parse_icmp_id(std::string_view args, Draft& draft);
Status parse_icmp_seq(std::string_view args, Draft& draft);
/// Of packet-too-big messages.
Status parse_icmpv6_mtu(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
