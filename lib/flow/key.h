#pragma once
// What makes a flow: the tenant and the inner 5-tuple, the same for both directions.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "base/address.h"
#include "packet/meta.h"

namespace mirrorscan::flow {

/// Whether the inner VLAN ids tell flows apart (profile reference) or not (a mirror may add or lose tags).
enum class VlanInKey : std::uint8_t { no, yes };

/// From which end of the canonical key a packet comes.
enum class Orientation : std::uint8_t { lower_first, higher_first };

/// The canonical key: the endpoint (address, then port) that is lower in network order stands first. Made by
/// key_of(). Every byte counts, so that keys may be compared and hashed as memory.
struct Key {
  IpAddress lower, higher;
  std::uint32_t tenant = 0;
  std::uint16_t lower_port = 0, higher_port = 0;  ///< 0 for ICMP, ICMPv6 and protocols without ports
  std::array<std::uint16_t, 2> vlan{};            ///< 0 unless VlanInKey::yes
  std::uint8_t protocol = 0;
  IpVersion version = IpVersion::none;
  std::uint16_t always_zero = 0;  ///< where the compiler would pad

  /// Word by word: the default calls memcmp three times, which a lookup can feel.
  friend bool operator==(const Key& a, const Key& b) noexcept {
    const Words x = words_of(a), y = words_of(b);
    std::uint64_t differences = 0;
    for (std::size_t i = 0; i < x.size(); ++i) differences |= x[i] ^ y[i];
    return differences == 0;
  }

  /// The key as memory, for comparing and hashing.
  using Words = std::array<std::uint64_t, 6>;
  [[nodiscard]] static Words words_of(const Key& key) noexcept {
    Words words;
    std::memcpy(words.data(), &key, sizeof(words));
    return words;
  }
};

static_assert(sizeof(Key) == sizeof(Key::Words) && std::is_trivially_copyable_v<Key>);
static_assert(std::has_unique_object_representations_v<Key>, "keys are compared and hashed as memory");

/// The flow that `meta` belongs to. ICMP and ICMPv6 have ports 0, so that the two directions of a ping are
/// one flow; a message that quotes a packet is keyed by what it quotes, since the worker that owns the quoted
/// flow looks after it. Cost: ~10 ns.
[[nodiscard]] Key key_of(const packet::Meta& meta, VlanInKey vlan_in_key) noexcept;

/// The end that sent `meta`; lower_first where both ends are equal.
[[nodiscard]] Orientation orientation_of(const packet::Meta& meta) noexcept;

/// An unpredictable number where hostile traffic might otherwise aim at one bucket. Results never depend on
/// it.
struct HashSeed {
  std::uint64_t value = 0x8ebc6af09c88c6e3ULL;
};

/// 64 well-mixed bits; the table takes the bucket from the high half and the signature from the low half.
/// Cost: 5 multiplications, no table, no special instructions.
[[nodiscard]] std::uint64_t hash(const Key& key, HashSeed seed = {}) noexcept;

}  // namespace mirrorscan::flow
