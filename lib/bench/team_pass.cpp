#include "bench/team_pass.h"

#include <rte_debug.h>
#include <rte_mbuf.h>
#include <rte_pause.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "base/cycles.h"
#include "bench/machine.h"
#include "decode/decode.h"
#include "engine/lcores.h"
#include "packet/access.h"
#include "steer/steer.h"

namespace mirrorscan::bench {
namespace {

constexpr unsigned kDatagramMbufs = 16'383;
constexpr std::size_t kQueriesWaiting = 1'024;
constexpr std::size_t kDatagramsWaiting = 64;  ///< between two workers
constexpr std::size_t kRingRecords = 262'144;

[[nodiscard]] std::uint8_t arrival_of(const packet::Meta& meta, const worker::Settings& settings,
                                      std::uint32_t workers, Arrival arrival) noexcept {
  const std::uint64_t hash = steer::flow_hash(meta, settings.steer_seed);
  const std::uint32_t owner = steer::owner(hash, workers);
  if (arrival == Arrival::friendly) return static_cast<std::uint8_t>(owner);
  const bool first_end = std::tie(meta.src, meta.src_port) < std::tie(meta.dst, meta.dst_port);
  const bool turned = (hash & 1) != 0;  // of half of the flows it is the other end's packets
  const std::uint32_t away = (workers > 2 ? 1U : 0U) + (first_end != turned ? 1U : 0U);
  return static_cast<std::uint8_t>((owner + away) % workers);
}

}  // namespace

std::vector<std::uint8_t> arrivals_of(const StoredFrames& frames, const worker::Settings& settings,
                                      std::uint32_t workers, Arrival arrival, rte_mempool& pool) {
  std::vector<std::uint8_t> out(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    rte_mbuf* m = packet::from_bytes(pool, frames.at(i).bytes);
    if (m == nullptr) continue;
    packet::Meta& meta = packet::meta(*m);
    meta = {};
    decap::Observed observed;
    if (decap::decapsulate(*m, settings.decap, meta.tunnel, observed) == ledger::PacketEnd::none &&
        decode::decode(*m, meta) == ledger::PacketEnd::none)
      out[i] = arrival_of(meta, settings, workers, arrival);
    rte_pktmbuf_free(m);
  }
  return out;
}

TeamPass::TeamPass(const WorkerPass::Options& options, std::uint32_t workers)
    : burst_(std::clamp<std::uint32_t>(options.burst, 1, worker::Worker::kMaxBurst)),
      parallel_(usable_cpus() >= workers),
      exchange_(std::make_unique<worker::Exchange>(workers, options.config.workers.inbox_packets,
                                                   kDatagramsWaiting, worker::Order::as_they_come,
                                                   options.rules->asks_hosts ? kQueriesWaiting : 1)) {}

Result<std::unique_ptr<TeamPass>> TeamPass::make(const WorkerPass::Options& options, std::uint32_t workers) {
  std::unique_ptr<TeamPass> team(new TeamPass(options, workers));
  auto datagrams = engine::pool_of("datagrams", kDatagramMbufs);
  if (!datagrams) return datagrams.error();
  team->datagrams_ = std::move(datagrams).value();
  for (std::uint32_t i = 0; i < workers; ++i) {
    auto lane = std::make_unique<Lane>();
    lane->team = team.get();
    lane->ring = std::make_unique<worker::RecordRing>(kRingRecords);
    auto tenants = worker::Tenants::from(options.config.tenants);
    if (!tenants) return tenants.error();
    auto worker =
        worker::Worker::make(worker::Settings::from(options.config), std::move(tenants).value(),
                             options.rules, *team->datagrams_, *lane->ring, {team->exchange_.get(), i});
    if (!worker) return worker.error();
    lane->worker = std::move(worker).value();
    team->lanes_.push_back(std::move(lane));
  }
  return team;
}

void TeamPass::feed(const StoredFrames& frames, const std::vector<std::uint8_t>& arrivals, MbufChunk& chunk) {
  StoredSource source(frames);
  std::size_t first = 0;
  while (const std::size_t packets = chunk.fill(source)) {
    deal(chunk, arrivals, first);
    first += packets;
    if (parallel_) {
      run_in_parallel();
    } else {
      on_measured_lcore([this]() noexcept { take_turns(); });
    }
    packets_ += packets;
    outer_bytes_ += chunk.bytes();
    last_ = chunk.times().back() + later_;
  }
}

void TeamPass::deal(MbufChunk& chunk, const std::vector<std::uint8_t>& arrivals, std::size_t first) {
  for (const auto& lane : lanes_) {
    lane->packets.clear();
    lane->times.clear();
    lane->bursts.store(0);
    lane->done.store(false);
  }
  for (std::size_t i = 0; i < chunk.packets().size(); ++i) {
    Lane& lane = *lanes_[arrivals[first + i]];
    lane.packets.push_back(chunk.packets()[i]);
    lane.times.push_back(chunk.times()[i] + later_);
  }
}

bool TeamPass::one_burst(Lane& lane, std::size_t number) noexcept {
  std::array<rte_mbuf*, worker::Worker::kMaxBurst> burst;
  const std::size_t first = number * burst_;
  if (first >= lane.packets.size()) return false;
  const std::size_t n = std::min<std::size_t>(burst_, lane.packets.size() - first);
  const std::uint64_t began = cycle_count();
  for (std::size_t i = 0; i < n; ++i) {
    burst[i] = lane.packets[first + i];
    packet::meta(*burst[i]).time = lane.times[first + i];
  }
  lane.worker->process(std::span(burst).first(n));
  lane.cycles += cycle_count() - began;
  return true;
}

/// Looking into empty inboxes is not counted: a lane of `run` does it once a round, whatever comes.
std::size_t TeamPass::take_in(Lane& lane) noexcept {
  const std::uint64_t began = cycle_count();
  const std::size_t packets = lane.worker->take_in();
  if (packets > 0) lane.cycles += cycle_count() - began;
  if (lane.ring->size() >= lane.ring->capacity() / 4) take_records(lane);
  return packets;
}

void TeamPass::take_turns() noexcept {
  const std::uint64_t began = cycle_count();
  bool more = true;
  for (std::size_t number = 0; more; ++number) {
    more = false;
    for (const auto& lane : lanes_) more |= one_burst(*lane, number);
    for (const auto& lane : lanes_) more |= take_in(*lane) > 0;
  }
  wall_cycles_ += cycle_count() - began;
}

void TeamPass::run_in_parallel() {
  const auto lcores = engine::idle_lcores(lanes_.size());
  RTE_VERIFY(lcores.ok());  // start_eal() gave one for each worker
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    engine::launch_on(lcores.value()[i], run_lane, lanes_[i].get());
  for (const unsigned lcore : lcores.value()) engine::wait_for(lcore);
  std::uint64_t began = ~std::uint64_t{0}, ended = 0;
  for (const auto& lane : lanes_) {
    began = std::min(began, lane->began);
    ended = std::max(ended, lane->ended);
  }
  wall_cycles_ += ended - began;
}

bool TeamPass::far_ahead(const Lane& lane, std::size_t number) const noexcept {
  return std::any_of(lanes_.begin(), lanes_.end(), [&](const auto& other) {
    return other.get() != &lane && !other->done.load(std::memory_order_acquire) &&
           other->bursts.load(std::memory_order_acquire) + kAhead < number;
  });
}

bool TeamPass::all_done() const noexcept {
  return std::all_of(lanes_.begin(), lanes_.end(),
                     [](const auto& lane) { return lane->done.load(std::memory_order_acquire); });
}

int TeamPass::run_lane(void* argument) {
  Lane& lane = *static_cast<Lane*>(argument);
  TeamPass& team = *lane.team;
  const MeasuredTime measured;
  lane.began = cycle_count();
  for (std::size_t number = 0; team.one_burst(lane, number); ++number) {
    lane.bursts.store(number + 1, std::memory_order_release);
    do {
      if (team.take_in(lane) == 0) rte_pause();
    } while (team.far_ahead(lane, number + 1));
  }
  lane.done.store(true, std::memory_order_release);
  for (;;) {  // what was sent before the last of them was done is in the inbox when that is seen
    const bool last_look = team.all_done();
    if (team.take_in(lane) == 0 && last_look) break;
    rte_pause();
  }
  lane.ended = cycle_count();
  return 0;
}

void TeamPass::take_records(Lane& lane) noexcept {
  std::array<record::Record, 64> taken;
  for (std::size_t n = lane.ring->pop(taken); n > 0; n = lane.ring->pop(taken)) {
    lane.records += n;
    for (const record::Record& record : std::span(taken).first(n))
      lane.alerts += record.type == record::Type::alert ? 1 : 0;
  }
}

void TeamPass::finish() {
  for (const auto& lane : lanes_) {
    take_records(*lane);
    on_measured_lcore([&]() noexcept { lane->worker->finish(last_); });
    take_records(*lane);
  }
}

PassCounts TeamPass::counts() {
  PassCounts out;
  out.packets = packets_;
  out.outer_bytes = outer_bytes_;
  for (const auto& lane : lanes_) {
    take_records(*lane);
    out.cycles += lane->cycles;
    out.records += lane->records;
    out.alerts += lane->alerts;
    const ledger::Counters& counters = lane->worker->counters();
    for (std::size_t i = 0; i < ledger::kCounters; ++i) out.counters.values[i] += counters.values[i];
    const StageCosts stages = lane->worker->stage_costs();
    for (std::size_t i = 0; i < kStages; ++i) out.stages[i].cycles += stages[i].cycles;
    for (std::uint32_t slot = 0; slot < lane->worker->ledgers().count(); ++slot)
      out.ledger += lane->worker->ledgers().at(slot);
  }
  return out;
}

std::uint64_t TeamPass::handed_over() {
  return counts().ledger.steered_out.packets;
}

bool TeamPass::balances() {
  for (const auto& lane : lanes_)
    for (std::uint32_t slot = 0; slot < lane->worker->ledgers().count(); ++slot)
      if (!lane->worker->ledgers().at(slot).balances()) return false;
  return true;
}

}  // namespace mirrorscan::bench
