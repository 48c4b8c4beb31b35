#pragma once
// hostbits: named bits of a host, the same ones as those of xbits.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// `command,name[,src|dst]`, or `noalert` alone; the source if no host is named.
Status parse_hostbits(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
