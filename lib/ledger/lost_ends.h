#pragma once
// Which ends of packets are losses for want of room here: the packet was not refused for what it was.

#include <array>

#include "ledger/packet_end.h"

namespace mirrorscan::ledger {

inline constexpr std::array kLostEnds{PacketEnd::inbox_full, PacketEnd::flow_over_share,
                                      PacketEnd::datagram_no_mbuf, PacketEnd::flow_budget,
                                      PacketEnd::fragment_evicted};

}  // namespace mirrorscan::ledger
