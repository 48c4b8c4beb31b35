#pragma once
// What a worker counted, for other threads to read while it goes on: the worker copies it when it is asked,
// between two bursts, so that what is read belongs together and balances.

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "ledger/counter.h"
#include "ruleset/rule_cost.h"
#include "worker/vni_ledgers.h"

namespace mirrorscan::worker {

class Worker;

class Published {
 public:
  explicit Published(std::size_t rules) : rule_costs_(rules) {}

  // Reader: one thread.
  void ask() noexcept { asked_.store(asked_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }
  /// After ask(): whether ledgers(), counters() and rule_costs() are those of now; they stay until the next
  /// ask().
  [[nodiscard]] bool answered() const noexcept {
    return answered_.load(std::memory_order_acquire) == asked_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] const VniLedgers& ledgers() const noexcept { return ledgers_; }
  [[nodiscard]] const ledger::Counters& counters() const noexcept { return counters_; }
  [[nodiscard]] std::span<const ruleset::RuleCost> rule_costs() const noexcept { return rule_costs_; }

  // Worker: between two bursts.
  [[nodiscard]] bool asked() const noexcept {
    return asked_.load(std::memory_order_acquire) != answered_.load(std::memory_order_relaxed);
  }
  /// Cost: a copy of 1.3 KB for each VNI that the worker has seen, and of 40 bytes for each rule.
  void answer(Worker& worker) noexcept;

 private:
  alignas(128) std::atomic<std::uint64_t> asked_{0};
  alignas(128) std::atomic<std::uint64_t> answered_{0};
  VniLedgers ledgers_;
  ledger::Counters counters_;
  std::vector<ruleset::RuleCost> rule_costs_;
};

}  // namespace mirrorscan::worker
