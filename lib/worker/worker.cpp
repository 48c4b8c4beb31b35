#include "worker/worker.h"

#include <utility>

namespace mirrorscan::worker {
namespace {

/// A frame, or a datagram made of fragments: 65,535 bytes behind the IPv6 header, or behind extension headers
/// that a fragment's length does not count.
constexpr std::size_t kLargestPacket = 65'536 + 4'096;
constexpr std::uint32_t kKeptQueries = 65'536;  ///< at the end of a capture, all flows' together

}  // namespace

Worker::Worker(const Settings& settings, Tenants tenants, const ruleset::Ruleset& rules,
               rte_mempool& datagrams, RecordRing& out, Place place)
    : settings_(settings),
      tenants_(std::move(tenants)),
      datagrams_(datagrams),
      out_(out),
      dedup_(settings.dedup),
      fingerprint_key_(settings.dedup.seed),
      defrag_(settings.defrag),
      flows_({settings.max_flows}, settings.timeouts),
      tenant_conflicts_(settings.flow_seed),
      assembler_(settings.reassembly),
      inspector_(settings.alert, counters_, stages_),
      place_(place),
      outboxes_(place.exchange == nullptr ? 0 : place.exchange->workers()),
      asks_hosts_(rules.asks_hosts),
      hosts_(rules.asks_hosts ? settings.max_host_states : 1, settings.flow_seed.value),
      host_queries_(place.exchange, place.self, rules.asks_hosts && in_order() ? kKeptQueries : 1),
      linear_(kLargestPacket) {
  find_sources();
  if (!asks_in_order()) return;
  ending_.reserve(flows_.max_flows());
  dues_.reserve(kDuesAtOnce);
}

Worker::~Worker() = default;

Result<std::unique_ptr<Worker>> Worker::make(const Settings& settings, Tenants tenants,
                                             std::shared_ptr<const ruleset::Ruleset> rules,
                                             rte_mempool& datagrams, RecordRing& out, Place place) {
  std::unique_ptr<Worker> worker(new Worker(settings, std::move(tenants), *rules, datagrams, out, place));
  auto generation = worker->inspector_.install(std::move(rules));
  if (!generation) return generation.error();
  worker->generations_.push_back(std::move(generation).value());
  return worker;
}

}  // namespace mirrorscan::worker
