#pragma once
// Packets of one burst on their way to one other worker: sent together, with one release of the ring.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "worker/fair_share.h"

struct rte_mbuf;

namespace mirrorscan::worker {

class Outbox {
 public:
  static constexpr std::size_t kCapacity = 512;

  /// Not when full().
  void add(rte_mbuf* m) noexcept { packets_[end_++] = m; }
  [[nodiscard]] bool full() const noexcept { return end_ == kCapacity; }
  [[nodiscard]] std::span<rte_mbuf*> waiting() noexcept {
    return std::span(packets_).first(end_).subspan(begin_);
  }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  [[nodiscard]] rte_mbuf* front() const noexcept { return packets_[begin_]; }

  /// The first `count` of those waiting are gone.
  void pop(std::size_t count) noexcept {
    begin_ += count;
    if (empty()) begin_ = end_ = 0;
  }

  FairShare share;

 private:
  std::array<rte_mbuf*, kCapacity> packets_;
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace mirrorscan::worker
