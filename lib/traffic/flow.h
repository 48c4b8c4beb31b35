#pragma once
// A flow that is being said: what has to be remembered between two of its packets.

#include <array>
#include <cstdint>

#include "base/direction.h"
#include "traffic/plan.h"
#include "traffic/profile.h"

namespace mirrorscan::traffic {

/// Where a flow is. TCP goes through all of them (RFC 9293 section 3.5), UDP through `talking` alone.
enum class Phase : std::uint8_t {
  over = 0,  ///< the next packet of the slot is another flow's first
  syn,
  syn_ack,
  handshake_ack,
  talking,
  client_fin,
  server_fin,
  last_ack,
};

/// What can be computed from the serial is not kept: ten million of these are held.
struct Flow {
  static constexpr std::uint32_t kGapNs = 1'024;
  static constexpr std::uint32_t kNone = 0xffff'ffff;

  std::uint64_t next_ns = 0;  ///< when the next packet is due
  std::uint64_t serial = 0;
  std::array<std::uint32_t, kDirections> sent{};  ///< bytes of payload
  std::uint32_t message = 0;                      ///< number of the message that is being said
  std::uint32_t at = 0, end = 0;                  ///< how far it is said; SegmentLaw counts what
  std::uint32_t gap = 0;                          ///< between two packets, in kGapNs
  std::uint32_t next = kNone;                     ///< FlowCalendar's list
  std::uint32_t attack = kNoAttack;
  std::uint32_t left = 0;     ///< messages until it ends, or data packets where Flows::data_packets says them
  std::uint32_t packets = 0;  ///< said
  Kind kind = Kind::http;
  Phase phase = Phase::over;
  std::uint8_t unacked = 0;  ///< segments of the speaker since the other side's last packet
  Direction speaker = Direction::to_server;
};
static_assert(sizeof(Flow) == 64);

}  // namespace mirrorscan::traffic
