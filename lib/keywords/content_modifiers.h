#pragma once
// The keywords that say more about the content before them.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

Status parse_nocase(std::string_view args, Draft& draft);
Status parse_offset(std::string_view args, Draft& draft);
Status parse_depth(std::string_view args, Draft& draft);
Status parse_distance(std::string_view args, Draft& draft);
Status parse_within(std::string_view args, Draft& draft);
Status parse_startswith(std::string_view args, Draft& draft);
Status parse_endswith(std::string_view args, Draft& draft);
/// Kept for rules written for other engines; the bytes we look at are always the raw ones.
Status parse_rawbytes(std::string_view args, Draft& draft);
/// `fast_pattern`, `fast_pattern:only` and `fast_pattern:offset,length`. The piece of the last form is
/// checked but the whole content is the trigger: it is the stricter condition.
Status parse_fast_pattern(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
