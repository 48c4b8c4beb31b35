#pragma once
// What a misspelt key was probably meant to be.

#include <string>
#include <string_view>

namespace mirrorscan::config {

/// `path` is an unknown path in the table's notation. The path of the row that it most resembles: the same
/// name in another section, or few letters away; empty when nothing is near.
/// Cost: table rows x the product of the lengths; paths beyond 64 bytes are near nothing.
[[nodiscard]] std::string_view closest_path(std::string_view path);

}  // namespace mirrorscan::config
