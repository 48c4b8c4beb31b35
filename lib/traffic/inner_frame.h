#pragma once
// The frame that a plan is about, without the mirror's encapsulation.

#include <cstddef>
#include <cstdint>
#include <span>

#include "traffic/plan.h"

namespace mirrorscan::traffic {

/// Writes Ethernet, IP, TCP (20 bytes) or UDP, payload and padding, or the captured frame, cut to snap_bytes:
/// lengths and checksums are those of the whole packet (AWS may leave the checksums of a packet that it cuts
/// uncomputed; no receiver can verify them). MAC addresses are made of
/// the IP addresses. The bytes of the frame; 0 when the plan is no packet (a version or protocol that is
/// neither, more than 65,535 bytes of IP) or `out` has no room for it, whole headers included.
[[nodiscard]] std::size_t write_inner_frame(const PacketPlan& plan, std::span<std::uint8_t> out) noexcept;

}  // namespace mirrorscan::traffic
