#pragma once
// The event file of a replay: all of it is written, or the run fails.

#include <optional>
#include <utility>

#include "exporter/ndjson_file.h"
#include "exporter/sink.h"

namespace mirrorscan::exporter {

class EveFile final : public Sink {
 public:
  explicit EveFile(NdjsonFile file) : file_(std::move(file)) { stats_.kind = "file"; }

  void write(EventType type, std::string_view json) override;
  void close() override;
  [[nodiscard]] SinkStats stats() const override { return stats_; }

  /// The first error, if there was one; final after close().
  [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

 private:
  void note(const Status& status);

  NdjsonFile file_;
  SinkStats stats_;
  std::optional<Error> error_;
};

}  // namespace mirrorscan::exporter
