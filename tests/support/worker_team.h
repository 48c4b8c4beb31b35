#pragma once
// Several workers of `run` driven by hand in one thread: frames arrive on the queues of chosen workers, and a
// random schedule decides who works next. What the lcores of a machine may do to each other in time, this
// does on purpose.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "support/conversation.h"
#include "support/worker_bench.h"

namespace mirrorscan::support {

/// A frame and the worker on whose queue it arrives.
struct Arrival {
  Frame frame;
  std::uint32_t worker = 0;
};

class WorkerTeam {
 public:
  struct Size {
    std::uint32_t workers = 2;
    std::size_t inbox = 256, datagrams = 64;
    std::size_t records = 16'384;
    std::size_t queries = 1'024;
  };
  WorkerTeam(const config::Config& config, std::shared_ptr<const ruleset::Ruleset> rules, const Size& size);
  ~WorkerTeam();

  /// Gives all arrivals, in order for each worker, in bursts of up to `burst`.
  void feed(const std::vector<Arrival>& arrivals, std::size_t burst, Random& random);
  /// Empties the inboxes and ends all flows.
  void finish();

  [[nodiscard]] std::vector<SeenAlert> take_alerts();
  [[nodiscard]] ledger::Ledger total() const;
  [[nodiscard]] std::uint64_t counter(ledger::Counter counter) const;
  /// What does not balance, by worker, and what was sent and never taken; empty when all is well.
  [[nodiscard]] std::string imbalance() const;

 private:
  void drain();
  [[nodiscard]] std::size_t take_in();

  std::shared_ptr<const ruleset::Ruleset> rules_;
  worker::Exchange exchange_;
  std::vector<std::unique_ptr<worker::RecordRing>> rings_;
  std::vector<std::unique_ptr<worker::Worker>> workers_;
  std::vector<SeenAlert> alerts_;
};

}  // namespace mirrorscan::support
