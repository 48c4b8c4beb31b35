#pragma once
// What is kept of a flow with an attack while its packets go by.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/direction.h"
#include "traffic/plan.h"

namespace mirrorscan::truth {

/// A packet as it goes out, after all faults.
struct SeenPacket {
  std::uint32_t offset = 0;  ///< of the payload in its direction
  std::uint16_t stated = 0;  ///< bytes of payload that its headers speak of
  std::uint16_t seen = 0;    ///< of these not cut off
  Direction direction = Direction::to_server;
  bool syn = false;
  bool second_mirror = false;  ///< came by the tenant's other source
};

/// nullopt: its headers were cut off.
[[nodiscard]] std::optional<SeenPacket> seen_packet(const traffic::PacketPlan& plan);

struct FlowRecord {
  traffic::Endpoints ends;
  std::uint32_t vni = 0;
  std::uint32_t attack = 0;
  std::uint32_t variant = 0;
  std::uint64_t last_ns = 0;        ///< time of the last packet
  bool paused = false;              ///< for longer than an inspector remembers any flow
  std::vector<SeenPacket> packets;  ///< in the order in which they went out
};

}  // namespace mirrorscan::truth
