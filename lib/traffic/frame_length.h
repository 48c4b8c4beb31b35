#pragma once
// How long the inner frame of a plan is.

#include <cstddef>

#include "traffic/plan.h"
#include "wire/ethernet.h"
#include "wire/ip_protocol.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"
#include "wire/tcp.h"
#include "wire/udp.h"

namespace mirrorscan::traffic {

/// Before it is cut to snap_bytes, padding included.
[[nodiscard]] inline std::size_t frame_length(const PacketPlan& plan) noexcept {
  if (!plan.captured.empty()) return plan.captured.size();
  const std::size_t ip =
      plan.ends.version == IpVersion::v4 ? sizeof(wire::Ipv4Header) : sizeof(wire::Ipv6Header);
  const std::size_t transport =
      plan.ends.protocol == wire::ip_protocol::kTcp ? sizeof(wire::TcpHeader) : sizeof(wire::UdpHeader);
  return sizeof(wire::EthernetHeader) + ip + transport + plan.payload.size() + plan.pad_bytes;
}

}  // namespace mirrorscan::traffic
