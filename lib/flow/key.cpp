#include "flow/key.h"

#include <bit>
#include <cstring>

#include "base/mix.h"

namespace mirrorscan::flow {

namespace {

struct Ports {
  std::uint16_t src, dst;
};

Ports ports_of(const packet::Meta& meta) noexcept {
  const bool icmp = meta.transport == packet::Transport::icmp || meta.transport == packet::Transport::icmpv6;
  if (icmp) return {0, 0};
  return {meta.src_port, meta.dst_port};
}

/// Eight bytes in network order as a number.
std::uint64_t number(const std::uint8_t* bytes) noexcept {
  std::uint64_t value;
  std::memcpy(&value, bytes, sizeof(value));
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  return value;
}

Orientation order(const packet::Meta& meta, Ports ports) noexcept {
  const std::uint8_t* src = meta.src.bytes.data();
  const std::uint8_t* dst = meta.dst.bytes.data();
  const auto pick = [](bool higher) { return higher ? Orientation::higher_first : Orientation::lower_first; };
  if (number(src) != number(dst)) return pick(number(src) > number(dst));
  if (number(src + 8) != number(dst + 8)) return pick(number(src + 8) > number(dst + 8));
  return pick(ports.src > ports.dst);
}

}  // namespace

Key key_of(const packet::Meta& meta, VlanInKey vlan_in_key) noexcept {
  const Ports ports = ports_of(meta);
  const bool straight = order(meta, ports) == Orientation::lower_first;
  Key key;
  key.lower = straight ? meta.src : meta.dst;
  key.higher = straight ? meta.dst : meta.src;
  key.lower_port = straight ? ports.src : ports.dst;
  key.higher_port = straight ? ports.dst : ports.src;
  key.tenant = meta.tenant;
  key.protocol = meta.protocol;
  key.version = meta.version;
  if (vlan_in_key == VlanInKey::yes) key.vlan = meta.vlan;
  return key;
}

Orientation orientation_of(const packet::Meta& meta) noexcept {
  return order(meta, ports_of(meta));
}

std::uint64_t hash(const Key& key, HashSeed seed) noexcept {
  const Key::Words words = Key::words_of(key);
  // Three independent products, each factor under the seed: a sender that does not know it cannot make one
  // zero.
  const std::uint64_t other = std::rotl(seed.value, 23);
  const std::uint64_t low = mix(words[0] ^ seed.value, words[1] ^ other);
  const std::uint64_t high = mix(words[2] ^ other, words[3] ^ seed.value);
  const std::uint64_t rest = mix(words[4] ^ seed.value, words[5] ^ std::rotl(seed.value, 41));
  return mix(mix(low, std::rotl(high, 17)), rest);
}

}  // namespace mirrorscan::flow
