#include "engine/exporter_thread.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::engine;
using exporter::SinkStats;
using exporter::StatsSnapshot;
using EventType = exporter::Sink::EventType;

namespace {

constexpr auto kPatience = std::chrono::seconds(30);

/// What a sink was asked to do; read it after finish(), but for what is atomic.
struct Log {
  std::vector<std::string> lines;
  std::vector<EventType> types;
  std::atomic<std::uint64_t> writes{0}, reopens{0};
  int closes = 0;
  bool written_after_close = false;
};

class LogSink : public exporter::Sink {
 public:
  explicit LogSink(Log& log) : log_(log) {}
  void write(EventType type, std::string_view json) override {
    log_.written_after_close |= log_.closes > 0;
    log_.lines.emplace_back(json);
    log_.types.push_back(type);
    log_.writes.fetch_add(1);
  }
  Status reopen() override {
    log_.reopens.fetch_add(1);
    return success();
  }
  void close() override { ++log_.closes; }
  [[nodiscard]] SinkStats stats() const override {
    return {.name = "log", .kind = "test", .state = "ok", .written_events = log_.writes.load()};
  }

 private:
  Log& log_;
};

class SlowSink final : public LogSink {
 public:
  using LogSink::LogSink;
  void write(EventType type, std::string_view json) override {
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    LogSink::write(type, json);
  }
};

/// Takes nothing until it is let go.
class HeldSink final : public LogSink {
 public:
  HeldSink(Log& log, const std::atomic<bool>& held, std::atomic<bool>& waits)
      : LogSink(log), held_(held), waits_(waits) {}
  void write(EventType type, std::string_view json) override {
    waits_.store(true);
    while (held_.load()) std::this_thread::yield();
    LogSink::write(type, json);
  }

 private:
  const std::atomic<bool>& held_;
  std::atomic<bool>& waits_;
};

class ThrowingSink final : public exporter::Sink {
 public:
  void write(EventType, std::string_view) override { throw std::runtime_error("planted"); }
  void close() override { throw std::runtime_error("planted at the end"); }
  [[nodiscard]] SinkStats stats() const override { return {.name = "broken", .kind = "test"}; }
};

record::Record flow_of(std::uint64_t id) {
  record::Record r;
  r.type = record::Type::flow;
  r.version = IpVersion::v4;
  r.protocol = 17;
  r.flow_id = id;
  return r;
}

std::uint64_t id_of(const std::string& line) {
  constexpr std::string_view kKey = "\"flow_id\":";
  const std::size_t at = line.find(kKey);
  REQUIRE(at != std::string::npos);
  return std::stoull(line.substr(at + kKey.size()));
}

bool eventually(const auto& condition) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

/// Rings and sinks with the thread between them.
struct Exporting {
  std::vector<std::unique_ptr<RecordRing>> rings;
  Sinks sinks;
  std::unique_ptr<ExporterThread> thread;
  StatsSnapshot last;

  RecordRing& ring(std::size_t records) { return *rings.emplace_back(std::make_unique<RecordRing>(records)); }
  void start(const std::vector<std::uint32_t>& cpus = {}) {
    std::vector<RecordRing*> all;
    for (const auto& one : rings) all.push_back(one.get());
    thread = std::make_unique<ExporterThread>(std::move(all), exporter::EveWriter::Options{}, sinks,
                                              std::make_shared<const ruleset::Ruleset>(), cpus);
  }
  void finish() { thread->finish(last); }
};

}  // namespace

TEST_CASE("the records of all rings reach every sink, those of a ring in their order") {
  constexpr std::uint64_t kEach = 2'000, kRings = 3;
  Exporting e;
  Log first, second;
  e.sinks.push_back(std::make_unique<LogSink>(first));
  e.sinks.push_back(std::make_unique<LogSink>(second));
  for (std::uint64_t i = 0; i < kRings; ++i) (void)e.ring(64);
  e.start();
  std::vector<std::thread> producers;
  for (std::uint64_t ring = 0; ring < kRings; ++ring)
    producers.emplace_back([&e, ring] {
      for (std::uint64_t i = 0; i < kEach; ++i)
        while (!e.rings[ring]->try_push(flow_of(ring * kEach + i))) std::this_thread::yield();
    });
  for (std::thread& producer : producers) producer.join();
  e.finish();
  REQUIRE(first.lines.size() == kRings * kEach + 1);
  CHECK(first.lines == second.lines);
  std::vector<std::uint64_t> next(kRings, 0);
  for (std::size_t i = 0; i < first.lines.size() - 1; ++i) {
    const std::uint64_t id = id_of(first.lines[i]);
    REQUIRE(id % kEach == next[id / kEach]++);
  }
}

