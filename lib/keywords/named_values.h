#pragma once
// Lists such as `type limit, track by_src, count 1, seconds 60`: a name and a value each, in any order.

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mirrorscan::keywords {

/// The value of each of `names`, in their order; empty where it is not given. An error where the text has
/// another name, one twice, or one without a value. A comma may end the list.
[[nodiscard]] Result<std::vector<std::string_view>> named_values(std::string_view text,
                                                                 std::string_view keyword,
                                                                 std::span<const std::string_view> names);

}  // namespace mirrorscan::keywords
