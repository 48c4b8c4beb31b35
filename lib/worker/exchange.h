#pragma once
// The inboxes of all workers: one ring for packets, one for whole datagrams and one for matches that depend
// on hosts from each worker to each other.

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "ring/spsc_ring.h"
#include "worker/host_query.h"

struct rte_mbuf;

namespace mirrorscan::worker {

/// Whether packets of an inbox are taken in the order of their capture indexes over all senders (`replay`),
/// or as they come (`run`).
enum class Order : std::uint8_t { as_they_come, by_capture_index };

using PacketRing = ring::SpscRing<rte_mbuf*>;
using QueryRing = ring::SpscRing<HostQuery>;

/// How far a worker is, in capture indexes; only where the order is by_capture_index. A worker that says N
/// has sent every packet below N to its owner: what its rings do not hold below N will never come.
///
/// The times are lower bounds for what has not been sent: to be stored after the indexes and read before
/// them.
struct alignas(128) Progress {
  std::atomic<std::uint64_t> packets{0};    ///< decapsulated and sent
  std::atomic<std::uint64_t> datagrams{0};  ///< fragments taken in; the datagrams they completed are sent
  std::atomic<std::int64_t> packets_us{0}, datagrams_us{0};
};

/// A HostOrder that one worker raises and others read, part by part: a mixture of an old one and a new one is
/// never above the new one.
class alignas(128) Floor {
 public:
  void store(const HostOrder& order) noexcept {
    flow_id_.store(order.flow_id, std::memory_order_release);
    index_.store(order.index, std::memory_order_release);
    time_us_.store(order.time_us, std::memory_order_release);
  }
  [[nodiscard]] HostOrder load() const noexcept {
    HostOrder order;
    order.time_us = time_us_.load(std::memory_order_acquire);
    order.index = index_.load(std::memory_order_acquire);
    order.flow_id = flow_id_.load(std::memory_order_acquire);
    return order;
  }

 private:
  std::atomic<std::int64_t> time_us_{0};
  std::atomic<std::uint64_t> index_{0}, flow_id_{0};
};

/// The answer that one worker waits for.
struct alignas(128) Reply {
  hosts::Answer answer{};  ///< to be read once `ticket` is that of the question
  std::atomic<std::uint64_t> ticket{0};
};

class Exchange {
 public:
  static constexpr std::uint64_t kEnd =
      ~std::uint64_t{0};  ///< progress of a worker with nothing more to send

  /// Room for `packets`, `datagrams` and `queries` between each pair of workers; all round up to a power of
  /// two. All memory is allocated here: workers^2 x ((packets + datagrams) x 8 bytes + queries x 600 bytes).
  Exchange(std::uint32_t workers, std::size_t packets, std::size_t datagrams, Order order,
           std::size_t queries = 1);

  [[nodiscard]] std::uint32_t workers() const noexcept { return workers_; }
  [[nodiscard]] Order order() const noexcept { return order_; }
  [[nodiscard]] PacketRing& packets(std::uint32_t from, std::uint32_t to) noexcept {
    return *packets_[from * workers_ + to];
  }
  [[nodiscard]] PacketRing& datagrams(std::uint32_t from, std::uint32_t to) noexcept {
    return *datagrams_[from * workers_ + to];
  }
  [[nodiscard]] QueryRing& queries(std::uint32_t from, std::uint32_t to) noexcept {
    return *queries_[from * workers_ + to];
  }
  [[nodiscard]] Reply& reply(std::uint32_t worker) noexcept { return replies_[worker]; }
  [[nodiscard]] Floor& floor(std::uint32_t worker) noexcept { return floors_[worker]; }
  [[nodiscard]] Progress& progress(std::uint32_t worker) noexcept { return progress_[worker]; }

 private:
  const std::uint32_t workers_;
  const Order order_;
  std::vector<std::unique_ptr<PacketRing>> packets_, datagrams_;  ///< by from * workers + to
  std::vector<std::unique_ptr<QueryRing>> queries_;
  std::unique_ptr<Progress[]> progress_;
  std::unique_ptr<Floor[]> floors_;
  std::unique_ptr<Reply[]> replies_;
};

}  // namespace mirrorscan::worker
