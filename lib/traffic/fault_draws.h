#pragma once
// Whether a fault hits: a number from the seed, the fault and what it would hit, and from nothing else.

#include <cstdint>

#include "base/mix.h"

namespace mirrorscan::traffic {

/// What is drawn. Each has numbers of its own, so that asking for one changes no other.
enum class Draw : std::uint64_t {
  one_sided = 1,
  hidden_direction,
  double_mirrored,
  second_mirror_delay,
  duplicate,
  duplicate_delay,
  loss,
  reorder,
  reorder_delay,
};

class FaultDraws {
 public:
  explicit FaultDraws(std::uint64_t seed) noexcept : seed_(seed) {}

  /// 64 even bits. `of` is a flow's serial or a packet's ordinal; `copy` of the packet.
  [[nodiscard]] std::uint64_t bits(Draw draw, std::uint64_t of, std::uint16_t copy = 0) const noexcept {
    const std::uint64_t kind = static_cast<std::uint64_t>(draw) << 16 | copy;
    return mix(mix(mix(seed_, kind), of), kind);
  }

  [[nodiscard]] bool hits(double share, Draw draw, std::uint64_t of, std::uint16_t copy = 0) const noexcept {
    if (share <= 0) return false;
    // 53 bits: as many as a double holds, so that the number is below 1 and a share of 1 always hits.
    constexpr double kUnit = 1.0 / (1ULL << 53);
    return static_cast<double>(bits(draw, of, copy) >> 11) * kUnit < share;
  }

  /// 0 to most - 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t most, Draw draw, std::uint64_t of,
                                    std::uint16_t copy = 0) const noexcept {
    return bits(draw, of, copy) % most;
  }

 private:
  std::uint64_t seed_;
};

}  // namespace mirrorscan::traffic
