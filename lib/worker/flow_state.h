#pragma once
// Everything an lcore remembers of a flow, composed in this one place so that the stages stay strangers.

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "alert/flow_state.h"
#include "base/cache_line.h"
#include "base/direction.h"
#include "packet/meta.h"
#include "reassembly/connection.h"
#include "record/record.h"

namespace mirrorscan::worker {

/// In the order of use: two cache lines that every packet needs, those of TCP, then what few packets need.
struct alignas(kCacheLine) FlowState {
  IpAddress client, server;
  std::uint16_t client_port = 0, server_port = 0;
  std::array<std::uint16_t, 2> vlan{};
  std::uint32_t tenant = 0;
  std::uint32_t ledger_slot = 0;  ///< books what the flow holds
  std::uint8_t vlans = 0;
  IpVersion version = IpVersion::none;
  std::uint8_t protocol = 0;
  std::uint8_t icmp_type = 0, icmp_code = 0;  ///< of the first packet
  std::uint8_t generation = 0;                ///< slot of the rules generation the flow began with
  bool truncated = false;                     ///< a packet was cut off by the mirror, or by the port
  bool midstream = false;
  bool tcp_established = false;  ///< is or was
  bool overlap_told = false;
  std::array<std::uint8_t, kDirections> tcp_flags{};
  std::array<bool, kDirections>
      own_packets{};  ///< seen in this direction, ICMP messages about the flow aside

  record::FlowCounts counts;
  std::uint64_t flow_id = 0;
  alert::FlowState alert;  ///< begins with what a packet without payload to scan needs
  alignas(kCacheLine) reassembly::Connection tcp{};

  std::array<std::uint64_t, kDirections> gap_bytes{};
  std::array<packet::Tunnel, kDirections> tunnels{};  ///< of the first packet in each direction
  std::array<packet::MirrorDirection, kDirections>
      mirror_directions{};  ///< of the first packet in each direction

  [[nodiscard]] bool seen(Direction d) const noexcept { return own_packets[index_of(d)]; }

  /// Asks for the cache lines that a packet without payload to scan needs.
  void prefetch(packet::Transport transport) const noexcept {
    const auto* line = reinterpret_cast<const std::uint8_t*>(this);
    __builtin_prefetch(line, 1);
    __builtin_prefetch(line + kCacheLine, 1);
    if (transport != packet::Transport::tcp) return;
    const auto* connection = reinterpret_cast<const std::uint8_t*>(&tcp);
    for (std::size_t at = 0; at < sizeof(tcp); at += kCacheLine) __builtin_prefetch(connection + at, 1);
  }
};

static_assert(std::is_trivially_copyable_v<FlowState>);
static_assert(offsetof(FlowState, counts) == kCacheLine, "the first cache line ends before the counts");
static_assert(offsetof(FlowState, alert) + offsetof(alert::FlowState, streams) == 2 * kCacheLine,
              "the second cache line ends before the streams");

}  // namespace mirrorscan::worker
