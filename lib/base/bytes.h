#pragma once
// Views on bytes. A length is checked once, when the view is made.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mirrorscan {

using ByteView = std::span<const std::uint8_t>;

[[nodiscard]] inline ByteView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] inline std::string_view as_text(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace mirrorscan
