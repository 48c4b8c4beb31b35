#include "worker/ahead.h"

#include "worker/worker.h"

namespace mirrorscan::worker {

using packet::Meta;

void Worker::look_ahead_for_copies(std::span<rte_mbuf* const> burst) noexcept {
  if (!settings_.dedup_enabled) return;
  const StageScope dedup(stages_, Stage::dedup, 0);
  for (std::size_t i = 0; i < burst.size(); ++i) {
    ahead_[i].identity = dedup_.identity_of(packet::meta(*burst[i]));
    dedup_.prefetch(ahead_[i].identity);
  }
  for (std::size_t i = 0; i < burst.size(); ++i) dedup_.prefetch_record(ahead_[i].identity);
}

void Worker::look_ahead_for_flows(std::span<rte_mbuf* const> burst) noexcept {
  const StageScope flow(stages_, Stage::flow, 0);
  for (std::size_t i = 0; i < burst.size(); ++i) {
    const Meta& meta = packet::meta(*burst[i]);
    if (meta.fragment) continue;
    ahead_[i].key = flow::key_of(meta, settings_.vlan_in_key);
    ahead_[i].hash = flow::hash(ahead_[i].key, settings_.flow_seed);
    flows_.prefetch(ahead_[i].hash);
  }
  for (std::size_t i = 0; i < burst.size(); ++i) {
    const Meta& meta = packet::meta(*burst[i]);
    if (meta.fragment) continue;
    const Slot guess = ahead_[i].guess = flows_.probable(ahead_[i].hash);
    if (guess != flow::kNone) flows_.state(guess).prefetch(meta.transport);
  }
}

}  // namespace mirrorscan::worker
