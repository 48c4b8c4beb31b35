#pragma once
// The generator's loop: plans into frames ahead of time, frames out when they are due.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sender/accuracy.h"
#include "sender/output.h"
#include "sender/pacer.h"
#include "traffic/plan.h"

namespace mirrorscan::sender {

enum class Pace : std::uint8_t {
  nominal,              ///< each packet at its plan's time
  as_fast_as_possible,  ///< times are not looked at; what the receiver does not take is dropped all the same
};

enum class Preload : std::uint8_t {
  no,
  all,  ///< every frame is made before the first one is sent
};

struct SendOptions {
  Pace pace = Pace::nominal;
  Preload preload = Preload::no;
  std::uint32_t burst = 32;  ///< packets handed over at once, 1 to kMostBurst
  static constexpr std::uint32_t kMostBurst = 512;
};

/// Ticks of the CPU's counter (base/cycles.h) that went into each part of the work; `planning` and `making`
/// are over before the first packet leaves when packets are preloaded.
struct Cost {
  std::uint64_t planning = 0, making = 0, sending = 0, waiting = 0;
};

struct Outcome {
  OutputCounts counts;
  Cost cost;
  Accuracy accuracy;
  Pace pace = Pace::nominal;
  double tick_hz = 0;
  std::uint64_t nominal_ns = 0;  ///< when the last packet was due
  std::uint64_t elapsed_ns = 0;  ///< when it left
  std::uint64_t behind_ns = 0;   ///< of the last packet
  bool stopped = false;          ///< by stop(), before the traffic's end

  /// Packets a second by their nominal times, and as they left (dropped ones too).
  [[nodiscard]] double asked_rate() const noexcept;
  [[nodiscard]] double achieved_rate() const noexcept;
  /// Below 99 % of what was asked for, or more than 100 ms behind at the end.
  [[nodiscard]] bool rate_not_reached() const noexcept;
};

/// What others may look at while it runs.
struct Progress {
  std::atomic<std::uint64_t> made{0}, sent{0}, lost{0};
  std::atomic<bool> began{false};  ///< to send: what was to be preloaded is there
};

class Sender {
 public:
  /// All three must outlive the sender.
  Sender(traffic::PlanSource& plans, Output& output, Pacer& pacer, const SendOptions& options) noexcept
      : plans_(plans), output_(output), pacer_(pacer), options_(options) {}

  /// Until the plans end, the output breaks, or stop(). Once.
  void run();
  /// From any thread: run() returns within some 10 ms.
  void stop() noexcept { stop_.store(true, std::memory_order_relaxed); }

  [[nodiscard]] const Progress& progress() const noexcept { return progress_; }
  /// After run().
  [[nodiscard]] const Outcome& outcome() const noexcept { return outcome_; }

 private:
  [[nodiscard]] bool stopped() const noexcept { return stop_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::size_t refill();
  [[nodiscard]] std::size_t make_more();
  void send_due();
  void book(std::size_t end, std::uint64_t now);
  void tell() noexcept;

  traffic::PlanSource& plans_;
  Output& output_;
  Pacer& pacer_;
  SendOptions options_;
  std::atomic<bool> stop_{false};
  Progress progress_;
  Outcome outcome_;
  std::vector<std::uint64_t> due_ns_;  ///< of the frames that are made
  std::size_t next_ = 0;               ///< the first of them that is not sent
};

}  // namespace mirrorscan::sender
