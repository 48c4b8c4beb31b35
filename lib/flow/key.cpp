#include "flow/key.h"

#include <bit>
#include <cstring>

#include "base/mix.h"

namespace mirrorscan::flow {

namespace {

struct Ends {
  const IpAddress& src;
  const IpAddress& dst;
  std::uint16_t src_port, dst_port;
};

Ends ends_of(const packet::Meta& meta) noexcept {
  const packet::Quoted& q = meta.quoted;
  if (meta.quotes) return {q.src, q.dst, q.src_port, q.dst_port};
  const bool icmp = meta.transport == packet::Transport::icmp || meta.transport == packet::Transport::icmpv6;
  if (icmp) return {meta.src, meta.dst, 0, 0};
  return {meta.src, meta.dst, meta.src_port, meta.dst_port};
}

/// Eight bytes in network order as a number.
std::uint64_t number(const std::uint8_t* bytes) noexcept {
  std::uint64_t value;
  std::memcpy(&value, bytes, sizeof(value));
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  return value;
}

Orientation order(const Ends& ends) noexcept {
  const std::uint8_t* src = ends.src.bytes.data();
  const std::uint8_t* dst = ends.dst.bytes.data();
  const auto pick = [](bool higher) { return higher ? Orientation::higher_first : Orientation::lower_first; };
  if (number(src) != number(dst)) return pick(number(src) > number(dst));
  if (number(src + 8) != number(dst + 8)) return pick(number(src + 8) > number(dst + 8));
  return pick(ends.src_port > ends.dst_port);
}

}  // namespace

Key key_of(const packet::Meta& meta, VlanInKey vlan_in_key) noexcept {
  const Ends ends = ends_of(meta);
  const bool straight = order(ends) == Orientation::lower_first;
  Key key;
  key.lower = straight ? ends.src : ends.dst;
  key.higher = straight ? ends.dst : ends.src;
  key.lower_port = straight ? ends.src_port : ends.dst_port;
  key.higher_port = straight ? ends.dst_port : ends.src_port;
  key.tenant = meta.tenant;
  key.protocol = meta.protocol;
  key.version = meta.version;
  if (vlan_in_key == VlanInKey::yes) key.vlan = meta.vlan;
  return key;
}

Orientation orientation_of(const packet::Meta& meta) noexcept {
  return order(ends_of(meta));
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
