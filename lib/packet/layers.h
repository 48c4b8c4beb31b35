#pragma once
// Reading link and IP headers out of an mbuf chain: the same for the outer frame, the packet inside GENEVE
// and the inner frame. What a fault means for the packet is decided by the room that reads.

#include <array>
#include <cstdint>

#include "base/address.h"
#include "packet/access.h"

namespace mirrorscan::packet {

enum class LayerFault : std::uint8_t {
  none = 0,
  truncated,      ///< the bytes end within the header
  vlan_depth,     ///< a third VLAN tag
  bad_header,     ///< version or lengths contradict each other
  bad_extensions  ///< an IPv6 extension header chain that is malformed or too long
};

struct LinkLayer {
  std::array<std::uint16_t, 2> vlan{};  ///< 12-bit ids, outermost first
  std::uint8_t vlans = 0;
  std::uint16_t ether_type = 0;  ///< of what follows the tags; below 0x0600 an LLC length
  std::uint16_t end = 0;         ///< offset of what follows
};

/// Ethernet with 0-2 VLAN tags at offset 0. On a fault `out` holds what was read before it.
[[nodiscard]] LayerFault read_link(const rte_mbuf& m, LinkLayer& out) noexcept;

/// The version that an EtherType announces; none for another protocol.
[[nodiscard]] IpVersion ip_version_of(std::uint16_t ether_type) noexcept;

struct IpLayer {
  IpAddress src, dst;
  IpVersion version = IpVersion::none;
  std::uint8_t protocol = 0;  ///< after extension headers; when the chain is cut, the header that is missing
  std::uint8_t ttl = 0, tos = 0;
  bool truncated = false;       ///< the stated length goes beyond the captured bytes
  bool extensions_cut = false;  ///< truncated within the extension headers: `protocol` is not the transport's
  bool fragment = false;        ///< not set for atomic IPv6 fragments (RFC 6946)
  bool more_fragments = false;
  std::uint32_t fragment_offset = 0;  ///< bytes
  std::uint32_t id = 0;
  std::uint32_t payload_offset = 0;    ///< after all IP headers; fits 16 bits
  std::uint32_t payload_stated = 0;    ///< bytes after the IP headers by the IP length
  std::uint32_t payload_captured = 0;  ///< how many of them are there; 0 when the chain is cut
};

/// An IP header of version `expected` (none: either) with its options or extension headers, in the bytes
/// [offset, end) with end <= pkt_len. Bytes beyond the IP length are not counted as payload. On a fault `out`
/// holds what was read before it.
///
/// An IPv4 total length of 0 is a super-frame captured before segmentation: the captured length counts. So it
/// is for an IPv6 payload length of 0 with hop-by-hop options (jumbograms, RFC 2675).
[[nodiscard]] LayerFault read_ip(const rte_mbuf& m, std::uint32_t offset, std::uint32_t end,
                                 IpVersion expected, IpLayer& out) noexcept;

}  // namespace mirrorscan::packet
