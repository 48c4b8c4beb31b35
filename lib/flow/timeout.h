#pragma once
// The kinds of idle time after which a flow ends.

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/timestamp.h"

namespace mirrorscan::flow {

enum class Timeout : std::uint8_t {
  tcp_new = 0,
  tcp_established,
  tcp_closed,
  udp_new,
  udp_established,
  icmp_new,
  icmp_established,
  other_new,
  other_established,
  count_,
};

inline constexpr std::size_t kTimeouts = static_cast<std::size_t>(Timeout::count_);

/// The idle time of each kind, up to kLongestTimeout; more is cut to it.
struct Timeouts {
  std::array<Duration, kTimeouts> idle{};

  [[nodiscard]] constexpr Duration& operator[](Timeout t) noexcept {
    return idle[static_cast<std::size_t>(t)];
  }
  [[nodiscard]] constexpr Duration operator[](Timeout t) const noexcept {
    return idle[static_cast<std::size_t>(t)];
  }
};

inline constexpr Duration kLongestTimeout = Duration::seconds(1 << 20);  ///< 12 days

}  // namespace mirrorscan::flow
