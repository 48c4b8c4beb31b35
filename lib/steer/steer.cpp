#include "steer/steer.h"

#include "base/mix.h"

namespace mirrorscan::steer {
namespace {

/// Spreads over 0 .. workers - 1 by the upper bits (Lemire's multiply-shift; no division).
std::uint32_t pick(std::uint64_t hash, std::uint32_t workers) noexcept {
  return static_cast<std::uint32_t>((hash >> 32) * workers >> 32);
}

}  // namespace

std::uint32_t owner(const packet::Meta& meta, std::uint32_t workers) noexcept {
  const bool by_addresses = meta.fragment || meta.transport == packet::Transport::none;
  const std::uint32_t src_port = by_addresses ? 0 : meta.src_port;
  const std::uint32_t dst_port = by_addresses ? 0 : meta.dst_port;
  const std::uint8_t protocol = by_addresses ? 0 : meta.protocol;
  // Both ends are mixed alike and then added: the same for both directions. The sum is mixed once more, since
  // adding alone would let the tenant and the protocol cancel out.
  const std::uint64_t seed = mix(meta.tenant, protocol);
  const std::uint64_t ends = mix(mix(seed, meta.src), src_port) + mix(mix(seed, meta.dst), dst_port);
  return pick(mix(seed, ends), workers);
}

std::uint32_t host_owner(std::uint32_t tenant, const IpAddress& address, std::uint32_t workers) noexcept {
  return pick(mix(mix(tenant, address), std::uint64_t{0}), workers);
}

}  // namespace mirrorscan::steer
