#pragma once
// flow: direction, connection state, and where the payload was taken from.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

Status parse_flow(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
