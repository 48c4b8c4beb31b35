#pragma once
// The two ledgers of one VNI on one lcore, and the check that they balance. Single writer: the lcore's
// worker.
//
//   packets:  received + handed in + steered in = terminal buckets + handed out + steered out + held
//   payload:  each received payload byte has one first final disposition, or is held
//
// Packet bytes are DPDK pkt_len as received; payload bytes are inner L4 payload (for IP fragments: IP
// payload).

#include <array>
#include <cstdint>

#include "ledger/packet_end.h"
#include "ledger/payload_end.h"

namespace mirrorscan::ledger {

struct Amount {
  std::uint64_t packets = 0, bytes = 0;
  constexpr Amount& operator+=(const Amount& o) noexcept {
    packets += o.packets;
    bytes += o.bytes;
    return *this;
  }
  friend constexpr bool operator==(const Amount&, const Amount&) = default;
};

struct Ledger {
  // Packets.
  Amount received;
  Amount handed_in;  ///< whole datagrams from defrag
  Amount handed_out;
  Amount steered_in;   ///< from other lcores' workers
  Amount steered_out;  ///< to the worker that owns the flow, or the datagram whose fragment it is
  Amount held_defrag;  ///< fragments waiting; goes down again when they end
  std::array<Amount, kPacketEnds> ends{};

  // Payload bytes.
  std::uint64_t payload_received = 0;
  std::uint64_t payload_handed_in = 0, payload_handed_out = 0;
  std::uint64_t payload_steered_in = 0, payload_steered_out = 0;
  std::uint64_t payload_held_defrag = 0;
  std::uint64_t payload_held_reassembly = 0;
  std::array<std::uint64_t, kPayloadEnds> payload{};

  // What never came: a ledger of its own.
  std::uint64_t missing_truncated = 0;  ///< cut off by the mirror: beyond the inner packet, inside the outer
  std::uint64_t missing_cut = 0;        ///< cut off by the port or the capture: beyond the frame
  std::uint64_t missing_gap = 0;        ///< stream bytes that never arrived

  // What was seen on the way; no end, just counted.
  std::uint64_t vxlan_reserved_bits = 0;
  std::uint64_t geneve_unknown_options = 0;
  std::uint64_t geneve_packets = 0;  ///< VXLAN that came inside GENEVE
  std::uint64_t outer_vlan_packets = 0;
  std::uint64_t truncated_packets = 0;  ///< inner length beyond what came, whoever cut it off
  std::uint64_t cut_packets = 0;        ///< outer length beyond the frame; also refused packets
  std::uint64_t ipv4_packets = 0, ipv6_packets = 0;
  std::uint64_t tcp_packets = 0, udp_packets = 0, icmp_packets = 0, icmpv6_packets = 0, sctp_packets = 0;
  std::uint64_t other_packets = 0, fragments = 0;
  std::uint64_t alerts = 0;

  void end(PacketEnd where, std::uint64_t packet_bytes) noexcept {
    ends[static_cast<std::size_t>(where)] += {1, packet_bytes};
  }
  void dispose(PayloadEnd where, std::uint64_t payload_bytes) noexcept {
    payload[static_cast<std::size_t>(where)] += payload_bytes;
  }

  Ledger& operator+=(const Ledger& other) noexcept;

  /// received + handed and steered in - ends - handed out - held: {0, 0} when the packets balance.
  [[nodiscard]] Amount packet_imbalance() const noexcept;
  /// 0 when the payload balances.
  [[nodiscard]] std::uint64_t payload_imbalance() const noexcept;
  [[nodiscard]] bool balances() const noexcept {
    return packet_imbalance() == Amount{} && payload_imbalance() == 0;
  }
  /// scanned / (received payload + missing) in percent; 100 when there was no payload at all.
  [[nodiscard]] double coverage_pct() const noexcept;
};

}  // namespace mirrorscan::ledger
