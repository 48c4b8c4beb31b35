#include "engine/replay.h"

#include <fmt/format.h>
#include <rte_mbuf.h>
#include <rte_pause.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <utility>

#include "engine/eal.h"
#include "engine/exporter_thread.h"
#include "engine/lcores.h"
#include "engine/log.h"
#include "engine/losses.h"
#include "engine/snapshot.h"
#include "exporter/eve_file.h"
#include "packet/access.h"
#include "worker/worker.h"

namespace mirrorscan::engine {
namespace {

using worker::PacketRing;

constexpr std::size_t kRingPackets = 2'048;
constexpr unsigned kCaptureMbufs = 16'383;
constexpr std::size_t kDatagramsWaiting = 4;  ///< from one worker to another
constexpr std::size_t kQueriesWaiting = 256;  ///< likewise, where a rule asks for the state of hosts
constexpr unsigned kMbufsOfADatagram = 33;    ///< of 64 KiB
constexpr unsigned kLeastDatagramMbufs = 1'023;
constexpr unsigned kCachedMbufs = 384;  ///< that an lcore may keep: DPDK's cache of 256, filled half over

/// Waiting on a machine whose cores are shared: let the other side run.
void wait_a_little() noexcept {
  rte_pause();
  sched_yield();
}

/// How far the capture has been dealt out.
struct Dealt {
  std::atomic<std::uint64_t> below{0};   ///< every packet with a lower capture index is in a lane
  std::atomic<std::int64_t> time_us{0};  ///< of the last of them; to be read before `below`
  Timestamp end;                         ///< of the last packet; to be read once `below` is Exchange::kEnd
};

struct ReplayLane {
  std::unique_ptr<worker::Worker> worker;
  PacketRing packets{kRingPackets};
  const Dealt* dealt = nullptr;
  std::uint32_t burst = 0;
};

/// Hands the worker what the lane brings. Whatever was dealt out before an empty look into the lane is not
/// for this worker.
std::size_t feed(ReplayLane& lane) {
  std::array<rte_mbuf*, ReplayOptions::kMaxBurst> burst;
  if (!lane.worker->takes_more()) return 0;
  const Timestamp time{lane.dealt->time_us.load(std::memory_order_acquire)};
  const std::uint64_t dealt = lane.dealt->below.load(std::memory_order_acquire);
  const std::size_t n = lane.packets.pop(std::span(burst).first(lane.burst));
  const std::uint64_t next = n > 0 ? packet::meta(*burst[n - 1]).capture_index + 1 : dealt;
  lane.worker->feed(std::span(burst).first(n), next, n > 0 ? packet::meta(*burst[n - 1]).time : time);
  return n;
}

int run_lane(void* argument) {
  ReplayLane& lane = *static_cast<ReplayLane*>(argument);
  while (!lane.worker->finished()) {
    const std::size_t fed = feed(lane);
    if (lane.worker->advance(lane.burst) + fed == 0) wait_a_little();
  }
  lane.worker->finish(lane.dealt->end);
  while (!lane.worker->hosts_settled()) wait_a_little();
  return 0;
}

/// Deals the packets of the source out in turn, so that the packets of a flow come to all workers. Says how
/// many there were.
std::uint64_t deal(PacketSource& source, rte_mempool& pool,
                   std::span<const std::unique_ptr<ReplayLane>> lanes, Dealt& dealt) {
  std::array<rte_mbuf*, 64> burst;
  std::uint64_t count = 0;
  while (!source.exhausted()) {
    const std::size_t n = source.read(burst, pool);
    if (n == 0 && !source.exhausted()) wait_a_little();
    for (rte_mbuf* m : std::span(burst).first(n)) {
      packet::Meta& meta = packet::meta(*m);
      dealt.end = meta.time = std::max(dealt.end, meta.time);  // captures may step back; flows must not
      const Timestamp reached = dealt.end;                     // the packet is another thread's soon
      meta.capture_index = count++;
      while (!lanes[meta.capture_index % lanes.size()]->packets.try_push(m)) wait_a_little();
      dealt.below.store(count, std::memory_order_release);
      dealt.time_us.store(reached.us, std::memory_order_release);
    }
  }
  return count;
}

/// What the workers of a replay share.
struct Workers {
  Pool captured, datagrams;
  std::unique_ptr<worker::Exchange> exchange;
  std::vector<std::unique_ptr<RecordRing>> records;
  std::vector<std::unique_ptr<ReplayLane>> lanes;
  Dealt dealt;
};

[[nodiscard]] Status make_pools(Workers& all, std::uint32_t workers) {
  auto captured = pool_of("capture", kCaptureMbufs);
  if (!captured) return captured.error();
  const auto waiting =
      static_cast<unsigned>(workers * workers * kDatagramsWaiting + workers) * kMbufsOfADatagram +
      workers * kCachedMbufs;
  auto datagrams = pool_of("datagrams", std::max(kLeastDatagramMbufs, waiting));
  if (!datagrams) return datagrams.error();
  all.captured = std::move(captured).value();
  all.datagrams = std::move(datagrams).value();
  return success();
}

[[nodiscard]] Status make_lanes(Workers& all, const ReplayOptions& options) {
  worker::Settings settings = worker::Settings::from(options.config);
  settings.when_full = worker::WhenFull::wait;
  all.exchange = std::make_unique<worker::Exchange>(options.workers, kRingPackets, kDatagramsWaiting,
                                                    worker::Order::by_capture_index,
                                                    options.rules->asks_hosts ? kQueriesWaiting : 1);
  for (std::uint32_t i = 0; i < options.workers; ++i) {
    auto tenants = worker::Tenants::from(options.config.tenants);
    if (!tenants) return tenants.error();
    all.records.push_back(std::make_unique<RecordRing>(options.config.output.ring_records));
    auto worker = worker::Worker::make(settings, std::move(tenants).value(), options.rules, *all.datagrams,
                                       *all.records.back(), {all.exchange.get(), i});
    if (!worker) return worker.error();
    auto lane = std::make_unique<ReplayLane>();
    lane->worker = std::move(worker).value();
    lane->dealt = &all.dealt;
    lane->burst = std::clamp(options.burst, 1U, ReplayOptions::kMaxBurst);
    all.lanes.push_back(std::move(lane));
  }
  return success();
}

/// The lanes at work, one on each lcore. They work on what replay() owns, so they end before it does, even
/// where an exception is the reason.
class LanesAtWork {
 public:
  LanesAtWork(Workers& all, std::span<const unsigned> lcores) noexcept : all_(all), lcores_(lcores) {
    for (std::size_t i = 0; i < lcores_.size(); ++i) launch_on(lcores_[i], run_lane, all_.lanes[i].get());
  }
  LanesAtWork(const LanesAtWork&) = delete;
  LanesAtWork& operator=(const LanesAtWork&) = delete;
  ~LanesAtWork() { end(); }

