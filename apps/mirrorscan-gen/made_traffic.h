#pragma once
// The packets that were asked for, with what has to be known about them: attacks, ground truth, counts.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "arguments.h"
#include "base/result.h"
#include "ruleset/ruleset.h"
#include "sender/report.h"
#include "sender/watched_plans.h"
#include "traffic/book.h"
#include "traffic/generator.h"
#include "truth/attack_book.h"
#include "truth/truth_ledger.h"

namespace mirrorscan::gen {

class MadeTraffic {
 public:
  /// `rules`: those that attacks are drawn from; may be null when there are no attacks. Errors: a capture
  /// that cannot be read, rules from which no attack can be made.
  [[nodiscard]] static Result<std::unique_ptr<MadeTraffic>> make(
      const Arguments& arguments, std::shared_ptr<const ruleset::Ruleset> rules);

  /// To be asked by one thread.
  [[nodiscard]] traffic::PlanSource& plans() noexcept { return *watched_; }
  /// Any thread.
  [[nodiscard]] std::uint64_t flows_alive() const noexcept { return alive_.load(std::memory_order_relaxed); }

  /// After the last packet.
  [[nodiscard]] Status write_truth() const;
  void add_to(sender::Report& report) const;

 private:
  explicit MadeTraffic(const Arguments& arguments) : arguments_(arguments) {}
  [[nodiscard]] Status make_attacks();

  const Arguments& arguments_;
  std::shared_ptr<const ruleset::Ruleset> rules_;
  traffic::Books books_;
  std::unique_ptr<truth::AttackBook> attacks_;
  std::unique_ptr<truth::TruthLedger> ledger_;
  std::unique_ptr<traffic::Generator> generator_;
  std::unique_ptr<sender::WatchedPlans> watched_;
  std::atomic<std::uint64_t> alive_{0};
};

}  // namespace mirrorscan::gen
