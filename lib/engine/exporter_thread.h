#pragma once
// The thread that turns records into lines and gives them to the sinks. Off the worker cores; the only one
// that touches the sinks while it runs.

#include <atomic>
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
  /// Has a stats event written soon.
  void post(exporter::StatsSnapshot stats);
  /// Has the sinks open their files anew, soon.
  void request_reopen() noexcept { reopen_.store(true, std::memory_order_release); }
  /// After the producers have stopped: writes what is in the rings, then `last`, in which it fills in
  /// what the sinks did, and closes them.
  void finish(exporter::StatsSnapshot& last);
  /// What the sinks had done when the last stats event was written.
  [[nodiscard]] std::vector<exporter::SinkStats> sinks() const;

 private:
  void run();
  [[nodiscard]] std::size_t drain();
  [[nodiscard]] std::size_t write_posted();
  void write(const record::Record& record);
  void write(exporter::StatsSnapshot& stats);
  void give(exporter::Sink::EventType type);
  void tick();

  std::vector<RecordRing*> rings_;
  exporter::EveWriter writer_;
  exporter::Schema schema_;
  Sinks& sinks_;
  exporter::Once once_;
  std::shared_ptr<const ruleset::Ruleset> rules_;
  std::string line_;
  mutable std::mutex mutex_;
  std::vector<exporter::StatsSnapshot> posted_;  ///< under mutex_
  std::vector<exporter::SinkStats> told_;        ///< under mutex_
  std::atomic<bool> stop_{false}, reopen_{false};
  std::thread thread_;
};

}  // namespace mirrorscan::engine
