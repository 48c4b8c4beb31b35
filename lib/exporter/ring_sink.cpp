#include "exporter/ring_sink.h"

#include <fmt/format.h>

#include <utility>

namespace mirrorscan::exporter {

RingSink::RingSink(std::string path, ring::JsonRingWriter writer) : writer_(std::move(writer)) {
  stats_.name = std::move(path);
  stats_.kind = "ring";
  stats_.state = "ok";
}

void RingSink::write(EventType type, std::string_view json) {
  if (writer_.write(type, json)) {
    ++stats_.written_events;
    stats_.written_bytes += json.size();
    return;
  }
  ++stats_.lost_events;
  stats_.lost_bytes += json.size();
  stats_.last_error =
      fmt::format("an event of {} bytes is larger than the ring takes, {}; raise output.ring.bytes",
                  json.size(), writer_.largest_json());
}

}  // namespace mirrorscan::exporter
