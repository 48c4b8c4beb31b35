#pragma once
// A worker driven by hand: frames in, bursts of a chosen size, and what the worker says about them. No
// threads, no ports; the mbufs come from pools that the bench makes once a process.

#include <compare>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "record/record.h"
#include "ruleset/ruleset.h"
#include "support/wire_bytes.h"
#include "worker/worker.h"

namespace mirrorscan::support {

/// All rules of the text, compiled; throws when one is rejected.
[[nodiscard]] std::shared_ptr<const ruleset::Ruleset> compile(std::string_view text);

/// A profile's defaults with tables of a size that is cheap to make many times.
[[nodiscard]] config::Config small_config(config::Profile profile);

/// One frame on the sensor's wire.
struct Frame {
  Bytes bytes;
  Timestamp time;
  std::size_t piece =
      0;  ///< arrives in chained mbufs of so many bytes (at most 128); 0 = in one where it fits
};

/// An alert as far as the promise of class stream goes.
struct SeenAlert {
  std::uint32_t sid = 0;
  Direction direction = Direction::to_server;
  bool from_stream = false;
  std::uint64_t window = 0;  ///< W-aligned, of the trigger's end; 0 for packets
  friend auto operator<=>(const SeenAlert&, const SeenAlert&) = default;
};

/// An alert record as far as the promise goes.
[[nodiscard]] SeenAlert seen(const record::Record& record, const ruleset::Ruleset& rules);

/// The frame in mbufs of the bench's pools, which are shared by all tests of a process.
[[nodiscard]] rte_mbuf* mbuf_of(const Frame& frame);
[[nodiscard]] rte_mempool& datagram_pool();

[[nodiscard]] std::string text_of(const std::vector<SeenAlert>& alerts);

class WorkerBench {
 public:
  WorkerBench(const config::Config& config, std::shared_ptr<const ruleset::Ruleset> rules);
  ~WorkerBench();

  /// Gives the frames in bursts of `burst` (at most 256).
  void feed(std::span<const Frame> frames, std::size_t burst);
  void finish();

  /// The alerts since the last call, sorted; an alert told twice is there twice.
  [[nodiscard]] std::vector<SeenAlert> take_alerts();
  [[nodiscard]] const std::vector<record::Record>& records() const { return records_; }

  [[nodiscard]] ledger::Ledger total() const;
  [[nodiscard]] const worker::Worker& worker() const { return *worker_; }
  [[nodiscard]] std::uint64_t counter(ledger::Counter counter) const { return worker_->counters()[counter]; }
  /// What is wrong with the ledgers, by VNI; empty when all balance.
  [[nodiscard]] std::string imbalance() const;
  /// What is held although nothing should be; empty when nothing is.
  [[nodiscard]] std::string held() const;
  /// Budgets and limits that were hit: the answer may then depend on more than the bytes.
  [[nodiscard]] std::string limits_hit() const;
  /// Mbufs that were not given back.
  [[nodiscard]] static std::uint32_t mbufs_in_use();

 private:
  void drain();

  std::shared_ptr<const ruleset::Ruleset> rules_;
  worker::RecordRing ring_;
  std::unique_ptr<worker::Worker> worker_;
  std::vector<record::Record> records_;
  std::uint64_t capture_index_ = 0;
};

}  // namespace mirrorscan::support
