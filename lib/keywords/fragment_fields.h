#pragma once
// fragbits and fragoffset: the fragmentation fields (RFC 791 section 3.1, RFC 8200 section 4.5). Fragments
// are matched before they are put together, and the datagram that they make once more.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// M, D and R of IPv4: exactly these; + these and others; * one of them; ! not all of them.
Status parse_fragbits(std::string_view args, Draft& draft);
/// IPv4: in units of 8 bytes, as the header has it. IPv6: in bytes, of packets with a fragment header.
Status parse_fragoffset(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
