#pragma once
// Lets the control thread take a port away from the workers that poll it, and give it back, without a lock.

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

namespace mirrorscan::engine {

/// A count that is even while the port may be polled and odd while it may not, and for each worker the count
/// it saw last. A worker repeats the count before it polls, so it never repeats an odd one while it is inside
/// a burst; once all have repeated it, the port's queues are the control thread's alone. (What RCU calls a
/// grace period; rte_rcu_qsbr would do it too, with a variable-sized structure for what takes forty lines.)
class PollGate {
 public:
  static constexpr std::uint32_t kWorkers = 64;  ///< the configuration allows no more

  /// `pollers`: workers that poll at least one queue, in any order, repeated or not; each below kWorkers.
  explicit PollGate(std::span<const std::uint32_t> pollers) noexcept {
    for (const std::uint32_t worker : pollers) pollers_ |= std::uint64_t{1} << worker;
  }

  /// Worker `worker`, outside a burst, before each round over the port's queues; without polling the port
  /// when it is false.
  [[nodiscard]] bool may_poll(std::uint32_t worker) noexcept {
    const std::uint32_t count = count_.load(std::memory_order_acquire);
    std::atomic<std::uint32_t>& seen = seen_[worker].count;
    if (seen.load(std::memory_order_relaxed) != count) seen.store(count, std::memory_order_release);
    return (count & 1) == 0;
  }

  // Control thread.
  [[nodiscard]] bool is_open() const noexcept { return (count_.load(std::memory_order_relaxed) & 1) == 0; }
  void close() noexcept {
    if (is_open()) count_.fetch_add(1, std::memory_order_release);
  }
  void open() noexcept {
    if (!is_open()) count_.fetch_add(1, std::memory_order_release);
  }
  /// After close(): no worker is inside a burst of this port, nor will be until open().
  [[nodiscard]] bool let_go() const noexcept {
    const std::uint32_t count = count_.load(std::memory_order_relaxed);
    for (std::uint32_t worker = 0; worker < kWorkers; ++worker)
      if ((pollers_ >> worker & 1) != 0 && seen_[worker].count.load(std::memory_order_acquire) != count)
        return false;
    return (count & 1) != 0;
  }

 private:
  struct alignas(64) Seen {
    std::atomic<std::uint32_t> count{0};
  };
  alignas(64) std::atomic<std::uint32_t> count_{0};
  std::uint64_t pollers_ = 0;
  std::array<Seen, kWorkers> seen_;
};

}  // namespace mirrorscan::engine
