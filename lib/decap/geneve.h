#pragma once
// The GENEVE header and AWS Gateway Load Balancer's options in it.

#include <cstdint>

#include "ledger/packet_end.h"
#include "packet/access.h"
#include "packet/meta.h"

namespace mirrorscan::decap {

struct Geneve {
  IpVersion inner = IpVersion::none;
  std::uint32_t end = 0;  ///< offset of what follows the options
  std::uint8_t unknown_options = 0;
};

/// Reads the header at `offset`, which with its options must lie before `end` (<= pkt_len). AWS's options go
/// to `tunnel`; others, or with another size, are counted. The O and C bits are ignored: what they ask of an
/// endpoint is no reason for an observer to look away.
[[nodiscard]] ledger::PacketEnd read_geneve(const rte_mbuf& m, std::uint32_t offset, std::uint32_t end,
                                            packet::Tunnel& tunnel, Geneve& out) noexcept;

}  // namespace mirrorscan::decap
