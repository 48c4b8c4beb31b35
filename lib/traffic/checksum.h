#pragma once
// The Internet checksum. Source: RFC 1071.
//
// Words are added as they lie in memory: the sum does not depend on the order of bytes (RFC 1071 section 2),
// and so none is swapped.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/address.h"
#include "base/bytes.h"
#include "wire/byte_order.h"

namespace mirrorscan::traffic {

/// A sum of 16-bit words, not folded yet; of as many as a packet can have. Sums of pieces of even length may
/// be added. Cost: some 0.1 cycles a byte of a long piece.
[[nodiscard]] inline std::uint64_t sum_of(ByteView bytes) noexcept {
  std::uint64_t sum = 0;
  std::size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    std::uint32_t word;
    std::memcpy(&word, bytes.data() + at, sizeof(word));
    sum += word;
  }
  std::uint32_t rest = 0;
  for (std::size_t i = 0; at + i < bytes.size(); ++i)
    reinterpret_cast<std::uint8_t*>(&rest)[i] = bytes[at + i];
  return sum + rest;
}

/// Of an address of either version: what IPv4 does not fill is zero.
[[nodiscard]] inline std::uint64_t sum_of(const IpAddress& address) noexcept {
  const auto words = std::bit_cast<std::array<std::uint32_t, 4>>(address.bytes);
  return std::uint64_t{words[0]} + words[1] + words[2] + words[3];
}

[[nodiscard]] constexpr std::uint64_t sum_of(wire::Be16 number) noexcept {
  return std::bit_cast<std::uint16_t>(number);
}
[[nodiscard]] constexpr std::uint64_t sum_of(wire::Be32 number) noexcept {
  return std::bit_cast<std::uint32_t>(number);
}
[[nodiscard]] constexpr std::uint64_t sum_of(std::uint8_t high, std::uint8_t low) noexcept {
  return std::bit_cast<std::uint16_t>(std::array{high, low});
}

/// The checksum field for a sum.
[[nodiscard]] constexpr wire::Be16 checksum_of(std::uint64_t sum) noexcept {
  sum = (sum & 0xffff'ffff) + (sum >> 32);
  sum = (sum & 0xffff'ffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  return std::bit_cast<wire::Be16>(static_cast<std::uint16_t>(~sum));
}

}  // namespace mirrorscan::traffic
