#pragma once
// The transport header of an inner packet.

#include "ledger/packet_end.h"
#include "packet/access.h"
#include "packet/layers.h"
#include "packet/meta.h"

namespace mirrorscan::decode {

/// Reads the header that `ip.protocol` announces; fills transport, ports, payload and protocol fields of
/// `meta`, whose transport fields must have their defaults. A header cut by truncation leaves
/// Transport::none.
[[nodiscard]] ledger::PacketEnd read_transport(const rte_mbuf& m, const packet::IpLayer& ip,
                                               packet::Meta& meta) noexcept;

}  // namespace mirrorscan::decode