TEST_CASE("a ring that is full does not keep the record of another waiting") {
  Exporting e;
  Log log;
  e.sinks.push_back(std::make_unique<LogSink>(log));
  RecordRing& busy = e.ring(4'096);
  RecordRing& calm = e.ring(64);
  for (std::uint64_t i = 0; i < 4'096; ++i) REQUIRE(busy.try_push(flow_of(1)));
  REQUIRE(calm.try_push(flow_of(2)));
  e.start();
  e.finish();
  const auto found = std::ranges::find_if(log.lines, [](const std::string& l) { return id_of(l) == 2; });
  REQUIRE(found != log.lines.end());
  CHECK(found - log.lines.begin() <= 64);
}

TEST_CASE("with a slow sink the producers are refused, and what they could push is written") {
  Exporting e;
  Log log;
  e.sinks.push_back(std::make_unique<SlowSink>(log));
  RecordRing& ring = e.ring(64);
  e.start();
  std::uint64_t pushed = 0, refused = 0;
  while (refused < 1'000) ++(ring.try_push(flow_of(pushed)) ? pushed : refused);
  e.finish();
  REQUIRE(log.lines.size() == pushed + 1);
  for (std::uint64_t i = 0; i < pushed; ++i) REQUIRE(id_of(log.lines[i]) == i);
}

TEST_CASE("a sink that throws is counted, and the other sinks get every event") {
  Exporting e;
  Log log;
  e.sinks.push_back(std::make_unique<ThrowingSink>());
  e.sinks.push_back(std::make_unique<LogSink>(log));
  RecordRing& ring = e.ring(64);
  for (std::uint64_t i = 0; i < 10; ++i) REQUIRE(ring.try_push(flow_of(i)));
  e.start();
  e.finish();
  CHECK(log.lines.size() == 11);
  CHECK(log.lines.back().find(R"("exporter":{"failed":10,"skipped_stats":0,"last_error":"planted"})") !=
        std::string::npos);
  CHECK(log.closes == 1);
  CHECK(e.last.exporter.failed == 12);  // the last stats event and the closing too
  CHECK(e.last.exporter.last_error == "planted at the end");
}

TEST_CASE("the last stats event comes after all records; then the sinks are closed and get nothing more") {
  Exporting e;
  Log log;
  e.sinks.push_back(std::make_unique<LogSink>(log));
  RecordRing& ring = e.ring(64);
  e.start();
  for (std::uint64_t i = 0; i < 50; ++i) REQUIRE(ring.try_push(flow_of(i)));
  e.thread->post({});
  e.finish();
  REQUIRE(log.lines.size() == 52);
  CHECK(std::ranges::count(log.types, EventType::flow) == 50);
  CHECK(std::ranges::count(log.types, EventType::stats) == 2);
  CHECK(log.types.back() == EventType::stats);
  CHECK(log.closes == 1);
  CHECK_FALSE(log.written_after_close);
}

TEST_CASE("what each sink did is known with the stats event, and at the end") {
  Exporting e;
  Log log;
  e.sinks.push_back(std::make_unique<LogSink>(log));
  RecordRing& ring = e.ring(64);
  e.start();
  CHECK(e.thread->sink_stats().empty());
  REQUIRE(ring.try_push(flow_of(1)));
  REQUIRE(eventually([&] { return log.writes.load() == 1; }));
  e.thread->post({});
  REQUIRE(eventually([&] { return !e.thread->sink_stats().empty(); }));
  CHECK(e.thread->sink_stats()[0].name == "log");
  CHECK(e.thread->sink_stats()[0].written_events == 1);
  e.finish();
  REQUIRE(e.last.sinks.size() == 1);
  CHECK(e.last.sinks[0].written_events == 3);
}

TEST_CASE("each request to reopen reaches every sink") {
  Exporting e;
  Log first, second;
  e.sinks.push_back(std::make_unique<LogSink>(first));
  e.sinks.push_back(std::make_unique<LogSink>(second));
  (void)e.ring(64);
  e.start();
  e.thread->request_reopen();
  CHECK(eventually([&] { return first.reopens.load() == 1 && second.reopens.load() == 1; }));
  e.thread->request_reopen();
  e.finish();
  CHECK(first.reopens == 2);
  CHECK(second.reopens == 2);
}

TEST_CASE("stats events that wait for a stuck exporter are bounded, and the skipped ones counted") {
  Exporting e;
  Log log;
  std::atomic<bool> held{true}, waits{false};
  e.sinks.push_back(std::make_unique<HeldSink>(log, held, waits));
  RecordRing& ring = e.ring(64);
  e.start();
  REQUIRE(ring.try_push(flow_of(1)));
  REQUIRE(eventually([&] { return waits.load(); }));
  for (std::uint64_t i = 1; i <= ExporterThread::kMostPosted + 4; ++i) e.thread->post({.uptime_s = i});
  held.store(false);
  e.finish();
  CHECK(e.last.exporter.skipped_stats == 4);
  REQUIRE(log.lines.size() == 1 + ExporterThread::kMostPosted + 1);
  CHECK(log.lines[1].find(R"("uptime":5,)") != std::string::npos);  // the oldest four are left out
}

TEST_CASE("a CPU that is not there leaves the exporter where it is, at work") {
  Exporting e;
  Log log;
  e.sinks.push_back(std::make_unique<LogSink>(log));
  RecordRing& ring = e.ring(64);
  REQUIRE(ring.try_push(flow_of(1)));
  e.start({1'000'000});
  e.finish();
  CHECK(log.lines.size() == 2);
}

TEST_CASE("after the wall clock was set, events tell its time, and a flow is as old as it was") {
  Exporting e;
  Log log;
  e.sinks.push_back(std::make_unique<LogSink>(log));
  record::Record r = flow_of(1);
  r.time = r.flow.last = {1'561'644'131'000'000};
  r.flow.start = {1'561'644'130'000'000};
  RecordRing& ring = e.ring(64);
  e.start();
  e.thread->set_time_step(Duration::seconds(-3'600));
  REQUIRE(ring.try_push(r));
  e.finish();
  CHECK(log.lines.at(0).find(R"("timestamp":"2019-06-27T13:02:11)") != std::string::npos);
  CHECK(log.lines.at(0).find(R"("start":"2019-06-27T13:02:10)") != std::string::npos);
  CHECK(log.lines.at(0).find(R"("age":1)") != std::string::npos);
}
