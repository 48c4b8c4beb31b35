#pragma once
// DPDK's environment: lcores and memory. Once a process.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

struct rte_mempool;

namespace mirrorscan::engine {

struct EalOptions {
  unsigned lcores = 2;  ///< main and workers; they share the CPUs this process may run on
  unsigned memory_mb = 256;
  std::vector<std::string> more;  ///< further EAL arguments, such as --vdev
};

/// Uses hugepages when enough of them are free and does without otherwise. Errors: what EAL says, or a CPU
/// without the instructions this program was built for.
[[nodiscard]] Status start_eal(const EalOptions& options);
void stop_eal() noexcept;

/// Mbufs of 2 KiB data room whose private area holds packet::Meta. `count` is rounded up to 2^n - 1, DPDK's
/// best fit.
[[nodiscard]] Result<rte_mempool*> make_mbuf_pool(const std::string& name, unsigned count);
void free_mbuf_pool(rte_mempool* pool) noexcept;

}  // namespace mirrorscan::engine
