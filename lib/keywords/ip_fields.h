#pragma once
// ttl, tos, id and sameip: fields of the IP header (RFC 791, RFC 8200).

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// TTL or hop limit.
Status parse_ttl(std::string_view args, Draft& draft);
/// The byte that was TOS; of IPv4 only, as the reference has it.
Status parse_tos(std::string_view args, Draft& draft);
/// IPv4 identification.
Status parse_id(std::string_view args, Draft& draft);
/// Source and destination address are the same.
Status parse_sameip(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
