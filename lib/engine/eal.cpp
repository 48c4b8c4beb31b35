#include "engine/eal.h"

#include <fmt/format.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_mbuf_pool_ops.h>
#include <sched.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <fstream>
#include <limits>
#include <string_view>

#include "packet/meta.h"

namespace mirrorscan::engine {
namespace {

struct FreeMemory {
  unsigned long ordinary_mb =
      std::numeric_limits<unsigned long>::max();  ///< as long as the kernel does not say
  unsigned long hugepages_mb = 0;
};

[[nodiscard]] FreeMemory free_memory() {
  std::ifstream meminfo("/proc/meminfo");
  FreeMemory out;
  unsigned long free_pages = 0;
  unsigned long page_kb = 0;
  unsigned long available_kb = 0;
  for (std::string line; std::getline(meminfo, line);) {
    (void)std::sscanf(line.c_str(), "HugePages_Free: %lu", &free_pages);
    (void)std::sscanf(line.c_str(), "Hugepagesize: %lu", &page_kb);
    if (std::sscanf(line.c_str(), "MemAvailable: %lu", &available_kb) == 1)
      out.ordinary_mb = available_kb / 1024;
  }
  out.hugepages_mb = free_pages * page_kb / 1024;
  return out;
}

using Cpus = std::vector<std::uint32_t>;

[[nodiscard]] Cpus allowed_cpus() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  Cpus cpus;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    for (std::uint32_t cpu = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &allowed)) cpus.push_back(cpu);
  return cpus.empty() ? Cpus{0} : cpus;
}

/// "(0-2)@(0,1)": lcores 0 to 2 float over the CPUs of this process; "0@(0,1),1@2,2@3" where workers are
/// pinned.
[[nodiscard]] std::string lcore_map(const EalOptions& options, const Cpus& allowed) {
  const Cpus& main = options.main_cpus.empty() ? allowed : options.main_cpus;
  if (options.worker_cpus.empty() && options.main_cpus.empty())
    return fmt::format("(0-{})@({})", options.lcores - 1, fmt::join(allowed, ","));
  std::string map = fmt::format("0@({})", fmt::join(main, ","));
  for (unsigned lcore = 1; lcore < options.lcores; ++lcore)
    map += options.worker_cpus.empty() ? fmt::format(",{}@({})", lcore, fmt::join(allowed, ","))
                                       : fmt::format(",{}@{}", lcore, options.worker_cpus[lcore - 1]);
  return map;
}

[[nodiscard]] Status check_allowed(const Cpus& cpus, const Cpus& allowed, const char* setting) {
  for (const std::uint32_t cpu : cpus)
    if (std::find(allowed.begin(), allowed.end(), cpu) == allowed.end())
      return Error{setting, fmt::format("CPU {} is not there, or this process may not use it", cpu),
                   fmt::format("name some of the CPUs {}", fmt::join(allowed, ", ")), Until::elsewhere};
  return success();
}

[[nodiscard]] Result<std::vector<std::string>> memory_arguments(const EalOptions& options) {
  const unsigned long free_mb = free_memory().hugepages_mb;
  const bool enough = free_mb >= options.memory_mb;
  const std::string megabytes = std::to_string(options.memory_mb);
  if (options.hugepages == config::Hugepages::always && !enough)
    return Error{
        "dpdk.hugepages",
        fmt::format("{} MiB are needed and {} MiB of hugepages are free", options.memory_mb, free_mb),
        fmt::format("reserve more, such as with sysctl vm.nr_hugepages={}, or write \"auto\"",
                    (options.memory_mb + 1) / 2 + 1)};
  if (enough && options.hugepages != config::Hugepages::never)
    return std::vector<std::string>{"--in-memory", "-m", megabytes};
  return std::vector<std::string>{"--no-huge", "--no-shconf", "--iova-mode=va", "-m", megabytes};
}

/// rte_pktmbuf_pool_create(), but without hugepages the buffers lie back to back. DPDK would let none cross
/// a page of 4 KiB and so take a page for each. net_af_xdp, which counts on buffers back to back, would tell
/// the kernel of the pool's first part only: a buffer beyond it is lost as soon as the kernel gets it, until
/// the port has none left. What needs physically contiguous buffers needs hugepages anyway.
[[nodiscard]] rte_mempool* make_pool(const std::string& name, unsigned size, unsigned cache,
                                     rte_pktmbuf_pool_private data, int socket) {
  const unsigned flags = rte_eal_has_hugepages() != 0 ? 0 : RTE_MEMPOOL_F_NO_IOVA_CONTIG;
  const unsigned element =
      static_cast<unsigned>(sizeof(rte_mbuf)) + data.mbuf_priv_size + data.mbuf_data_room_size;
  rte_mempool* pool =
      rte_mempool_create_empty(name.c_str(), size, element, cache, sizeof data, socket, flags);
  if (pool == nullptr) return nullptr;
  rte_pktmbuf_pool_init(pool, &data);
  if (rte_mempool_set_ops_byname(pool, rte_mbuf_best_mempool_ops(), nullptr) == 0 &&
      rte_mempool_populate_default(pool) >= 0) {
    rte_mempool_obj_iter(pool, rte_pktmbuf_init, nullptr);
    return pool;
  }
  rte_mempool_free(pool);
  return nullptr;
}

}  // namespace

