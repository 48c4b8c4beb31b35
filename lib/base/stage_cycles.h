#pragma once
// What packets cost by stage of their journey. Compiled in with MIRRORSCAN_STAGE_CYCLES=1, for measurements
// only; without it every type here is empty and every function does nothing.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#if MIRRORSCAN_STAGE_CYCLES
#include <algorithm>

#include "base/cycles.h"
#endif

namespace mirrorscan {

enum class Stage : std::uint8_t {
  outside,     ///< not in the worker: what its caller does
  rest,        ///< in the worker, and in none of the others: its loop, freeing mbufs
  decap,       ///< and the ledger of what was received
  decode,      ///< and what it counts
  steer,       ///< the owner, and the hand-over to it
  dedup,       ///< of it, what looks for copies
  defrag,      ///< fragments
  flow,        ///< key, lookup, begin and end of a flow, its counts
  reassembly,  ///< TCP state and order
  scan,        ///< Hyperscan's calls, without what hits cause
  evaluation,  ///< rules around hits, windows, headers
  records,     ///< events for the exporter
  timers,      ///< holes given up, flows and fragments timed out
  count_
};

inline constexpr std::size_t kStages = static_cast<std::size_t>(Stage::count_);
inline constexpr std::array<std::string_view, kStages> kStageNames{
    "outside", "rest",       "decap", "decode",     "steer",   "dedup", "defrag",
    "flow",    "reassembly", "scan",  "evaluation", "records", "timers"};

struct StageCost {
  std::uint64_t calls = 0;    ///< times the stage was entered: once a burst, or once a packet
  std::uint64_t packets = 0;  ///< packets it was entered for
  std::uint64_t cycles = 0;   ///< in this stage and in no stage inside it; without the cost of counting
};

using StageCosts = std::array<StageCost, kStages>;

#if MIRRORSCAN_STAGE_CYCLES

inline constexpr bool kStageCyclesCounted = true;

/// One lcore's count. At any time one stage runs; entering another reads the cycle counter once and charges
/// the stage that ran. Each read costs some 20 cycles, which costs() takes off again; they are there all the
/// same, so that the sum of all stages is less than the run took.
class StageCycles {
 public:
  /// `stage` runs from now on. The one that ran before.
  Stage enter(Stage stage, std::uint64_t packets) noexcept {
    Count& to = counts_[static_cast<std::size_t>(stage)];
    ++to.calls;
    to.packets += packets;
    return run(stage);
  }
  /// Back in `stage`.
  Stage run(Stage stage) noexcept {
    const std::uint64_t now = cycle_count();
    Count& from = counts_[static_cast<std::size_t>(running_)];
    from.cycles += now - since_;
    ++from.laps;
    since_ = now;
    const Stage before = running_;
    running_ = stage;
    return before;
  }

  [[nodiscard]] StageCosts costs() const noexcept {
    const std::uint64_t lap = cycles_a_lap();
    StageCosts costs;
    for (std::size_t i = 0; i < kStages; ++i) {
      const Count& c = counts_[i];
      costs[i] = {c.calls, c.packets, c.cycles - std::min(c.cycles, c.laps * lap)};
    }
    return costs;
  }

 private:
  struct Count {
    std::uint64_t calls = 0, packets = 0, cycles = 0, laps = 0;
  };

  /// What one change of stage costs: the cheapest of many rounds, since an interrupt only adds.
  [[nodiscard]] static std::uint64_t cycles_a_lap() noexcept {
    constexpr std::uint64_t kLaps = 256;
    std::uint64_t least = ~std::uint64_t{0};
    for (int round = 0; round < 64; ++round) {
      StageCycles probe;
      const std::uint64_t began = cycle_count();
      for (std::uint64_t lap = 0; lap < kLaps; lap += 2) {
        (void)probe.enter(Stage::scan, 1);
        (void)probe.run(Stage::rest);
      }
      least = std::min(least, (probe.since_ - began) / kLaps);
    }
    return least;
  }

  std::array<Count, kStages> counts_{};
  std::uint64_t since_ = cycle_count();
  Stage running_ = Stage::outside;
};

/// Names the StageCycles that a part of a worker counts in.
class StageMeter {
 public:
  StageMeter() = default;
  StageMeter(StageCycles& cycles) noexcept : cycles_(&cycles) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] StageCycles* cycles() const noexcept { return cycles_; }

 private:
  StageCycles* cycles_ = nullptr;
};

/// A stage, as long as it is in scope.
class StageScope {
 public:
  StageScope(StageMeter meter, Stage stage, std::uint64_t packets = 1) noexcept : cycles_(meter.cycles()) {
    if (cycles_ != nullptr) before_ = cycles_->enter(stage, packets);
  }
  ~StageScope() {
    if (cycles_ != nullptr) (void)cycles_->run(before_);
  }
  StageScope(const StageScope&) = delete;
  StageScope& operator=(const StageScope&) = delete;

 private:
  StageCycles* cycles_;
  Stage before_ = Stage::rest;
};

#else

inline constexpr bool kStageCyclesCounted = false;

class StageCycles {
 public:
  [[nodiscard]] StageCosts costs() const noexcept { return {}; }
};

class StageMeter {
 public:
  StageMeter() = default;
  StageMeter(StageCycles&) noexcept {}  // NOLINT(google-explicit-constructor)
};

class [[maybe_unused]] StageScope {
 public:
  StageScope(StageMeter, Stage, std::uint64_t = 1) noexcept {}
};

#endif

}  // namespace mirrorscan
