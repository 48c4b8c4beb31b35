#pragma once
// Which flows fill more than their share of an inbox: one elephant flow must not push out all others.

#include <array>
#include <cstdint>

namespace mirrorscan::worker {

/// Counts the packets to one inbox by flow hash, in rounds of kRound packets. A flow that had more than 1/8
/// of the last round or of this one is above its share. Flows whose hashes meet in one of 256 cells share a
/// count, so that a small flow is taken for a large one in 1 of 256 cases.
class FairShare {
 public:
  /// Counts one packet; true when its flow is above its share. Cost: one cell of 4 bytes.
  [[nodiscard]] bool above(std::uint32_t flow_hash) noexcept {
    if (++seen_ == kRound) next_round();
    Cell& cell = cells_[flow_hash % kCells];
    if (cell.now < UINT16_MAX) ++cell.now;
    return cell.now > kShare || cell.last > kShare;
  }

 private:
  static constexpr std::uint32_t kRound = 2'048, kShare = kRound / 8;
  static constexpr std::size_t kCells = 256;
  struct Cell {
    std::uint16_t now = 0, last = 0;
  };

  void next_round() noexcept {
    seen_ = 0;
    for (Cell& cell : cells_) cell = {0, cell.now};
  }

  std::array<Cell, kCells> cells_{};
  std::uint32_t seen_ = 0;
};

}  // namespace mirrorscan::worker
