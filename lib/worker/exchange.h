#pragma once
// The inboxes of all workers: one ring for packets and one for whole datagrams from each worker to each
// other.

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "ring/spsc_ring.h"

struct rte_mbuf;

namespace mirrorscan::worker {

/// Whether packets of an inbox are taken in the order of their capture indexes over all senders (`replay`),
/// or as they come (`run`).
enum class Order : std::uint8_t { as_they_come, by_capture_index };

using PacketRing = ring::SpscRing<rte_mbuf*>;

/// How far a worker is, in capture indexes; only where the order is by_capture_index. A worker that says N
/// has sent every packet below N to its owner: what its rings do not hold below N will never come.
struct alignas(128) Progress {
  std::atomic<std::uint64_t> packets{0};    ///< decapsulated and sent
  std::atomic<std::uint64_t> datagrams{0};  ///< fragments taken in; the datagrams they completed are sent
};

class Exchange {
 public:
  static constexpr std::uint64_t kEnd =
      ~std::uint64_t{0};  ///< progress of a worker with nothing more to send

  /// Room for `packets` and `datagrams` between each pair of workers; both round up to a power of two. All
  /// memory is allocated here: workers^2 x (packets + datagrams) x 8 bytes.
  Exchange(std::uint32_t workers, std::size_t packets, std::size_t datagrams, Order order);

  [[nodiscard]] std::uint32_t workers() const noexcept { return workers_; }
  [[nodiscard]] Order order() const noexcept { return order_; }
  [[nodiscard]] PacketRing& packets(std::uint32_t from, std::uint32_t to) noexcept {
    return *packets_[from * workers_ + to];
  }
  [[nodiscard]] PacketRing& datagrams(std::uint32_t from, std::uint32_t to) noexcept {
    return *datagrams_[from * workers_ + to];
  }
  [[nodiscard]] Progress& progress(std::uint32_t worker) noexcept { return progress_[worker]; }

 private:
  const std::uint32_t workers_;
  const Order order_;
  std::vector<std::unique_ptr<PacketRing>> packets_, datagrams_;  ///< by from * workers + to
  std::unique_ptr<Progress[]> progress_;
};

}  // namespace mirrorscan::worker
