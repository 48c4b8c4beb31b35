#pragma once
// `flowbits`: named bits of a flow, checked and changed by rules.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// `set|unset|toggle,name`; `isset|isnotset,name[|name ...]`, of which one must be set (not set); `noalert`.
Status parse_flowbits(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
