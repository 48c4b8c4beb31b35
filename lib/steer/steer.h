#pragma once
// Which worker owns a packet's flow, and which owns the state of a host.

#include <cstdint>

#include "base/address.h"
#include "packet/meta.h"

namespace mirrorscan::steer {

/// The worker (0 .. workers - 1) that owns this packet's flow: a hash of (tenant, inner addresses, ports,
/// protocol) that is the same for both directions. Fragments, and packets whose transport header could not be
/// read, go by (tenant, addresses) alone, so that all fragments of a datagram meet; the whole datagram has
/// ports and no longer counts as a fragment, so steer it once more. `workers` is at least 1. Cost: about
/// eight multiplications.
[[nodiscard]] std::uint32_t owner(const packet::Meta& meta, std::uint32_t workers) noexcept;

/// The worker that owns what is remembered about one host of a tenant (thresholds by source, xbits,
/// hostbits).
[[nodiscard]] std::uint32_t host_owner(std::uint32_t tenant, const IpAddress& address,
                                       std::uint32_t workers) noexcept;

}  // namespace mirrorscan::steer
