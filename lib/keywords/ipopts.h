#pragma once
// ipopts: whether the IPv4 header has an option (RFC 791 section 3.1, RFC 1108).

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

Status parse_ipopts(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
