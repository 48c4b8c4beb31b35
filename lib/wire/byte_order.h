#pragma once
// Numbers as they stand on the wire: big-endian bytes without alignment. Conversion is explicit both ways.

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace mirrorscan::wire {

/// `N` bytes in network order, read and written as the host's T. Cost: a load and a byte swap.
template <std::unsigned_integral T, std::size_t N = sizeof(T)>
class BigEndian {
  static_assert(N <= sizeof(T));

 public:
  constexpr BigEndian() noexcept = default;
  /// Bits of `host` above N bytes are dropped.
  [[nodiscard]] static constexpr BigEndian from_host(T host) noexcept {
    BigEndian out;
    for (std::size_t i = 0; i < N; ++i) out.bytes_[i] = static_cast<std::uint8_t>(host >> (8 * (N - 1 - i)));
    return out;
  }
  [[nodiscard]] constexpr T host() const noexcept {
    // g++ 12 makes one load and swap of this, but not of a loop over 4 or 8 bytes.
    if constexpr (N == 8 && std::endian::native == std::endian::little)
      return __builtin_bswap64(std::bit_cast<T>(bytes_));
    else if constexpr (N == 4 && std::endian::native == std::endian::little)
      return __builtin_bswap32(std::bit_cast<T>(bytes_));
    T out = 0;
    for (const std::uint8_t byte : bytes_) out = static_cast<T>(static_cast<std::uint64_t>(out) << 8 | byte);
    return out;
  }
  friend constexpr bool operator==(BigEndian, BigEndian) noexcept = default;

 private:
  std::array<std::uint8_t, N> bytes_{};
};

using Be16 = BigEndian<std::uint16_t>;
using Be24 = BigEndian<std::uint32_t, 3>;
using Be32 = BigEndian<std::uint32_t>;
using Be64 = BigEndian<std::uint64_t>;

/// What every header struct of this room promises: bytes only, so that it may lie at any address of a packet.
template <class Header>
inline constexpr bool kIsWireLayout =
    std::is_trivially_copyable_v<Header>&& std::is_standard_layout_v<Header> && alignof(Header) == 1;

static_assert(sizeof(Be16) == 2 && sizeof(Be24) == 3 && sizeof(Be32) == 4 && sizeof(Be64) == 8);
static_assert(kIsWireLayout<Be16> && kIsWireLayout<Be24> && kIsWireLayout<Be32> && kIsWireLayout<Be64>);
static_assert(Be32::from_host(0x01020304).host() == 0x01020304);

}  // namespace mirrorscan::wire
