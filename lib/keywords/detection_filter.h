#pragma once
// detection_filter: a rule alerts once it has matched more often than `count` within some seconds.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// `track by_src|by_dst|by_both|by_rule|by_flow, count N, seconds N`, in any order.
Status parse_detection_filter(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
