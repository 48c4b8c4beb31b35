#pragma once
// Reads the headers of an inner frame once, into Meta, so that no later room parses the packet again.

#include <cstdint>

#include "ledger/packet_end.h"
#include "packet/access.h"
#include "packet/meta.h"

namespace mirrorscan::decode {

/// Decodes from the inner Ethernet header at offset 0. PacketEnd::none when the packet goes on. Overwrites
/// every field of Meta that describes the inner packet (from `src` to `tcp`); needs `tunnel` for the mirror
/// direction. On a refusal the fields read so far are set and the rest has its default.
///
/// A packet whose transport header is cut by truncation goes on with Transport::none and payload_captured 0;
/// a fragment goes on with Transport::none and the whole IP payload as its payload.
[[nodiscard]] ledger::PacketEnd decode(const rte_mbuf& m, packet::Meta& meta) noexcept;

/// Decodes from an IP header at `l3_offset` (a datagram made whole by defrag). As decode(), but keeps `vlan`,
/// `vlans` and `reassembled`.
[[nodiscard]] ledger::PacketEnd decode_ip(const rte_mbuf& m, std::uint16_t l3_offset,
                                          packet::Meta& meta) noexcept;

}  // namespace mirrorscan::decode
