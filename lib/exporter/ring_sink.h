#pragma once
// Events into the shared-memory JSON ring, where any number of readers follow them.

#include "exporter/sink.h"
#include "ring/json_ring_writer.h"

namespace mirrorscan::exporter {

/// Never waits. Only an event too large for the ring is lost here; what a slow reader misses, the reader
/// counts.
class RingSink final : public Sink {
 public:
  RingSink(std::string path, ring::JsonRingWriter writer);

  void write(EventType type, std::string_view json) override;
  [[nodiscard]] SinkStats stats() const override { return stats_; }

 private:
  ring::JsonRingWriter writer_;
  SinkStats stats_;
};

}  // namespace mirrorscan::exporter
