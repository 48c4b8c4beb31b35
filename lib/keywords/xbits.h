#pragma once
// xbits: named bits of a host or of a pair of hosts.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// `command,name,track ip_src|ip_dst|ip_pair[,expire SECONDS]`, or `noalert` alone.
Status parse_xbits(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
