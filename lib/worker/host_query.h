#pragma once
// A match that depends on the state of hosts, on its way to the worker that keeps it: plain bytes.

#include <compare>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "hosts/host_state.h"
#include "record/record.h"

namespace mirrorscan::worker {

/// Where in the order of a replay a match was decided. It depends on the capture alone: what time decides has
/// the time at which it was due and comes before the packets of that time.
struct HostOrder {
  std::int64_t time_us = 0;
  std::uint64_t index = 0;    ///< capture index plus one; 0 = a timeout; kAtEnd = the end of the capture
  std::uint64_t flow_id = 0;  ///< of a timeout and of the end; 1 = the datagram that the packet completed
  friend auto operator<=>(const HostOrder&, const HostOrder&) = default;
};
inline constexpr std::uint64_t kAtEnd = ~std::uint64_t{0};
inline constexpr HostOrder kNothingMore{std::numeric_limits<std::int64_t>::max(), kAtEnd, kAtEnd};

struct HostQuery {
  HostOrder order;
  hosts::Question question;
  record::Record record;  ///< the alert, ready to be told
  bool told = true;       ///< false: it may not alert, whatever the answer is
  /// Not 0: the sender waits for the answer under this number, and tells the alert itself.
  std::uint64_t ticket = 0;
  std::uint32_t sender = 0;
};
static_assert(std::is_trivially_copyable_v<HostQuery>);

}  // namespace mirrorscan::worker
