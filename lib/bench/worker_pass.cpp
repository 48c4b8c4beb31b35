#include "bench/worker_pass.h"

#include <rte_mbuf.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "base/cycles.h"
#include "bench/machine.h"
#include "packet/access.h"

namespace mirrorscan::bench {
namespace {

using ledger::Counter;

constexpr unsigned kDatagramMbufs = 4'095;  ///< as `run` has them

/// More than a burst can bring, as when many flows time out at once: the ring is emptied between bursts only.
constexpr std::size_t kRingRecords = 262'144;

/// Budgets that make the worker do less. Not those that are work: a duplicate record overwritten, a pended
/// trigger decided early, a window that alerted once, a VNI booked as `other`.
constexpr std::array kLosses{
    Counter::flows_evicted,  Counter::segments_budget,     Counter::fragments_budget,
    Counter::streams_budget, Counter::windows_budget,      Counter::triggers_evicted,
    Counter::records_lost,   Counter::alert_memory_budget, Counter::evaluation_steps_exhausted,
    Counter::rules_suspended};

Figures stage_figures(const StageCosts& from, const StageCosts& to, double packets) {
  Figures out;
  for (std::size_t i = 0; i < kStages; ++i) {
    const double cycles = static_cast<double>(to[i].cycles - from[i].cycles);
    if (static_cast<Stage>(i) == Stage::outside) continue;
    out.number(kStageNames[i], cycles / packets);
  }
  return out;
}

Figures ledger_figures(const ledger::Ledger& from, const ledger::Ledger& to) {
  Figures out;
  out.count("payload_received", to.payload_received - from.payload_received);
  for (const ledger::PayloadEndText& row : ledger::kPayloadEndTexts) {
    const auto i = static_cast<std::size_t>(row.id);
    if (to.payload[i] != from.payload[i]) out.count(row.name, to.payload[i] - from.payload[i]);
  }
  out.count("missing_gap", to.missing_gap - from.missing_gap);
  return std::move(out.truth("balances", to.balances()));
}

}  // namespace

WorkerPass::WorkerPass(const Options& options)
    : burst_(std::clamp<std::uint32_t>(options.burst, 1, worker::Worker::kMaxBurst)),
      ring_(std::max<std::size_t>(options.config.output.ring_records, kRingRecords)) {
  while (ring_.try_push({})) {  // touches it, so that its memory is nobody's growth
  }
  take_records();
  fed_ = {};
}

Result<std::unique_ptr<WorkerPass>> WorkerPass::make(const Options& options) {
  std::unique_ptr<WorkerPass> pass(new WorkerPass(options));
  auto datagrams = engine::pool_of("datagrams", kDatagramMbufs);
  if (!datagrams) return datagrams.error();
  pass->datagrams_ = std::move(datagrams).value();
  auto tenants = worker::Tenants::from(options.config.tenants);
  if (!tenants) return tenants.error();
  auto worker = worker::Worker::make(worker::Settings::from(options.config), std::move(tenants).value(),
                                     options.rules, *pass->datagrams_, pass->ring_);
  if (!worker) return worker.error();
  pass->worker_ = std::move(worker).value();
  return pass;
}

void WorkerPass::feed(FrameSource& source, MbufChunk& chunk, std::size_t most) {
  while (most > 0) {
    const std::size_t packets = chunk.fill(source, most);
    if (packets == 0) break;
    on_measured_lcore([&] { run(chunk); });
    most -= packets;
  }
}

void WorkerPass::run(MbufChunk& chunk) noexcept {
  const std::span<rte_mbuf*> packets = chunk.packets();
  const std::span<const Timestamp> times = chunk.times();
  std::array<rte_mbuf*, worker::Worker::kMaxBurst> burst;
  for (std::size_t first = 0; first < packets.size(); first += burst_) {
    const std::size_t n = std::min<std::size_t>(burst_, packets.size() - first);
    const std::uint64_t began = cycle_count();
    for (std::size_t i = 0; i < n; ++i) {
      burst[i] = packets[first + i];
      packet::meta(*burst[i]).time = times[first + i] + later_;
    }
    worker_->process(std::span(burst).first(n));
    fed_.cycles += cycle_count() - began;
    if (ring_.size() >= ring_.capacity() / 2) take_records();
  }
  take_records();
  last_ = times.back() + later_;
  fed_.packets += packets.size();
  fed_.outer_bytes += chunk.bytes();
}

void WorkerPass::take_records() noexcept {
  std::array<record::Record, 64> taken;
  for (std::size_t n = ring_.pop(taken); n > 0; n = ring_.pop(taken)) {
    fed_.records += n;
    for (const record::Record& record : std::span(taken).first(n))
      fed_.alerts += record.type == record::Type::alert ? 1 : 0;
  }
}

double WorkerPass::finish() {
  struct End {
    worker::Worker& worker;
    const Timestamp at;
    std::uint64_t cycles = 0;
    std::atomic<bool> reached{false};
  } end{*worker_, last_};
  const auto run_to_end = [](void* argument) {
    End& to = *static_cast<End*>(argument);
    const std::uint64_t began = cycle_count();
    to.worker.finish(to.at);
    to.cycles = cycle_count() - began;
    to.reached.store(true, std::memory_order_release);
    return 0;
  };
  run_on_measured_lcore(run_to_end, &end, [&] {
    while (!end.reached.load(std::memory_order_acquire)) take_records();
  });
  take_records();
  return static_cast<double>(end.cycles) / tsc_hz();
}

PassCounts WorkerPass::counts() {
  PassCounts out = fed_;
  out.stages = worker_->stage_costs();
  out.counters = worker_->counters();
  const worker::VniLedgers& ledgers = worker_->ledgers();
  for (std::uint32_t slot = 0; slot < ledgers.count(); ++slot) out.ledger += ledgers.at(slot);
  return out;
}

bool WorkerPass::balances() {
  const worker::VniLedgers& ledgers = worker_->ledgers();
  for (std::uint32_t slot = 0; slot < ledgers.count(); ++slot)
    if (!ledgers.at(slot).balances()) return false;
  return true;
}

Figures counter_figures(const ledger::Counters& from, const ledger::Counters& to) {
  Figures out;
  for (const ledger::CounterText& row : ledger::kCounterTexts)
    if (const std::uint64_t n = to[row.id] - from[row.id]; n != 0 && row.id != Counter::flows_active)
      out.count(row.name, n);
  return out;
}

double cycles_per_packet(const PassCounts& from, const PassCounts& to) noexcept {
  return static_cast<double>(to.cycles - from.cycles) / static_cast<double>(to.packets - from.packets);
}

bool overloaded(const ledger::Counters& counters) noexcept {
  return std::any_of(kLosses.begin(), kLosses.end(), [&](Counter c) { return counters[c] > 0; });
}

Figures worker_figures(const PassCounts& from, const PassCounts& to) {
  const auto packets = static_cast<double>(to.packets - from.packets);
  const double seconds = static_cast<double>(to.cycles - from.cycles) / tsc_hz();
  const auto payload = static_cast<double>(to.ledger.payload_received - from.ledger.payload_received);
  Figures out;
  out.count("packets", to.packets - from.packets).number("seconds", seconds);
  out.number("kpps", packets / seconds / 1e3).number("cycles_per_packet", cycles_per_packet(from, to));
  out.number("outer_gbit_per_s", static_cast<double>(to.outer_bytes - from.outer_bytes) * 8e-9 / seconds);
  out.number("payload_gbit_per_s", payload * 8e-9 / seconds);
  out.count("alerts", to.alerts - from.alerts).count("records", to.records - from.records);
  out.count("flows_created", to.counters[Counter::flows_created] - from.counters[Counter::flows_created]);
  out.count("flows_active", to.counters[Counter::flows_active]);
  if (kStageCyclesCounted) {
    out.object("stages", stage_figures(from.stages, to.stages, packets));
  } else {
    out.none("stages");
  }
  out.object("ledger", ledger_figures(from.ledger, to.ledger));
  return std::move(out.object("counters", counter_figures(from.counters, to.counters)));
}

}  // namespace mirrorscan::bench
