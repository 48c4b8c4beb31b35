#pragma once
// Packet time: microseconds since the Unix epoch, as the capture or the burst's clock reading gives it.

#include <compare>
#include <cstdint>

namespace mirrorscan {

struct Duration {
  std::int64_t us = 0;
  friend constexpr auto operator<=>(Duration, Duration) = default;
  [[nodiscard]] static constexpr Duration seconds(std::int64_t s) noexcept { return {s * 1'000'000}; }
  [[nodiscard]] static constexpr Duration milliseconds(std::int64_t ms) noexcept { return {ms * 1'000}; }
};

struct Timestamp {
  std::int64_t us = 0;
  friend constexpr auto operator<=>(Timestamp, Timestamp) = default;
  friend constexpr Timestamp operator+(Timestamp t, Duration d) noexcept { return {t.us + d.us}; }
  friend constexpr Duration operator-(Timestamp a, Timestamp b) noexcept { return {a.us - b.us}; }
};

}  // namespace mirrorscan