std::vector<std::uint32_t> control_cpus(const config::Config& config) {
  if (!config.control.cpus.empty() || config.workers.cpus.empty()) return config.control.cpus;
  const Cpus& taken = config.workers.cpus;
  Cpus left = allowed_cpus();
  std::erase_if(left,
                [&](std::uint32_t cpu) { return std::find(taken.begin(), taken.end(), cpu) != taken.end(); });
  return left;
}

Status check_cpus(const EalOptions& options) {
  const Cpus allowed = allowed_cpus();
  if (Status workers = check_allowed(options.worker_cpus, allowed, "workers.cpus"); !workers) return workers;
  return check_allowed(options.main_cpus, allowed, "control.cpus");
}

Status check_arguments(const std::vector<std::string>& arguments) {
  constexpr std::string_view kHelp = "--help";  // getopt takes its beginnings too
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i] == "-h" || (arguments[i].size() > 2 && kHelp.starts_with(arguments[i])))
      return Error{fmt::format("dpdk.arguments[{}]", i), arguments[i] + " makes DPDK end the program",
                   "leave it out; `dpdk-testpmd --help` lists DPDK's arguments"};
  return success();
}

Status check_memory(const EalOptions& options) {
  const FreeMemory free = free_memory();
  const bool in_hugepages =
      options.hugepages != config::Hugepages::never && free.hugepages_mb >= options.memory_mb;
  if (in_hugepages || options.memory_mb <= free.ordinary_mb) return success();
  return Error{
      "dpdk.memory_mb",
      fmt::format("{} MiB are needed for packet buffers and {} MiB are free", options.memory_mb,
                  free.ordinary_mb),
      "lower ports[].mbufs, ports[].queues, ports[].descriptors or workers.inbox_packets, or dpdk.memory_mb "
      "if it is set"};
}

Status start_eal(const EalOptions& options) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2"))
    return Error{"CPU", "it lacks AVX2 or BMI2", "run on an x86-64-v3 machine (any Nitro instance has it)"};
#endif
  const Cpus allowed = allowed_cpus();
  auto memory = memory_arguments(options);
  if (!memory) return memory.error();
  std::vector<std::string> args{"mirrorscan", "--no-telemetry", "--lcores=" + lcore_map(options, allowed),
                                "--log-level=*:error"};
  if (std::find(options.more.begin(), options.more.end(), "-a") == options.more.end())
    args.emplace_back("--no-pci");
  args.insert(args.end(), memory.value().begin(), memory.value().end());
  args.insert(args.end(), options.more.begin(), options.more.end());

  std::vector<char*> arguments;
  for (std::string& arg : args) arguments.push_back(arg.data());
  if (rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) >= 0) return success();
  return Error{"DPDK", fmt::format("its environment did not start: {}", rte_strerror(rte_errno)),
               "see the lines above; check memory limits and that no other process holds the same files"};
}

void stop_eal() noexcept {
  rte_eal_cleanup();
}

Result<rte_mempool*> make_mbuf_pool(const std::string& name, const MbufPool& wanted) {
  constexpr std::uint16_t kPrivate = RTE_ALIGN(sizeof(packet::Meta), RTE_MBUF_PRIV_ALIGN);
  const unsigned size = std::bit_ceil(std::max(wanted.mbufs, 2U) + 1) - 1;
  const unsigned cache = std::min(256U, size / 8);
  const unsigned room = wanted.buffer_bytes + RTE_PKTMBUF_HEADROOM;
  if (room > std::numeric_limits<std::uint16_t>::max())
    return Error{"mbuf pool " + name, fmt::format("an mbuf cannot hold {} bytes", wanted.buffer_bytes),
                 "lower the MTU or the frame size"};
  const rte_pktmbuf_pool_private data{
      .mbuf_data_room_size = static_cast<std::uint16_t>(room), .mbuf_priv_size = kPrivate, .flags = 0};
  rte_mempool* pool = make_pool(name, size, cache, data, wanted.socket);
  if (pool != nullptr) return pool;
  return Error{"mbuf pool " + name,
               fmt::format("{} mbufs of {} bytes could not be allocated: {}", size, wanted.buffer_bytes,
                           rte_strerror(rte_errno)),
               "give EAL more memory or ask for fewer mbufs"};
}

void free_mbuf_pool(rte_mempool* pool) noexcept {
  rte_mempool_free(pool);
}

Result<Pool> pool_of(const std::string& name, unsigned mbufs) {
  auto pool = make_mbuf_pool(name, MbufPool{.mbufs = mbufs});
  if (!pool) return pool.error();
  return Pool(pool.value());
}

}  // namespace mirrorscan::engine
