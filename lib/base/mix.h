#pragma once
// The folded 64x64 -> 128 bit multiplication: the one mixing step from which table and steering hashes are
// made.

#include <cstdint>
#include <cstring>

#include "base/address.h"

namespace mirrorscan {

/// Mixes `value` into `state`. Every output bit depends on every input bit; not a cryptographic hash, so
/// tables that hostile traffic fills also take a seed. Cost: one multiplication.
[[nodiscard]] inline std::uint64_t mix(std::uint64_t state, std::uint64_t value) noexcept {
  __extension__ using Wide = unsigned __int128;
  // Two odd 64-bit constants (the fractions of the golden ratio and of the square root of 2) keep the factors
  // away from zero for small inputs.
  const Wide product =
      static_cast<Wide>(state ^ 0x9e3779b97f4a7c15ULL) * static_cast<Wide>(value ^ 0x6a09e667f3bcc909ULL);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Mixes an address into `state`. Cost: two multiplications.
[[nodiscard]] inline std::uint64_t mix(std::uint64_t state, const IpAddress& address) noexcept {
  std::uint64_t halves[2];
  static_assert(sizeof(halves) == sizeof(address.bytes));
  std::memcpy(halves, address.bytes.data(), sizeof(halves));
  return mix(mix(state, halves[0]), halves[1]);
}

}  // namespace mirrorscan
