#pragma once
// The thread that turns records into lines. Off the worker cores; the only one that touches the output file.

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "exporter/eve_event.h"
#include "exporter/ndjson_file.h"
#include "ring/spsc_ring.h"
#include "ruleset/ruleset.h"

namespace mirrorscan::engine {

using RecordRing = ring::SpscRing<record::Record>;

class ExporterThread {
 public:
  /// Starts at once. `rules` are the rules of the records' generation.
  ExporterThread(std::vector<RecordRing*> rings, exporter::EveWriter writer, exporter::NdjsonFile file,
                 std::shared_ptr<const ruleset::Ruleset> rules);
  ~ExporterThread();

  /// After the producers have stopped: writes what is in the rings, then `last`, and closes the file. The
  /// first error of all writes, if there was one.
  [[nodiscard]] Status finish(std::string_view last);

 private:
  void run();
  [[nodiscard]] std::size_t drain();

  std::vector<RecordRing*> rings_;
  exporter::EveWriter writer_;
  exporter::NdjsonFile file_;
  std::shared_ptr<const ruleset::Ruleset> rules_;
  std::optional<Error> failed_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace mirrorscan::engine
