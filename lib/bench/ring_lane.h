#pragma once
// A generator and a worker in one process: packets cross a ring in memory, with the time at which they did.

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/histogram.h"
#include "base/result.h"
#include "bench/worker_pass.h"
#include "record/record.h"
#include "ring/spsc_ring.h"
#include "sender/mbuf_output.h"

namespace mirrorscan::bench {

/// Microseconds of the TSC since the start of the process, on all lcores the same.
[[nodiscard]] Timestamp tsc_time() noexcept;

/// The generator's side. Never waits: what finds no room in the ring is dropped and counted.
class RingOutput final : public sender::MbufOutput {
 public:
  using Ring = ring::SpscRing<rte_mbuf*>;

  RingOutput(const traffic::Profile& profile, engine::Pool pool, Ring& ring)
      : MbufOutput(profile, std::move(pool)), ring_(ring) {}
  [[nodiscard]] std::string name() const override { return "the worker in this process"; }

 private:
  /// A packet's time is the one at which it came into the ring.
  [[nodiscard]] std::size_t hand_over(std::span<rte_mbuf*> packets) noexcept override;

  Ring& ring_;
};

/// The worker's side: what a lane of `run` does, on the measured lcore. Records are looked at after each
/// burst, so that latency is until the end of the burst which wrote them.
class RingLane {
 public:
  static constexpr std::size_t kRecords = 262'144;

  [[nodiscard]] static Result<std::unique_ptr<RingLane>> make(const WorkerPass::Options& options,
                                                              RingOutput::Ring& ring);

  /// On its lcore, until stop() and the ring is empty; then ends all flows.
  void run() noexcept;
  void stop() noexcept { stop_.store(true, std::memory_order_release); }

  // After run().
  [[nodiscard]] const std::vector<record::Record>& alerts() const noexcept { return alerts_; }
  /// Microseconds from a packet's arrival in the ring until the alert that it completed was in the record
  /// ring; alerts at the end of all flows are not in it.
  [[nodiscard]] const Histogram& latency_us() const noexcept { return latency_us_; }
  [[nodiscard]] std::uint64_t busy_cycles() const noexcept { return busy_cycles_; }
  [[nodiscard]] std::uint64_t packets() const noexcept { return packets_; }
  [[nodiscard]] bool balances() const;
  [[nodiscard]] const ledger::Counters& counters() { return worker_->counters(); }

 private:
  enum class Timed : std::uint8_t { no, yes };

  RingLane(const WorkerPass::Options& options, RingOutput::Ring& ring);
  void take_records(Timed timed) noexcept;

  std::uint32_t burst_;
  RingOutput::Ring& ring_;
  engine::Pool datagrams_;
  worker::RecordRing records_;
  std::unique_ptr<worker::Worker> worker_;
  std::atomic<bool> stop_{false};
  std::vector<record::Record> alerts_;
  Histogram latency_us_;
  std::uint64_t busy_cycles_ = 0, packets_ = 0;
};

}  // namespace mirrorscan::bench
