#include "sinks.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
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
    if (std::error_code none; std::filesystem::equivalent(output.ring.path, output.file.path, none))
      return Error{"output.file.path", output.file.path + " is the ring", "name another file"};
    auto sink = exporter::FileSink::open(output.file.path);
    if (!sink) return at("output.file.path", sink.error());
    sinks.push_back(std::move(sink).value());
  }
  if (!output.socket.path.empty()) {
    auto sink = exporter::SocketSink::make(output.socket.path, output.socket.buffer_bytes);
    if (!sink) return at("output.socket.path", sink.error());
    sinks.push_back(std::move(sink).value());
  }
  if (sinks.empty())
    return Error{"output", "events would go nowhere",
                 "set output.ring.path, output.file.path or output.socket.path"};
  return sinks;
}

}  // namespace mirrorscan::app
