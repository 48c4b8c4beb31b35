#pragma once
// What is known about one mirrored packet. Filled once by decap and decode, then carried beside the packet
// (in the mbuf's private area) so that no later room parses the packet again.

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "base/address.h"
#include "base/timestamp.h"

namespace mirrorscan::packet {

enum class Encap : std::uint8_t { vxlan = 0, geneve = 1 };

/// The mirror session a packet came in. For GENEVE `src`, `dst` and ports are those of the inner VXLAN
/// transport (the mirror source), as for VXLAN; the GWLB's own outer addresses are not kept.
struct Tunnel {
  IpAddress src, dst;
  std::uint16_t src_port = 0, dst_port = 0;
  std::uint32_t vni = 0;  ///< 24 bits
  IpVersion version = IpVersion::none;
  Encap encap = Encap::vxlan;
  std::uint8_t outer_vlans = 0;  ///< number of outer VLAN tags
  /// AWS GENEVE options, class 0x0108, types 1, 2, 3 (facts: AWS GWLB tunnel format); 0 where absent.
  std::uint32_t gwlb_flow_cookie = 0;
  std::uint64_t gwlb_endpoint = 0, gwlb_attachment = 0;
};

enum class MirrorDirection : std::uint8_t {
  unknown = 0,
  in = 1,
  out = 2
};  ///< as seen from the mirror source

/// What of the transport header could be read.
enum class Transport : std::uint8_t {
  none = 0,  ///< header cut by truncation, or a non-first fragment
  tcp,
  udp,
  icmp,
  icmpv6,
  sctp,
  other,  ///< another IP protocol; the payload is what follows the IP headers
};

struct Tcp {
  std::uint32_t seq = 0, ack = 0;
  std::uint16_t window = 0;
  std::uint8_t flags = 0;         ///< RFC 9293 3.1: FIN 0x01 .. CWR 0x80
  std::uint8_t window_scale = 0;  ///< from the option; kNoWindowScale where absent
  std::uint16_t mss = 0;          ///< from the option; 0 where absent
  bool fast_open = false;         ///< RFC 7413 option (kind 34, or experimental kind 254 with 0xF989) present
  static constexpr std::uint8_t kNoWindowScale = 0xff;
};

/// The packet that an ICMP destination-unreachable message quotes (RFC 792): the flow that the message is
/// about.
struct Quoted {
  IpAddress src, dst;
  std::uint16_t src_port = 0, dst_port = 0;
  std::uint8_t protocol = 0;
};

/// Three cache lines that every packet fills, and a fourth that few need. Whole lines, so that the frame
/// behind it begins a line, too: the headers then lie in two lines and not in three.
struct alignas(64) Meta {
  Timestamp time;
  std::uint64_t capture_index = 0;  ///< position in the capture (replay) or arrival order (run)
  Tunnel tunnel;

  // Inner packet. Offsets count from the mbuf's first byte after decapsulation (the inner Ethernet header).
  IpAddress src, dst;
  std::uint16_t src_port = 0, dst_port = 0;  ///< 0 where the protocol has none
  std::uint16_t l3_offset = 0, l4_offset = 0;
  std::uint32_t payload_offset = 0;
  std::uint32_t payload_captured = 0;   ///< L4 payload bytes that are there
  std::uint32_t payload_stated = 0;     ///< L4 payload bytes by the IP length; > captured when truncated
  std::array<std::uint16_t, 2> vlan{};  ///< 12-bit ids of the inner tags, outermost first
  std::uint8_t vlans = 0;
  IpVersion version = IpVersion::none;
  std::uint8_t protocol = 0;  ///< upper-layer IP protocol number, after IPv6 extension headers
  Transport transport = Transport::none;
  std::uint8_t ttl = 0;  ///< or hop limit
  std::uint8_t tos = 0;  ///< or traffic class
  std::uint8_t icmp_type = 0, icmp_code = 0;
  MirrorDirection mirror_direction = MirrorDirection::unknown;
  bool truncated = false;  ///< the IP length goes beyond the captured bytes
  bool fragment =
      false;  ///< offset > 0 or more fragments; atomic IPv6 fragments (RFC 6946) are not fragments
  bool reassembled = false;  ///< made of fragments by defrag
  bool more_fragments = false;
  bool malformed = false;             ///< the transport header contradicts the IP length
  std::uint32_t fragment_offset = 0;  ///< bytes
  std::uint32_t ip_id = 0;            ///< IPv4 identification (16 bits) or IPv6 fragment identification
  Tcp tcp;

  std::uint32_t wire_bytes =
      0;                     ///< pkt_len as received, outer headers included: what the packet ledger books
  std::uint32_t tenant = 0;  ///< index into the tenant table
  std::uint32_t ledger_slot = 0;  ///< which VNI's ledger books this packet
  bool quotes = false;            ///< an ICMP error: `quoted` is valid
  Quoted quoted;
};

static_assert(std::is_trivially_copyable_v<Meta>);
static_assert(offsetof(Meta, quoted) <= 192, "three cache lines for every packet");
static_assert(sizeof(Meta) == 256, "must fit the private area of an mbuf");

}  // namespace mirrorscan::packet
