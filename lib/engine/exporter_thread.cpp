#include "engine/exporter_thread.h"

#include <array>
#include <chrono>
#include <utility>

namespace mirrorscan::engine {

ExporterThread::ExporterThread(std::vector<RecordRing*> rings, exporter::EveWriter writer,
                               exporter::NdjsonFile file, std::shared_ptr<const ruleset::Ruleset> rules)
    : rings_(std::move(rings)),
      writer_(std::move(writer)),
      file_(std::move(file)),
      rules_(std::move(rules)),
      thread_([this] { run(); }) {}

ExporterThread::~ExporterThread() {
  stop_.store(true, std::memory_order_relaxed);
  if (thread_.joinable()) thread_.join();
}

void ExporterThread::run() {
  while (!stop_.load(std::memory_order_acquire))
    if (drain() == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
}

std::size_t ExporterThread::drain() {
  std::array<record::Record, 64> records;
  std::string lines;
  std::size_t all = 0;
  for (RecordRing* ring : rings_) {
    const std::size_t n = ring->pop(records);
    all += n;
    for (std::size_t i = 0; i < n; ++i) writer_.line(records[i], *rules_, lines);
  }
  if (!lines.empty() && !failed_)
    if (Status written = file_.write(lines); !written) failed_ = written.error();
  return all;
}

Status ExporterThread::finish(std::string_view last) {
  stop_.store(true, std::memory_order_release);
  thread_.join();
  while (drain() > 0) {
  }
  if (failed_) return *failed_;
  if (Status written = file_.write(last); !written) return written;
  return file_.close();
}

}  // namespace mirrorscan::engine
