#pragma once
// ip_proto: the protocol above IP, by number or name. It narrows the rule's header, so that a rule with
// nothing else stays one that is decided once a flow and direction.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// n, !n, <n, >n; given several times all of them must hold.
Status parse_ip_proto(std::string_view args, Draft& draft);

/// ipv4 or ip4, ipv6 or ip6: narrows the versions of the rule's header.
Status parse_l3_proto(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
