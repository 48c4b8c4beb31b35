#pragma once
// `tag`: log packets that follow the alert. Read and checked, without effect: mirrorscan writes no packets,
// and the reference's alerts are the same with it and without.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// `session|host[,count,packets|seconds|bytes[,src|dst]]`
Status parse_tag(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
