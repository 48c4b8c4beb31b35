#include "bench/machine.h"

#include <rte_cycles.h>
#include <rte_debug.h>
#include <rte_eal.h>
#include <sched.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/cycles.h"
#include "engine/eal.h"
#include "engine/lcores.h"

namespace mirrorscan::bench {
namespace {

std::vector<std::uint32_t> cpus_of_process() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  std::vector<std::uint32_t> cpus;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    for (std::uint32_t cpu = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &allowed)) cpus.push_back(cpu);
  return cpus;
}

/// EAL narrows the affinity of the thread that starts it, so this is asked for before.
const std::vector<std::uint32_t>& cpus() {
  static const std::vector<std::uint32_t> all = cpus_of_process();
  return all;
}

double measure_tsc_hz() {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point begin = Clock::now();
  const std::uint64_t first = cycle_count();
  Clock::time_point end = begin;
  while (end - begin < std::chrono::milliseconds(200)) end = Clock::now();
  return static_cast<double>(cycle_count() - first) / std::chrono::duration<double>(end - begin).count();
}

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown";
}

/// Nanoseconds that jobs took, and had the CPU.
struct Occupancy {
  std::atomic<std::uint64_t> wall_ns{0}, cpu_ns{0};
} occupancy;

[[nodiscard]] std::uint64_t now_ns(clockid_t clock) noexcept {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

struct Task {
  int (*job)(void*);
  void* argument;
};

int run_task(void* argument) {
  const Task& task = *static_cast<const Task*>(argument);
  const MeasuredTime measured;
  return task.job(task.argument);
}

}  // namespace

double tsc_hz() {
  static const double hz = measure_tsc_hz();
  return hz;
}

std::uint64_t rss_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

unsigned usable_cpus() {
  return static_cast<unsigned>(cpus().size());
}

Status start_eal(unsigned workers, std::uint64_t memory_bytes) {
  (void)tsc_hz();
  engine::EalOptions options;
  options.lcores = workers + 1;
  options.memory_mb = static_cast<unsigned>((memory_bytes >> 20) + 1);
  for (unsigned i = 0; i < workers; ++i)
    options.worker_cpus.push_back(cpus()[cpus().size() - 1 - i % cpus().size()]);
  return engine::start_eal(options);
}

Figures machine_figures() {
  utsname kernel{};
  uname(&kernel);
  Figures out;
  out.text("cpu", cpu_name()).count("cpus", usable_cpus()).text("kernel", kernel.release);
  out.number("tsc_hz", tsc_hz());
  const long l3 = sysconf(_SC_LEVEL3_CACHE_SIZE);
  if (rte_get_tsc_hz() != 0) {
    out.count("tsc_hz_dpdk", rte_get_tsc_hz()).truth("hugepages", rte_eal_has_hugepages() != 0);
  } else {
    out.none("tsc_hz_dpdk").none("hugepages");
  }
  return std::move(out.count("l3_bytes", l3 > 0 ? static_cast<std::uint64_t>(l3) : 0));
}

MeasuredTime::MeasuredTime() noexcept
    : wall_ns_(now_ns(CLOCK_MONOTONIC)), cpu_ns_(now_ns(CLOCK_THREAD_CPUTIME_ID)) {}

MeasuredTime::~MeasuredTime() {
  occupancy.cpu_ns += now_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_ns_;
  occupancy.wall_ns += now_ns(CLOCK_MONOTONIC) - wall_ns_;
}

double cpu_share() {
  if (occupancy.wall_ns == 0) return 1;
  return static_cast<double>(occupancy.cpu_ns) / static_cast<double>(occupancy.wall_ns);
}

void run_on_measured_lcore(int (*job)(void*), void* argument, const std::function<void()>& meanwhile) {
  const auto lcores = engine::idle_lcores(1);
  RTE_VERIFY(lcores.ok());  // start_eal() gave one, and nothing runs on it between two calls
  Task task{job, argument};
  engine::launch_on(lcores.value().front(), run_task, &task);
  if (meanwhile) meanwhile();
  engine::wait_for(lcores.value().front());
}

}  // namespace mirrorscan::bench
