#pragma once
// Everything an lcore remembers of a flow, composed in this one place so that the stages stay strangers.

#include <array>
#include <cstdint>
#include <type_traits>

#include "alert/flow_state.h"
#include "base/direction.h"
#include "packet/meta.h"
#include "reassembly/connection.h"
#include "record/record.h"

namespace mirrorscan::worker {

struct FlowState {
  std::uint64_t flow_id = 0;
  IpAddress client, server;
  std::uint16_t client_port = 0, server_port = 0;
  std::array<std::uint16_t, 2> vlan{};
  std::uint8_t vlans = 0;
  IpVersion version = IpVersion::none;
  std::uint8_t protocol = 0;
  std::uint8_t icmp_type = 0, icmp_code = 0;  ///< of the first packet
  std::uint8_t generation = 0;                ///< slot of the rules generation the flow began with
  std::array<packet::MirrorDirection, kDirections>
      mirror_directions{};  ///< of the first packet in each direction
  bool truncated = false;   ///< a packet was cut off by the mirror, or by the port
  bool midstream = false;
  bool tcp_established = false;  ///< is or was
  std::uint32_t tenant = 0;
  std::uint32_t ledger_slot = 0;  ///< books what the flow holds
  std::array<std::uint8_t, kDirections> tcp_flags{};
  std::array<std::uint64_t, kDirections> gap_bytes{};
  record::FlowCounts counts;
  std::array<packet::Tunnel, kDirections> tunnels{};  ///< of the first packet in each direction
  reassembly::Connection tcp{};
  alert::FlowState alert;

  std::array<bool, kDirections>
      own_packets{};  ///< seen in this direction, ICMP messages about the flow aside

  [[nodiscard]] bool seen(Direction d) const noexcept { return own_packets[index_of(d)]; }
};

static_assert(std::is_trivially_copyable_v<FlowState>);

}  // namespace mirrorscan::worker
