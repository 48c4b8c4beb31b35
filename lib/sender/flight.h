#pragma once
// A sender at work on a thread of its own, beside what the main thread does: waiting for signals, or running
// the inspector.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>

#include "engine/run.h"
#include "sender/sender.h"

namespace mirrorscan::sender {

/// Whether EAL was started: its memory pools work faster for threads that it knows.
enum class Eal : std::uint8_t { none, started };

class Flight final : public engine::Companion {
 public:
  struct Plan {
    Eal eal = Eal::none;
    std::optional<std::uint32_t> cpu;         ///< of the thread; nothing = where the main thread may run
    std::function<bool()> is_drained;         ///< all that was sent has been taken; empty = at once
    std::function<void(double)> each_second;  ///< with the seconds since the start; empty = nothing
  };

  /// `sender` must outlive it.
  Flight(Sender& sender, Plan plan);
  ~Flight() override;

  void began() override;
  /// Asked at least ten times a second by the main thread.
  [[nodiscard]] bool is_done() override;
  /// Ends the sender, and waits (5 s at most) until the receiver has what was sent.
  void end() override;

 private:
  void work();

  Sender& sender_;
  Plan plan_;
  std::thread thread_;
  std::atomic<bool> landed_{false};
  std::chrono::steady_clock::time_point begin_, told_;
};

}  // namespace mirrorscan::sender
