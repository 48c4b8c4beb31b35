#include "engine/replay.h"

#include <fmt/format.h>
#include <rte_launch.h>
#include <rte_lcore.h>
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
#include "engine/snapshot.h"
#include "packet/access.h"
#include "worker/worker.h"

namespace mirrorscan::engine {
namespace {

using PacketRing = ring::SpscRing<rte_mbuf*>;

constexpr std::size_t kRingPackets = 2'048;
constexpr unsigned kCaptureMbufs = 16'384;
constexpr unsigned kDatagramMbufs = 1'024;

struct PoolDeleter {
  void operator()(rte_mempool* pool) const noexcept { free_mbuf_pool(pool); }
};
using Pool = std::unique_ptr<rte_mempool, PoolDeleter>;

/// Waiting on a machine whose cores are shared: let the other side run.
void wait_a_little() noexcept {
  rte_pause();
  sched_yield();
}

struct Lane {
  worker::Worker& worker;
  PacketRing packets;
  std::atomic<bool> no_more{false};
  std::uint32_t burst;
};

int run_lane(void* argument) {
  Lane& lane = *static_cast<Lane*>(argument);
  std::array<rte_mbuf*, ReplayOptions::kMaxBurst> burst;
  for (;;) {
    const bool last = lane.no_more.load(std::memory_order_acquire);
    const std::size_t n = lane.packets.pop(std::span(burst).first(lane.burst));
    if (n > 0)
      lane.worker.process(std::span(burst).first(n));
    else if (last)
      break;
    else
      wait_a_little();
  }
  lane.worker.finish();
  return 0;
}

/// Reads the source to its end; returns the time of the last packet.
Timestamp feed(PacketSource& source, rte_mempool& pool, PacketRing& packets, std::uint64_t& count) {
  std::array<rte_mbuf*, 64> burst;
  Timestamp now;
  while (!source.exhausted()) {
    const std::size_t n = source.read(burst, pool);
    if (n == 0 && !source.exhausted()) wait_a_little();
    for (rte_mbuf* m : std::span(burst).first(n)) {
      packet::Meta& meta = packet::meta(*m);
      now = meta.time = std::max(now, meta.time);  // captures may step back; flows must not
      while (!packets.try_push(m)) wait_a_little();
    }
    count += n;
  }
  return now;
}

[[nodiscard]] exporter::EveWriter writer_of(const config::Config& config) {
  exporter::EveWriter::Options options;
  options.schema = config.output.mirror_object ? exporter::Schema::mirror : exporter::Schema::strict;
  for (const config::Tenant& tenant : config.tenants) options.tenant_names.push_back(tenant.name);
  return exporter::EveWriter(std::move(options));
}

[[nodiscard]] Result<Pool> pool_of(const char* name, unsigned mbufs) {
  auto pool = make_mbuf_pool(name, mbufs);
  if (!pool) return pool.error();
  return Pool(pool.value());
}

}  // namespace

Result<ReplayResult> replay(const ReplayOptions& options, PacketSource& source) {
  auto captured = pool_of("capture", kCaptureMbufs);
  if (!captured) return captured.error();
  auto datagrams = pool_of("datagrams", kDatagramMbufs);
  if (!datagrams) return datagrams.error();
  auto tenants = worker::Tenants::from(options.config.tenants);
  if (!tenants) return tenants.error();
  auto file = exporter::NdjsonFile::open(options.eve_path, exporter::Existing::replace);
  if (!file) return file.error();

  RecordRing records(options.config.output.ring_records);
  worker::Settings settings = worker::Settings::from(options.config);
  settings.when_full = worker::WhenFull::wait;
  auto worker =
      worker::Worker::make(settings, std::move(tenants).value(), options.rules, *datagrams.value(), records);
  if (!worker) return worker.error();
  ExporterThread exporter({&records}, writer_of(options.config), std::move(file).value(), options.rules);

  const auto started = std::chrono::steady_clock::now();
  Lane lane{
      *worker.value(), PacketRing(kRingPackets), {}, std::clamp(options.burst, 1U, ReplayOptions::kMaxBurst)};
  const unsigned lcore = rte_get_next_lcore(rte_lcore_id(), 1, 0);
  if (lcore >= RTE_MAX_LCORE || rte_eal_remote_launch(run_lane, &lane, lcore) != 0)
    return Error{"replay", "no lcore is free for the worker", "start EAL with two lcores"};
  std::uint64_t packets = 0;
  ReplayResult result;
  result.stats.time = feed(source, *captured.value(), lane.packets, packets);
  lane.no_more.store(true, std::memory_order_release);
  rte_eal_wait_lcore(lcore);

  result.source_error = source.error();
  result.stats.uptime_s = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started).count());
  result.stats.rules_loaded = options.rules_loaded;
  result.stats.rules_failed = options.rules_failed;
  result.stats.ports.push_back({.name = "capture", .received = packets});
  add_worker(result.stats, lcore, *worker.value(), options.config);
  std::string last;
  exporter::append_stats_line(
      result.stats, options.config.output.mirror_object ? exporter::Schema::mirror : exporter::Schema::strict,
      last);
  if (Status written = exporter.finish(last); !written) return written.error();
  return result;
}

}  // namespace mirrorscan::engine
