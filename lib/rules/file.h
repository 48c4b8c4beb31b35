#pragma once
// Whole files, with a bound.

#include <cstdint>
#include <string>

#include "base/result.h"

namespace mirrorscan::rules {

inline constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{256} << 20;

/// Errors: cannot be read, not a regular file or pipe, longer than kMaxFileBytes, no text (a capture, say).
[[nodiscard]] Result<std::string> read_file(const std::string& path);

}  // namespace mirrorscan::rules
