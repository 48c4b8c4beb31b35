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
  std::vector<std::string> more;  ///< further EAL arguments; without `-a` PCI devices are left alone
};

/// Uses hugepages when enough of them are free and does without otherwise. Errors: what EAL says, or a CPU
/// without the instructions this program was built for.
[[nodiscard]] Status start_eal(const EalOptions& options);
void stop_eal() noexcept;

struct MbufPool {
  unsigned mbufs = 0;             ///< rounded up to 2^n - 1, DPDK's best fit
  unsigned buffer_bytes = 2'048;  ///< data of one mbuf, without headroom; at most 65,407
  int socket = -1;                ///< NUMA node; -1 = any
};

/// Mbufs whose private area holds packet::Meta.
[[nodiscard]] Result<rte_mempool*> make_mbuf_pool(const std::string& name, const MbufPool& wanted);
[[nodiscard]] Result<rte_mempool*> make_mbuf_pool(const std::string& name, unsigned mbufs);
void free_mbuf_pool(rte_mempool* pool) noexcept;

}  // namespace mirrorscan::engine
