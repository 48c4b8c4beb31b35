#pragma once
// Which worker owns a packet's flow, and which owns the state of a host.

#include <cstdint>

#include "base/address.h"
#include "packet/meta.h"

namespace mirrorscan::steer {

/// What decides who owns this packet's flow: a hash of (inner addresses, ports, protocol) that is the same
/// for both directions and for all packets with one flow key. Fragments go by the addresses alone, so that
/// all fragments of a datagram meet; the whole datagram no longer counts as a fragment, so steer it once
/// more. An ICMP message goes to the owner of the flow that it quotes. The tenant is left out, so that a
/// worker sees when two tenants use the same addresses. `seed` is the same for all workers and unpredictable
/// where traffic is hostile. Cost: about eight multiplications.
[[nodiscard]] std::uint64_t flow_hash(const packet::Meta& meta, std::uint64_t seed) noexcept;

/// The owner (0 .. workers - 1) by flow_hash(); `workers` is at least 1. Cost: one multiplication.
[[nodiscard]] inline std::uint32_t owner(std::uint64_t flow_hash, std::uint32_t workers) noexcept {
  // Lemire's multiply-shift over the upper bits; no division.
  return static_cast<std::uint32_t>((flow_hash >> 32) * workers >> 32);
}
[[nodiscard]] inline std::uint32_t owner(const packet::Meta& meta, std::uint32_t workers,
                                         std::uint64_t seed = 0) noexcept {
  return owner(flow_hash(meta, seed), workers);
}

/// The worker that owns what is remembered about one host of a tenant (thresholds by source, xbits,
/// hostbits).
[[nodiscard]] std::uint32_t host_owner(std::uint32_t tenant, const IpAddress& address,
                                       std::uint32_t workers) noexcept;

}  // namespace mirrorscan::steer
