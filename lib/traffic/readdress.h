#pragma once
// Gives an inner frame the addresses of another copy, checksums included.

#include <cstddef>
#include <cstdint>
#include <span>

#include "traffic/hosts.h"
#include "traffic/plan.h"

namespace mirrorscan::traffic {

/// Rewrites the IP addresses of the frame, and of the packet that an ICMP error quotes, to those of `copy`.
/// IPv4, TCP, UDP and ICMPv6 checksums are updated incrementally (RFC 1624): what was right stays right and
/// what was wrong stays wrong, however little of the packet was captured. Left as they are: frames that are
/// no IP, payloads that speak of addresses, tunnels inside, IPv6 routing headers.
void readdress(std::span<std::uint8_t> frame, const Hosts& hosts, std::uint32_t copy) noexcept;

/// Writes the whole inner frame of a plan that has `captured`, with the addresses of its copy. The bytes
/// written; 0 when `out` is too small.
[[nodiscard]] std::size_t write_captured(const PacketPlan& plan, std::span<std::uint8_t> out) noexcept;

}  // namespace mirrorscan::traffic
