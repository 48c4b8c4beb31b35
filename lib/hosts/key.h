#pragma once
// Whose state: a tenant's host, pair of hosts, flow or rule, and what it is about.

#include <cstdint>
#include <utility>

#include "base/address.h"
#include "base/mix.h"

namespace mirrorscan::hosts {

enum class StateKind : std::uint8_t { window, bit, told };

/// 56 bytes without padding, so that all of it can be compared and hashed. The tenant is part of it: two VPCs
/// may use the same addresses.
struct Key {
  IpAddress a, b;           ///< b: the other host of a pair; zero where there is none
  std::uint64_t about = 0;  ///< rule, bit or flow
  std::uint64_t more = 0;   ///< what else tells it apart
  std::uint32_t tenant = 0;
  StateKind kind = StateKind::window;
  IpVersion version = IpVersion::none;
  std::uint16_t zero = 0;
  friend bool operator==(const Key&, const Key&) = default;
};
static_assert(sizeof(Key) == 56);

[[nodiscard]] inline std::uint64_t hash(const Key& key, std::uint64_t seed) noexcept {
  std::uint64_t h = mix(mix(seed, key.a), key.b);
  h = mix(mix(h, key.about), key.more);
  return mix(h, (std::uint64_t{key.tenant} << 16) | (static_cast<std::uint64_t>(key.kind) << 8) |
                    static_cast<std::uint64_t>(key.version));
}

/// Both orders of a pair are one.
inline void set_pair(Key& key, const IpAddress& x, const IpAddress& y) noexcept {
  key.a = x;
  key.b = y;
  if (key.b < key.a) std::swap(key.a, key.b);
}

}  // namespace mirrorscan::hosts
