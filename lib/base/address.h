#pragma once
// An IPv4 or IPv6 address as 16 bytes in network order; IPv4 fills the first four, the rest is zero.

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>

namespace mirrorscan {

enum class IpVersion : std::uint8_t { none = 0, v4 = 4, v6 = 6 };

struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;
  /// In two words: the default calls memcmp, which each packet would feel.
  friend constexpr bool operator==(const IpAddress& a, const IpAddress& b) noexcept {
    using Words = std::array<std::uint64_t, 2>;
    const auto x = std::bit_cast<Words>(a.bytes), y = std::bit_cast<Words>(b.bytes);
    return ((x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
  }

  /// From `length` bytes in network order (4 or 16).
  [[nodiscard]] static IpAddress from(const std::uint8_t* network_order, std::size_t length) noexcept {
    IpAddress a;
    std::memcpy(a.bytes.data(), network_order, length);
    return a;
  }
  [[nodiscard]] static constexpr IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c,
                                              std::uint8_t d) noexcept {
    return {{a, b, c, d}};
  }
};

}  // namespace mirrorscan
