#pragma once
// Which datagrams of a flow are copies of others that two mirror sources made.

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/direction.h"
#include "truth/flow_record.h"

namespace mirrorscan::truth {

/// A datagram of a flow: direction and offset of its payload in it.
using Datagram = std::pair<Direction, std::uint32_t>;

/// The n-th copy from one mirror source and the n-th from the other are one packet (docs/truth-format.md).
class DatagramCopies {
 public:
  /// Of the next packet that went out: whether no copy of it went out by the other source before.
  [[nodiscard]] bool is_new(const SeenPacket& packet);

 private:
  std::map<Datagram, std::array<std::uint32_t, 2>> sent_;  ///< by source
};

/// Datagrams with equal bytes and, in IPv6, nothing else to tell them apart, of which each source showed
/// another number: which of them is a copy of which depends on when they came. `said`: the bytes of each
/// direction.
[[nodiscard]] std::set<Datagram> confused_datagrams(const FlowRecord& flow,
                                                    const std::array<std::string_view, kDirections>& said);

}  // namespace mirrorscan::truth
