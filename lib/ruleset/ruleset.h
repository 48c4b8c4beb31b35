#pragma once
// All rules of one generation in the form the run side needs: the rules in evaluation order, a Hyperscan
// database for each kind of payload and direction, and lists of what has no pattern to wait for. Built by
// lib/rules, immutable.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/direction.h"
#include "match/database.h"
#include "ruleset/address_index.h"
#include "signature/rule.h"

namespace mirrorscan::ruleset {

/// What a payload is, as far as the choice of patterns goes. One row here and one in kScanKindTexts adds a
/// kind.
enum class ScanKind : std::uint8_t {
  tcp_stream = 0,  ///< streaming: rules of class stream and anchored, on reassembled bytes
  tcp_segment,     ///< block: rules of class anchored and packet, on each segment of a tracked connection
  tcp_untracked,   ///< block: every TCP rule but `tcp-stream`, on segments that belong to no tracked stream
  udp,
  icmp,
  icmpv6,
  sctp,
  other,
  stray,  ///< packets of no flow, headers only: fragments, broken transport headers; as if to the server
  count_,
};
inline constexpr std::size_t kScanKinds = static_cast<std::size_t>(ScanKind::count_);

struct Scan {
  match::Database triggered;
  std::vector<signature::RuleIndex> always;  ///< rules of this kind without a trigger, ascending
  [[nodiscard]] bool empty() const noexcept { return triggered.empty() && always.empty(); }
};

struct Ruleset {
  std::uint32_t generation = 0;
  std::uint32_t window = 4096;         ///< W of design section 2, bytes
  std::vector<signature::Rule> rules;  ///< in evaluation order: by action, then as loaded
  std::array<std::array<Scan, kScanKinds>, kDirections> scans;
  std::vector<signature::RuleIndex> ip_only;
  /// Each IP-only rule stands in one of them, under the side that names fewer addresses; one for both ways in
  /// both.
  AddressIndex ip_only_by_src, ip_only_by_dst;
  bool asks_hosts = false;  ///< a rule needs the state of hosts

  /// Upper bound of the look-back and look-ahead of the stream rules that a flow with these ports can meet.
  /// by_dst_port[d][p] covers rules whose destination ports include p, by_src_port[d][p] likewise; d is the
  /// direction of the stream. The window of a stream is the smaller of the two.
  struct Reach {
    std::uint16_t back = 0, ahead = 0;
  };
  std::array<std::vector<Reach>, kDirections> by_src_port, by_dst_port;  ///< 65,536 entries each

  [[nodiscard]] const Scan& scan(ScanKind kind, Direction d) const noexcept {
    return scans[index_of(d)][static_cast<std::size_t>(kind)];
  }
};

}  // namespace mirrorscan::ruleset
