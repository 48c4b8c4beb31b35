#pragma once
// One worker's lcore in `run`: polls its queues, lets the worker inspect, takes in what peers sent, and
// yields when nothing comes. No system call, no allocation, no lock once it runs (but for the yield, where
// one is configured).

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/clock.h"
#include "engine/port.h"
#include "worker/published.h"
#include "worker/worker.h"

namespace mirrorscan::engine {

/// What all lanes of a process share. The lanes stop together: each first stops receiving, then empties its
/// inboxes of packets, then of datagrams, then ends its flows and answers for its hosts, so that nothing is
/// left behind.
struct LaneShared {
  explicit LaneShared(std::uint32_t count) noexcept : lanes(count) {}

  const std::uint32_t lanes;
  BurstClock clock;
  std::atomic<bool> stop{false};
  std::atomic<std::uint32_t> received_all{0};  ///< lanes that have stopped receiving
  std::atomic<std::uint32_t> sent_all{0};      ///< lanes whose inboxes of packets are empty
  std::atomic<std::uint32_t> asked_all{0};     ///< lanes whose flows have ended
};

struct LaneSettings {
  std::uint32_t burst = 32;
  std::uint32_t yield_after_idle_polls = 0;  ///< 0 = never
};

class Lane {
 public:
  Lane(LaneShared& shared, const LaneSettings& settings, std::uint32_t index,
       std::unique_ptr<worker::Worker> worker);

  /// Before the lane runs.
  void add_queue(Port& port, std::uint16_t queue) { queues_.push_back({&port, queue}); }

  /// On its lcore, until LaneShared::stop; then drains and flushes.
  void run() noexcept;

  [[nodiscard]] worker::Published& published() noexcept { return published_; }
  [[nodiscard]] worker::Worker& worker() noexcept { return *worker_; }
  /// Polls of all kinds so far: a lane whose count stands still hangs.
  [[nodiscard]] std::uint64_t rounds() const noexcept { return rounds_.load(std::memory_order_relaxed); }

 private:
  struct Queue {
    Port* port;
    std::uint16_t number;
  };

  /// Does not go backwards.
  [[nodiscard]] Timestamp now() noexcept;
  [[nodiscard]] std::size_t receive(Timestamp now) noexcept;
  [[nodiscard]] std::size_t round(Timestamp now) noexcept;
  void drain(std::atomic<std::uint32_t>& arrived) noexcept;
  void rest(std::size_t packets) noexcept;

  LaneShared& shared_;
  const LaneSettings settings_;
  const std::uint32_t index_;
  std::unique_ptr<worker::Worker> worker_;
  std::vector<Queue> queues_;
  worker::Published published_;
  alignas(128) std::atomic<std::uint64_t> rounds_{0};
  std::uint32_t idle_ = 0;
  Timestamp now_;
};

}  // namespace mirrorscan::engine
