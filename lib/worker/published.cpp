#include "worker/published.h"

#include <algorithm>

#include "worker/worker.h"

namespace mirrorscan::worker {

void Published::answer(Worker& worker) noexcept {
  const std::uint64_t asked = asked_.load(std::memory_order_acquire);
  ledgers_.copy_from(worker.ledgers());
  counters_ = worker.counters();
  const auto costs = worker.rule_costs();
  std::copy_n(costs.begin(), std::min(costs.size(), rule_costs_.size()), rule_costs_.begin());
  answered_.store(asked, std::memory_order_release);
}

}  // namespace mirrorscan::worker
