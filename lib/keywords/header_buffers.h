#pragma once
// tcp.hdr, ipv4.hdr and so on: the tests that follow look at a header of the packet.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

Status parse_ipv4_hdr(std::string_view args, Draft& draft);
Status parse_ipv6_hdr(std::string_view args, Draft& draft);
Status parse_tcp_hdr(std::string_view args, Draft& draft);
Status parse_udp_hdr(std::string_view args, Draft& draft);
Status parse_icmpv4_hdr(std::string_view args, Draft& draft);
Status parse_icmpv6_hdr(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
