#pragma once
// One JSON file, comments allowed, to a checked Config; or one clear error.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/config.h"

namespace mirrorscan::config {

inline constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;

/// Errors: as read_text, or the file cannot be read or is larger than kMaxFileBytes.
[[nodiscard]] Result<Config> read_file(const std::string& path);

/// The text's "profile" chooses the defaults, its other fields override them. `name` stands for the text in
/// errors.
/// Errors: where is "NAME:LINE:COLUMN" for JSON that cannot be parsed and "NAME: PATH" for everything else:
/// unknown or duplicate key, wrong type, out of range, tenants that contradict each other.
[[nodiscard]] Result<Config> read_text(std::string_view name, std::string_view text);

}  // namespace mirrorscan::config
