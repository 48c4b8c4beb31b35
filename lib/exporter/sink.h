#pragma once
// Where event lines go. A sink never holds the exporter up for long: what it cannot take it drops, counts,
// and tells.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ring/json_ring_layout.h"

namespace mirrorscan::exporter {

/// What a sink did so far.
struct SinkStats {
  std::string name;   ///< path
  std::string kind;   ///< "ring", "file", "socket"
  std::string state;  ///< "ok", or what is wrong now
  std::uint64_t written_events = 0, written_bytes = 0;
  std::uint64_t lost_events = 0, lost_bytes = 0;
  std::string last_error;  ///< the last one that cost events; empty = none
};

class Sink {
 public:
  using Clock = std::chrono::steady_clock;
  using EventType = ring::RecordType;

  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  /// One event: a line of JSON without its newline.
  virtual void write(EventType type, std::string_view json) = 0;
  /// Called some thousand times a second at most, also when there are no events: flushing, connecting again.
  virtual void tick(Clock::time_point) {}
  /// After a rotation of files: opens the path anew. Error: it could not, now; the sink goes on trying.
  [[nodiscard]] virtual Status reopen() { return success(); }
  /// Hands over what is buffered, as far as that goes without waiting long. Nothing is written afterwards.
  virtual void close() {}

  [[nodiscard]] virtual SinkStats stats() const = 0;
};

}  // namespace mirrorscan::exporter
