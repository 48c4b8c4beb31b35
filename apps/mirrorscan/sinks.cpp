#include "sinks.h"

#include <fmt/format.h>

#include <utility>

#include "engine/log.h"
#include "exporter/file_sink.h"
#include "exporter/ring_sink.h"
#include "exporter/socket_sink.h"

namespace mirrorscan::app {
namespace {

/// The setting before the path: one file may be named by several.
[[nodiscard]] Error at(const char* setting, Error error) {
  error.where = error.where.empty() ? setting : fmt::format("{}: {}", setting, error.where);
  return error;
}

[[nodiscard]] Result<std::unique_ptr<exporter::Sink>> ring_sink(const config::RingOutput& ring) {
  auto writer = ring::JsonRingWriter::open(ring.path, ring.bytes);
  if (!writer) return at("output.ring.path", writer.error());
  if (!writer.value().note().empty()) engine::log_warning(writer.value().note());
  if (const std::string& made = writer.value().made_folder(); !made.empty())
    engine::log_info(fmt::format("output.ring.path: made the folder {}", made));
  return std::unique_ptr<exporter::Sink>(
      std::make_unique<exporter::RingSink>(ring.path, std::move(writer).value()));
}

}  // namespace

Result<engine::Sinks> open_sinks(const config::Output& output) {
  engine::Sinks sinks;
  if (!output.ring.path.empty()) {
    auto sink = ring_sink(output.ring);
    if (!sink) return sink.error();
    sinks.push_back(std::move(sink).value());
  }
  if (!output.file.path.empty()) {
    auto sink = exporter::FileSink::open(output.file.path);
    if (!sink) return at("output.file.path", sink.error());
    sinks.push_back(std::move(sink).value());
  }
  if (!output.socket.path.empty()) {
    auto sink = exporter::SocketSink::make(output.socket.path, output.socket.buffer_bytes);
    if (!sink) return at("output.socket.path", sink.error());
    sinks.push_back(std::move(sink).value());
  }
  return sinks;
}

}  // namespace mirrorscan::app
