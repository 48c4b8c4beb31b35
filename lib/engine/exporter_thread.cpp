#include "engine/exporter_thread.h"

#include <pthread.h>
#include <sched.h>

#include <array>
#include <chrono>
#include <exception>
#include <string_view>
#include <utility>

#include "engine/log.h"

namespace mirrorscan::engine {
namespace {

constexpr auto kNap = std::chrono::microseconds(200);
/// Later than any flush that a sink has put off, so that the last stats event counts those lines as written.
constexpr auto kLongerThanAnyTimer = std::chrono::minutes(1);
constexpr std::size_t kErrorBytes = 200;

void run_on(const std::vector<std::uint32_t>& cpus) {
  if (cpus.empty()) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const std::uint32_t cpu : cpus) CPU_SET(cpu, &set);
  if (pthread_setaffinity_np(pthread_self(), sizeof set, &set) != 0)
    log_warning("the exporter thread cannot be kept on control.cpus; it runs where the kernel puts it");
}

[[nodiscard]] exporter::Sink::EventType type_of(const record::Record& record) {
  switch (record.type) {
    case record::Type::flow: return ring::RecordType::flow;
    case record::Type::anomaly: return ring::RecordType::anomaly;
    default: return ring::RecordType::alert;
  }
}

}  // namespace

ExporterThread::ExporterThread(std::vector<RecordRing*> rings, exporter::EveWriter::Options format,
                               Sinks& sinks, std::shared_ptr<const ruleset::Ruleset> rules,
                               const std::vector<std::uint32_t>& cpus)
    : rings_(std::move(rings)),
      writer_(format),
      schema_(format.schema),
      sinks_(sinks),
      rules_(std::move(rules)) {
  last_error_.reserve(kErrorBytes);
  thread_ = std::thread([this, cpus] {
    (void)pthread_setname_np(pthread_self(), "exporter");  // for `top -H`
    run_on(cpus);
    run();
  });
}

ExporterThread::~ExporterThread() {
  stop_.store(true, std::memory_order_relaxed);
  if (thread_.joinable()) thread_.join();
}

void ExporterThread::run() {
  while (!stop_.load(std::memory_order_acquire)) {
    const std::size_t events = drain() + write_posted();
    tick(Clock::now());
    if (events == 0) std::this_thread::sleep_for(kNap);
  }
}

/// The one place that catches: memory that runs out, or a defect in a sink, costs an event and not the
/// daemon. It must not allocate itself.
template <class Action>
bool ExporterThread::survived(Action&& action) {
  try {
    action();
    return true;
  } catch (const std::exception& error) {
    last_error_.assign(std::string_view(error.what()).substr(0, kErrorBytes));
    if (failed_++ == 0) {
      log_error("an event or a sink failed inside the exporter; more are counted in mirror.exporter.failed");
      log_error(last_error_);
    }
    return false;
  }
}

template <class Action>
void ExporterThread::each_sink(Action&& action) {
  for (const auto& sink : sinks_) survived([&] { action(*sink); });
}

void ExporterThread::tick(Clock::time_point now) {
  if (reopen_.exchange(false, std::memory_order_acquire))
    each_sink([](exporter::Sink& sink) {
      if (const Status reopened = sink.reopen(); !reopened) log_error(reopened.error().text());
    });
  each_sink([now](exporter::Sink& sink) { sink.tick(now); });
}

void ExporterThread::give(exporter::Sink::EventType type) {
  std::string_view json = line_;
  if (json.ends_with('\n')) json.remove_suffix(1);
  each_sink([type, json](exporter::Sink& sink) { sink.write(type, json); });
}

void ExporterThread::write(record::Record& record) {
  if (!once_.first_time(record)) return;
  const Duration step{time_step_us_.load(std::memory_order_relaxed)};
  for (Timestamp* time : {&record.time, &record.flow.start, &record.flow.last}) *time = *time + step;
  line_.clear();
  if (survived([&] { writer_.line(record, *rules_, line_); })) give(type_of(record));
}

void ExporterThread::complete(exporter::StatsSnapshot& stats) {
  stats.sinks.clear();
  for (const auto& sink : sinks_) stats.sinks.push_back(sink->stats());
  const std::lock_guard lock(mutex_);
  stats.exporter = {failed_, skipped_stats_, last_error_};
  sink_stats_ = stats.sinks;
}

void ExporterThread::write(exporter::StatsSnapshot& stats) {
  line_.clear();
  const bool made = survived([&] {
    complete(stats);
    exporter::append_stats_line(stats, schema_, line_);
  });
  if (made) give(ring::RecordType::stats);
}

std::size_t ExporterThread::drain() {
  std::array<record::Record, 64> records;
  std::size_t all = 0;
  for (RecordRing* ring : rings_) {  // at most 64 of each in turn: none starves the others
    const std::size_t n = ring->pop(records);
    all += n;
    for (std::size_t i = 0; i < n; ++i) write(records[i]);
  }
  return all;
}

std::size_t ExporterThread::write_posted() {
  exporter::StatsSnapshot stats;
  {
    const std::lock_guard lock(mutex_);
    if (posted_.empty()) return 0;
    stats = std::move(posted_.front());
    posted_.pop_front();
  }
  write(stats);
  return 1;
}

void ExporterThread::post(exporter::StatsSnapshot stats) {
  const std::lock_guard lock(mutex_);
  if (posted_.size() == kMostPosted) {
    posted_.pop_front();
    ++skipped_stats_;
  }
  posted_.push_back(std::move(stats));
}

std::vector<exporter::SinkStats> ExporterThread::sink_stats() {
  const std::lock_guard lock(mutex_);
  return sink_stats_;
}

void ExporterThread::finish(exporter::StatsSnapshot& last) {
  stop_.store(true, std::memory_order_release);
  thread_.join();
  while (drain() + write_posted() > 0) {
  }
  tick(Clock::now() + kLongerThanAnyTimer);
  write(last);
  each_sink([](exporter::Sink& sink) { sink.close(); });
  survived([&] { complete(last); });
}

}  // namespace mirrorscan::engine
