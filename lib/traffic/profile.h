#pragma once
// What traffic is asked for: everything that decides which packets are made. One profile and one seed give
// one sequence of packets, byte for byte, on any machine.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "packet/meta.h"

namespace mirrorscan::traffic {

/// The kinds of conversation. Their payloads come from books (book.h) and so are finite texts.
enum class Kind : std::uint8_t {
  http = 0,  ///< TCP 80: requests and responses, text and binary bodies
  tls,       ///< TCP 443: hello messages, then records of bytes that look encrypted
  tcp,       ///< TCP 9000: the raw book's messages both ways
  dns,       ///< UDP 53: a query and its answer
  udp,       ///< UDP 5000: the raw book's datagrams both ways
};
inline constexpr std::size_t kKinds = 5;

[[nodiscard]] constexpr bool is_udp(Kind kind) noexcept {
  return kind == Kind::dns || kind == Kind::udp;
}

[[nodiscard]] constexpr std::string_view name_of(Kind kind) noexcept {
  constexpr std::array<std::string_view, kKinds> names = {"http", "tls", "tcp", "dns", "udp"};
  return names[static_cast<std::size_t>(kind)];
}

/// How long the packets that carry data are: exactly so of tcp and udp, of http and tls but for the last
/// segment of a message; a message of dns is one datagram whatever its length.
enum class SizeLaw : std::uint8_t {
  natural,  ///< messages cut at the MSS
  fixed,    ///< each inner frame `frame_bytes` long, as far as its headers and messages allow
  imix,     ///< inner frames of 64, 594 and 1518 bytes, 7 : 4 : 1 (RFC 6985's "IMIX")
  capture,  ///< drawn from the frames of `sizes_capture`
};

/// Fewer than 4 GiB of the largest segments: what a flow has said is counted in 32 bits.
inline constexpr std::uint32_t kMostDataPackets = 400'000;

struct Flows {
  std::uint64_t concurrent = 1'000;  ///< alive at once, 10 to 10,000,000
  double per_second = 0;             ///< arrivals; 0 = what `concurrent` and `lifetime_s` make
  double lifetime_s = 10;            ///< mean; what `concurrent` and `per_second` make where that is given
  std::array<double, kKinds> mix = {40, 25, 10, 20, 5};  ///< weights by Kind
  double ipv6_share = 0;                                 ///< 0 to 1
  SizeLaw sizes = SizeLaw::natural;
  std::uint32_t frame_bytes = 64;  ///< inner, from Ethernet on, without FCS; 64 to 9,000 (SizeLaw::fixed)
  std::uint32_t mss = 1'400;       ///< bytes of payload of a segment at most, 1 to 8,940 (SizeLaw::natural)
  /// Data packets of a flow, up to kMostDataPackets; 0 = what one exchange of its kind needs. With it a flow
  /// goes on from message to message of its book until it has sent so many; flows with an attack do not.
  std::uint32_t data_packets = 0;
  std::string sizes_capture;  ///< SizeLaw::capture
  std::string
      payload_capture;  ///< the raw book is made of this capture's TCP and UDP payloads; "" = made by seed
};

/// The mirror sessions that the packets come in.
struct Mirrors {
  std::uint32_t first_vni = 4'711;
  std::uint32_t vnis = 1;             ///< consecutive numbers
  std::uint32_t sources_per_vni = 1;  ///< outer source addresses, 10.200.0.0/16
  packet::Encap encap = packet::Encap::vxlan;
  bool encapsulated = true;  ///< false: the inner frames as they are, for tools that know no VXLAN
};

/// What happens to packets between the mirror source and the target. Shares from 0 to 1, of packets unless
/// said otherwise; each is drawn by seed and packet.
struct Faults {
  std::uint32_t truncate_bytes = 0;    ///< inner frames are cut to this many bytes; 0 = not; at least 64
  double loss = 0;                     ///< up to 0.99: where nothing comes out, traffic has no end
  double reorder = 0;                  ///< packets that come later than they should
  std::uint32_t reorder_distance = 8;  ///< by 1 to this many packets, 1 to 256
  double duplicate = 0;                ///< packets that the same source sends twice
  double double_mirrored = 0;          ///< share of flows that a second source of the tenant mirrors too
  double one_sided = 0;                ///< share of flows of which one direction is never seen
};

struct Attacks {
  double share = 0;                 ///< of flows, 0 to 1
  std::uint32_t occurrences = 1;    ///< of the attack in its flow, 1 to 8, more than a window of bytes apart
  std::uint32_t most_segments = 3;  ///< an occurrence is cut into 1 to this many segments, 1 to 16
};

/// A capture instead of conversations: its flows, copied to new addresses until there is enough.
struct Replayed {
  std::string capture;              ///< "" = conversations; plain or in VXLAN, libpcap's formats
  std::uint64_t until_packets = 0;  ///< whole copies, until both are reached; 0 and 0 = one copy
  std::uint64_t until_flows = 0;
};

struct Profile {
  std::uint64_t seed = 1;
  std::uint64_t packets = 0;  ///< stop after so many that come out of the faults; 0 = do not stop by count
  double seconds = 0;         ///< of the traffic's own time; 0 = do not stop by time
  /// Packets a second of the traffic's own time before faults, evenly, at least 1; lifetimes then stretch or
  /// shrink to that. 0 = as the flows' lifetimes make it.
  double packet_rate = 0;
  /// Time of the first packet, microseconds since the epoch; up to 4 * 10^15, the year 2096.
  std::int64_t start_us = 1'700'000'000'000'000;
  Flows flows;
  Mirrors mirrors;
  Faults faults;
  Attacks attacks;
  Replayed replayed;
};

/// Whether the profile can be made: the first field that is out of its range, and what to give.
[[nodiscard]] Status check(const Profile& profile);

}  // namespace mirrorscan::traffic
