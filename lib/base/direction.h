#pragma once
// The two directions of a flow, as the flow's client and server define them.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mirrorscan {

enum class Direction : std::uint8_t { to_server = 0, to_client = 1 };

inline constexpr std::size_t kDirections = 2;

[[nodiscard]] constexpr Direction opposite(Direction d) noexcept {
  return d == Direction::to_server ? Direction::to_client : Direction::to_server;
}

[[nodiscard]] constexpr std::size_t index_of(Direction d) noexcept {
  return static_cast<std::size_t>(d);
}

/// The words EVE uses: "to_server", "to_client".
[[nodiscard]] constexpr std::string_view name_of(Direction d) noexcept {
  return d == Direction::to_server ? "to_server" : "to_client";
}

}  // namespace mirrorscan
