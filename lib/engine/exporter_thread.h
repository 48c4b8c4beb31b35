#pragma once
// The thread that turns records into lines and gives them to the sinks. Off the worker cores; the only one
// that touches the sinks while it runs. No event and no sink can end it: what fails is counted.

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "exporter/eve_event.h"
#include "exporter/once.h"
#include "exporter/sink.h"
#include "exporter/stats.h"
#include "ring/spsc_ring.h"
#include "ruleset/ruleset.h"

namespace mirrorscan::engine {

using RecordRing = ring::SpscRing<record::Record>;
using Sinks = std::vector<std::unique_ptr<exporter::Sink>>;

class ExporterThread {
 public:
  /// Starts at once, on `cpus` if there are any. `rules` are the rules of the records' generation.
  ExporterThread(std::vector<RecordRing*> rings, exporter::EveWriter::Options format, Sinks& sinks,
                 std::shared_ptr<const ruleset::Ruleset> rules, const std::vector<std::uint32_t>& cpus);
  ~ExporterThread();

  // Control thread.
  /// Most stats events that may wait; then the oldest is skipped and counted, for the newer ones include its
  /// counts.
  static constexpr std::size_t kMostPosted = 16;
  /// Has a stats event written soon, with what the sinks did by then.
  void post(exporter::StatsSnapshot stats);
  /// What each sink did, as of the last stats event.
  [[nodiscard]] std::vector<exporter::SinkStats> sink_stats();
  /// What is added to the times of records from now on: BurstClock::step().
  void set_time_step(Duration step) noexcept { time_step_us_.store(step.us, std::memory_order_relaxed); }
  /// Has the sinks open their files anew, soon.
  void request_reopen() noexcept { reopen_.store(true, std::memory_order_release); }
  /// After the producers have stopped: writes what is in the rings, then `last`, and closes the sinks. `last`
  /// gets what the sinks did, their closing included.
  void finish(exporter::StatsSnapshot& last);

 private:
  using Clock = exporter::Sink::Clock;

  void run();
  [[nodiscard]] std::size_t drain();
  [[nodiscard]] std::size_t write_posted();
  void write(record::Record& record);
  void write(exporter::StatsSnapshot& stats);
  void give(exporter::Sink::EventType type);
  void tick(Clock::time_point now);
  void complete(exporter::StatsSnapshot& stats);
  template <class Action>
  bool survived(Action&& action);
  template <class Action>
  void each_sink(Action&& action);

  std::vector<RecordRing*> rings_;
  exporter::EveWriter writer_;
  exporter::Schema schema_;
  Sinks& sinks_;
  exporter::Once once_;
  std::shared_ptr<const ruleset::Ruleset> rules_;
  std::string line_;
  std::mutex mutex_;
  std::deque<exporter::StatsSnapshot> posted_;   ///< under mutex_
  std::uint64_t skipped_stats_ = 0;              ///< under mutex_
  std::vector<exporter::SinkStats> sink_stats_;  ///< under mutex_
  std::uint64_t failed_ = 0;
  std::string last_error_;
  std::atomic<bool> stop_{false}, reopen_{false};
  std::atomic<std::int64_t> time_step_us_{0};
  std::thread thread_;
};

}  // namespace mirrorscan::engine
