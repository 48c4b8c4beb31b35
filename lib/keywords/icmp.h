#pragma once
// itype and icode: type and code of ICMP (RFC 792) and ICMPv6 (RFC 4443) packets.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

Status parse_itype(std::string_view args, Draft& draft);
Status parse_icode(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
