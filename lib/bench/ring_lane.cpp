#include "bench/ring_lane.h"

#include <rte_mbuf.h>
#include <rte_pause.h>

#include <algorithm>
#include <array>

#include "base/cycles.h"
#include "bench/machine.h"
#include "packet/access.h"

namespace mirrorscan::bench {
namespace {

constexpr unsigned kDatagramMbufs = 4'095;
constexpr std::size_t kExpectedAlerts = 1 << 17;

}  // namespace

Timestamp tsc_time() noexcept {
  static const std::uint64_t origin = cycle_count();
  static const double ticks_a_us = tsc_hz() / 1e6;
  return {static_cast<std::int64_t>(static_cast<double>(cycle_count() - origin) / ticks_a_us)};
}

std::size_t RingOutput::hand_over(std::span<rte_mbuf*> packets) noexcept {
  const Timestamp now = tsc_time();
  const std::size_t fits = std::min(packets.size(), ring_.room());
  for (rte_mbuf* m : packets.first(fits)) packet::meta(*m).time = now;
  return ring_.push(packets.first(fits));
}

RingLane::RingLane(const WorkerPass::Options& options, RingOutput::Ring& ring)
    : burst_(std::clamp<std::uint32_t>(options.burst, 1, worker::Worker::kMaxBurst)),
      ring_(ring),
      records_(kRecords) {
  alerts_.reserve(kExpectedAlerts);
}

Result<std::unique_ptr<RingLane>> RingLane::make(const WorkerPass::Options& options, RingOutput::Ring& ring) {
  std::unique_ptr<RingLane> lane(new RingLane(options, ring));
  auto datagrams = engine::pool_of("datagrams", kDatagramMbufs);
  if (!datagrams) return datagrams.error();
  lane->datagrams_ = std::move(datagrams).value();
  auto tenants = worker::Tenants::from(options.config.tenants);
  if (!tenants) return tenants.error();
  auto worker = worker::Worker::make(worker::Settings::from(options.config), std::move(tenants).value(),
                                     options.rules, *lane->datagrams_, lane->records_);
  if (!worker) return worker.error();
  lane->worker_ = std::move(worker).value();
  return lane;
}

void RingLane::run() noexcept {
  std::array<rte_mbuf*, worker::Worker::kMaxBurst> burst;
  for (;;) {
    const bool last_look = stop_.load(std::memory_order_acquire);
    const std::uint64_t began = cycle_count();
    const std::size_t n = ring_.pop(std::span(burst).first(burst_));
    if (n == 0) {
      if (last_look) break;
      worker_->idle(tsc_time());
      rte_pause();
      continue;
    }
    worker_->process(std::span(burst).first(n));
    busy_cycles_ += cycle_count() - began;
    packets_ += n;
    take_records(Timed::yes);
  }
  worker_->finish(tsc_time());
  take_records(Timed::no);
}

void RingLane::take_records(Timed timed) noexcept {
  const Timestamp now = tsc_time();
  std::array<record::Record, 8> taken;
  for (std::size_t n = records_.pop(taken); n > 0; n = records_.pop(taken))
    for (const record::Record& record : std::span(taken).first(n)) {
      if (record.type != record::Type::alert) continue;
      alerts_.push_back(record);
      if (timed == Timed::yes)
        latency_us_.record(static_cast<std::uint64_t>(std::max<std::int64_t>((now - record.time).us, 0)));
    }
}

bool RingLane::balances() const {
  const worker::VniLedgers& ledgers = worker_->ledgers();
  for (std::uint32_t slot = 0; slot < ledgers.count(); ++slot)
    if (!ledgers.at(slot).balances()) return false;
  return true;
}

}  // namespace mirrorscan::bench
