#pragma once
// Which flow each frame of a capture belongs to, and who its client is.

#include <cstdint>
#include <vector>

#include "base/direction.h"
#include "traffic/capture_frames.h"
#include "traffic/hosts.h"
#include "traffic/plan.h"

namespace mirrorscan::traffic {

inline constexpr std::uint32_t kFrameOfNoFlow = 0xffff'ffff;

struct CaptureFlow {
  Endpoints ends;            ///< the capture's own addresses; the client is who sent the first packet
  std::uint32_t number = 0;  ///< among the flows that move, or among those that do not
  bool moves = true;         ///< has other addresses in each copy
};

struct CaptureFlows {
  struct Place {
    std::uint32_t flow = kFrameOfNoFlow;
    std::uint32_t pair = 0;  ///< number of the two hosts that the frame is about
    Direction direction = Direction::to_server;
  };
  std::vector<CaptureFlow> flows;
  std::vector<Place> places;  ///< of each frame
  std::uint32_t moving = 0;   ///< flows that move
};

/// Follows flows by protocol, addresses and ports. All fragments of a protocol between two hosts are one
/// flow, since most have no ports; an ICMP error is of a flow of its own, but about the hosts of the packet
/// it quotes. Adds every address to `hosts`, quoted ones too.
[[nodiscard]] CaptureFlows follow_flows(const CaptureFrames& frames, Hosts& hosts);

}  // namespace mirrorscan::traffic
