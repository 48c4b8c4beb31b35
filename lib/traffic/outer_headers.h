#pragma once
// The mirror's encapsulation in front of an inner frame, as AWS sends it.

#include <cstddef>
#include <cstdint>

#include "traffic/plan.h"
#include "traffic/profile.h"
#include "traffic/sources.h"

namespace mirrorscan::traffic {

/// VXLAN in UDP, or that in GENEVE as a Gateway Load Balancer hands it on; nothing where frames are plain.
class OuterHeaders {
 public:
  explicit OuterHeaders(const Mirrors& mirrors) noexcept;

  /// Of all headers.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  /// What an inner frame may have, by the outer IP length.
  [[nodiscard]] std::size_t most_inner_bytes() const noexcept { return most_inner_bytes_; }

  /// Writes bytes() at `at`, in front of `inner_bytes` of the plan's inner frame.
  void write(std::uint8_t* at, const PacketPlan& plan, std::size_t inner_bytes) const noexcept;

 private:
  enum class Shape : std::uint8_t { plain, vxlan, geneve };
  Sources sources_;
  Shape shape_;
  std::size_t bytes_, most_inner_bytes_;
};

/// The most that OuterHeaders has.
inline constexpr std::size_t kMostOuterBytes = 118;

/// UDP source port that a mirror source sends the flow's packets from: one of 128, by a hash of the inner
/// addresses, ports and protocol that is the same for both directions. Source: 65408 to 65535 is what a
/// capture of AWS's mirroring shows; the Traffic Mirroring guide speaks of a hash of the 5-tuple.
[[nodiscard]] std::uint16_t outer_source_port(const Endpoints& ends) noexcept;

}  // namespace mirrorscan::traffic
