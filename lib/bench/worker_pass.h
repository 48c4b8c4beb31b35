#pragma once
// The product's worker, fed from memory on the measured lcore: what it costs, and what it did.

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "base/stage_cycles.h"
#include "bench/figures.h"
#include "bench/frame_source.h"
#include "bench/mbuf_chunk.h"
#include "config/config.h"
#include "engine/eal.h"
#include "ledger/counter.h"
#include "ledger/ledger.h"
#include "worker/worker.h"

namespace mirrorscan::bench {

/// Totals since the worker was made; cycles and stages of feeding alone.
struct PassCounts {
  std::uint64_t packets = 0, outer_bytes = 0, cycles = 0;
  std::uint64_t records = 0, alerts = 0;
  StageCosts stages{};
  ledger::Counters counters;
  ledger::Ledger ledger;  ///< of all VNIs
};

class WorkerPass {
 public:
  struct Options {
    config::Config config;
    std::shared_ptr<const ruleset::Ruleset> rules;
    std::uint32_t burst = 32;
  };

  /// EAL has started. Everything that the configuration has a setting for is on that the setting has on.
  [[nodiscard]] static Result<std::unique_ptr<WorkerPass>> make(const Options& options);

  /// Feeds up to `most` packets of `source`, chunk by chunk. Timed is, burst by burst: taking the mbufs,
  /// setting their time as a lane does, Worker::process. Records are taken out between bursts, untimed.
  void feed(FrameSource& source, MbufChunk& chunk, std::size_t most = MbufChunk::kNoLimit);

  /// What is fed from now on comes that much later than its own time.
  void delay(Duration later) noexcept { later_ = later; }

  /// Ends all flows, as at the end of a capture. Seconds, with everything that it writes to the ring.
  double finish();

  [[nodiscard]] PassCounts counts();
  [[nodiscard]] bool balances();

 private:
  explicit WorkerPass(const Options& options);
  void run(MbufChunk& chunk) noexcept;
  void take_records() noexcept;

  std::uint32_t burst_;
  engine::Pool datagrams_;
  worker::RecordRing ring_;
  std::unique_ptr<worker::Worker> worker_;
  PassCounts fed_;
  Timestamp last_;
  Duration later_;
};

/// What the worker did and cost between two counts.
[[nodiscard]] Figures worker_figures(const PassCounts& from, const PassCounts& to);

/// Ticks of the TSC a packet.
[[nodiscard]] double cycles_per_packet(const PassCounts& from, const PassCounts& to) noexcept;

/// What each counter of events grew by, where it did, by its name.
[[nodiscard]] Figures counter_figures(const ledger::Counters& from, const ledger::Counters& to);

/// Whether a budget was hit that made the worker do less than it should.
[[nodiscard]] bool overloaded(const ledger::Counters& counters) noexcept;

}  // namespace mirrorscan::bench
