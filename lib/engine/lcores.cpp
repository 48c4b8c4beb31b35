#include "engine/lcores.h"

#include <fmt/format.h>
#include <rte_debug.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include <chrono>
#include <thread>

namespace mirrorscan::engine {

Result<std::vector<unsigned>> idle_lcores(std::size_t count) {
  std::vector<unsigned> lcores;
  unsigned lcore = 0;
  RTE_LCORE_FOREACH_WORKER(lcore) {
    if (lcores.size() == count) break;
    if (rte_eal_get_lcore_state(lcore) == WAIT) lcores.push_back(lcore);
  }
  if (lcores.size() == count) return lcores;
  return Error{"DPDK", fmt::format("{} lcores are free for {} workers", lcores.size(), count),
               "start EAL with one lcore more than workers"};
}

void launch_on(unsigned lcore, int (*job)(void*), void* argument) noexcept {
  RTE_VERIFY(rte_eal_remote_launch(job, argument, lcore) == 0);
}

void wait_for(unsigned lcore) noexcept {
  // rte_eal_wait_lcore() spins, on a CPU that the exporter may need to let the lane end.
  while (rte_eal_get_lcore_state(lcore) == RUNNING) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  (void)rte_eal_wait_lcore(lcore);
}

}  // namespace mirrorscan::engine
