#include "worker/published.h"

#include "worker/worker.h"

namespace mirrorscan::worker {

void Published::answer(Worker& worker) noexcept {
  const std::uint64_t asked = asked_.load(std::memory_order_acquire);
  ledgers_.copy_from(worker.ledgers());
  counters_ = worker.counters();
  answered_.store(asked, std::memory_order_release);
}

}  // namespace mirrorscan::worker
