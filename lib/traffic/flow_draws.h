#pragma once
// What is drawn about a flow: numbers from the seed, the flow's serial and from nothing else.

#include <array>
#include <cstdint>

#include "base/direction.h"
#include "base/mix.h"
#include "traffic/plan.h"
#include "traffic/profile.h"

namespace mirrorscan::traffic {

class FlowDraws {
 public:
  explicit FlowDraws(const Profile& profile) noexcept;

  [[nodiscard]] Kind kind(std::uint64_t serial) const noexcept;
  /// The ends of a flow; ports of 0 are chosen. No two flows within 1.8 * 10^9 serials have the same.
  [[nodiscard]] Endpoints ends(std::uint64_t serial, Kind kind, std::uint16_t client_port,
                               std::uint16_t server_port) const noexcept;
  [[nodiscard]] bool ipv6(std::uint64_t serial) const noexcept;
  [[nodiscard]] std::uint32_t source(std::uint64_t serial) const noexcept;
  /// From 0.5 to 1.5, 1 on the average: how long a flow lives, in mean lifetimes.
  [[nodiscard]] double life(std::uint64_t serial) const noexcept;
  [[nodiscard]] std::uint32_t initial_sequence(std::uint64_t serial, Direction direction) const noexcept;
  /// Where in a book of `entries` or `bytes` a flow begins.
  [[nodiscard]] std::uint32_t place(std::uint64_t serial, Direction direction,
                                    std::size_t most) const noexcept;
  /// 64 even bits for packet or message number `ordinal` of a flow.
  [[nodiscard]] std::uint64_t bits(std::uint64_t serial, std::uint32_t ordinal) const noexcept;

 private:
  enum class Draw : std::uint64_t { kind = 100, ipv6, source, life, sequence, place, ordinal, server };
  [[nodiscard]] std::uint64_t draw(Draw what, std::uint64_t serial, std::uint64_t which = 0) const noexcept {
    return mix(mix(seed_ ^ static_cast<std::uint64_t>(what) << 32, serial), which);
  }

  std::uint64_t seed_;
  std::uint32_t sources_;
  std::uint64_t ipv6_below_;                        ///< of 2^53
  std::array<std::uint64_t, kKinds> kind_below_{};  ///< of 2^53, ascending
};

}  // namespace mirrorscan::traffic
