#pragma once
// Where an inner frame has its addresses, ports and payload. Bounds first: every offset lies in the frame.

#include <cstdint>

#include "base/address.h"
#include "base/bytes.h"

namespace mirrorscan::traffic {

/// A packet quoted by an ICMP error has the same parts.
struct FrameParts {
  IpVersion version = IpVersion::none;  ///< none: no IP packet, or one whose header is not there whole
  std::uint8_t protocol = 0;            ///< after IPv6 extension headers
  bool fragment = false;
  bool transport = false;  ///< the transport header begins at `l4`; not in fragments but the first
  std::uint32_t l3 = 0, l4 = 0;
  std::uint32_t end = 0;  ///< of the IP packet, as far as it is there; Ethernet padding lies behind
};

/// Of an Ethernet frame; up to 8 VLAN tags and 16 extension headers are followed.
[[nodiscard]] FrameParts parts_of(ByteView frame) noexcept;

/// Of the packet that an ICMP or ICMPv6 error quotes (RFC 792, RFC 4443); version none where it quotes none.
[[nodiscard]] FrameParts quoted_parts(ByteView frame, const FrameParts& parts) noexcept;

struct FrameAddresses {
  IpAddress src, dst;
  std::uint16_t src_port = 0,
                dst_port = 0;  ///< of TCP, UDP and SCTP, where they are there; 0 in any fragment
};
/// Only for parts that have a version.
[[nodiscard]] FrameAddresses addresses_of(ByteView frame, const FrameParts& parts) noexcept;

/// The TCP or UDP payload that is there; empty for others and for fragments but whole headers.
[[nodiscard]] ByteView payload_of(ByteView frame, const FrameParts& parts) noexcept;

}  // namespace mirrorscan::traffic