  /// Nothing more is dealt out; waits until they have inspected everything.
  void end() noexcept {
    all_.dealt.below.store(worker::Exchange::kEnd, std::memory_order_release);
    for (const unsigned lcore : lcores_) wait_for(lcore);
  }

 private:
  Workers& all_;
  std::span<const unsigned> lcores_;
};

}  // namespace

Result<ReplayResult> replay(const ReplayOptions& options, PacketSource& source) {
  const auto lcores = idle_lcores(options.workers);
  if (!lcores) return lcores.error();
  Workers all;
  if (Status pools = make_pools(all, options.workers); !pools) return pools.error();
  auto file = exporter::NdjsonFile::open(options.eve_path, exporter::Existing::replace);
  if (!file) return file.error();
  auto eve = std::make_unique<exporter::EveFile>(std::move(file).value());
  const exporter::EveFile& written = *eve;
  Sinks sinks;
  sinks.push_back(std::move(eve));
  if (Status lanes = make_lanes(all, options); !lanes) return lanes.error();
  std::vector<RecordRing*> rings;
  for (const auto& ring : all.records) rings.push_back(ring.get());
  ExporterThread exporter(std::move(rings), exporter::EveWriter::Options::from(options.config), sinks,
                          options.rules, {});

  const auto started = std::chrono::steady_clock::now();
  ReplayResult result;
  LanesAtWork at_work(all, lcores.value());
  const std::uint64_t packets = deal(source, *all.captured, all.lanes, all.dealt);
  at_work.end();

  result.stats.time = all.dealt.end;
  result.source_error = source.error();
  result.stats.uptime_s = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started).count());
  result.stats.rules_loaded = options.rules_loaded;
  result.stats.rules_failed = options.rules_failed;
  result.stats.ports.push_back({.name = "capture", .received = packets});
  result.stats.rules_told = options.config.output.rule_stats;
  for (std::size_t i = 0; i < all.lanes.size(); ++i) {
    worker::Worker& worker = *all.lanes[i]->worker;
    add_worker(result.stats, lcores.value()[i], worker.ledgers(), worker.counters(), options.config);
    add_rules(result.stats, worker.rule_costs(), *options.rules);
  }
  exporter.finish(result.stats);
  for (const std::string& loss : new_losses({}, result.stats)) log_warning(loss);
  if (written.error()) return *written.error();
  return result;
}

}  // namespace mirrorscan::engine
