#pragma once
// What the figures were measured on, and with: the CPU, its counter, memory.

#include <cstdint>
#include <functional>
#include <type_traits>

#include "base/result.h"
#include "bench/figures.h"

namespace mirrorscan::bench {

/// Ticks of the TSC a second, measured once against the kernel's monotonic clock. Cost: 0.2 s at the first
/// call.
[[nodiscard]] double tsc_hz();

/// Resident memory of this process, bytes (/proc/self/statm).
[[nodiscard]] std::uint64_t rss_bytes();

/// EAL with `workers` lcores beside the main one, pinned to the last CPUs of this process as far as there are
/// so many, and `memory_bytes` for mbufs and what else DPDK allocates.
[[nodiscard]] Status start_eal(unsigned workers, std::uint64_t memory_bytes);

/// CPUs that this process may use.
[[nodiscard]] unsigned usable_cpus();

/// To be asked for after start_eal(); what DPDK says is null without it.
[[nodiscard]] Figures machine_figures();

/// CPU time by wall time of all jobs on the measured lcore so far: less than 1 where other threads ran there,
/// whose time is then in the figures. 1 before the first job.
[[nodiscard]] double cpu_share();

/// Counts the time in which it is there, on its thread, into cpu_share().
class MeasuredTime {
 public:
  MeasuredTime() noexcept;
  ~MeasuredTime();
  MeasuredTime(const MeasuredTime&) = delete;
  MeasuredTime& operator=(const MeasuredTime&) = delete;

 private:
  std::uint64_t wall_ns_, cpu_ns_;
};

/// Runs `job(argument)` on the first worker lcore; meanwhile this thread does `meanwhile`, then sleeps until
/// the job has returned. Main lcore only.
void run_on_measured_lcore(int (*job)(void*), void* argument,
                           const std::function<void()>& meanwhile = nullptr);

/// Runs `job` there while this thread sleeps. `job` must not throw.
template <class Job>
void on_measured_lcore(Job&& job) {
  run_on_measured_lcore(
      [](void* argument) {
        (*static_cast<std::remove_reference_t<Job>*>(argument))();
        return 0;
      },
      &job);
}

}  // namespace mirrorscan::bench
