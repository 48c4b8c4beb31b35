#pragma once
// DPDK's environment: lcores and memory. Once a process.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"

struct rte_mempool;

namespace mirrorscan::engine {

struct EalOptions {
  unsigned lcores = 2;  ///< main and workers
  unsigned memory_mb = 256;
  config::Hugepages hugepages = config::Hugepages::automatic;
  std::vector<std::uint32_t> main_cpus;    ///< of the main lcore; empty = all that this process may run on
  std::vector<std::uint32_t> worker_cpus;  ///< one for each worker; empty = they share those of this process
  std::vector<std::string> more;           ///< further EAL arguments; without `-a` PCI devices are left alone
};

/// The CPUs of control and exporter threads: those asked for, else those of this process that no worker has;
/// empty = wherever the kernel puts them, since workers float or have all.
[[nodiscard]] std::vector<std::uint32_t> control_cpus(const config::Config& config);

/// CPUs that are not there, or that this process may not use. Error::where is the setting.
[[nodiscard]] Status check_cpus(const EalOptions& options);

/// Arguments with which DPDK would print its usage and end the process, as if its work were done.
[[nodiscard]] Status check_arguments(const std::vector<std::string>& arguments);

/// More memory than there is. Packet buffers are touched at the start: without hugepages the kernel would
/// give them until it has to end a process, this one or another.
[[nodiscard]] Status check_memory(const EalOptions& options);

/// Errors: what EAL says, a CPU without the instructions this program was built for, too few hugepages where
/// they are asked for.
[[nodiscard]] Status start_eal(const EalOptions& options);
void stop_eal() noexcept;

struct MbufPool {
  unsigned mbufs = 0;             ///< rounded up to 2^n - 1, DPDK's best fit
  unsigned buffer_bytes = 2'048;  ///< data of one mbuf, without headroom; at most 65,407
  int socket = -1;                ///< NUMA node; -1 = any
};

/// Mbufs whose private area holds packet::Meta.
[[nodiscard]] Result<rte_mempool*> make_mbuf_pool(const std::string& name, const MbufPool& wanted);
void free_mbuf_pool(rte_mempool* pool) noexcept;

struct PoolDeleter {
  void operator()(rte_mempool* pool) const noexcept { free_mbuf_pool(pool); }
};
using Pool = std::unique_ptr<rte_mempool, PoolDeleter>;

/// A pool that frees itself.
[[nodiscard]] Result<Pool> pool_of(const std::string& name, unsigned mbufs);

}  // namespace mirrorscan::engine
