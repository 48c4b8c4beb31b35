#include "made_traffic.h"

#include <algorithm>
#include <span>
#include <utility>

#include "sender/summary.h"

namespace mirrorscan::gen {

Result<std::unique_ptr<MadeTraffic>> MadeTraffic::make(const Arguments& arguments,
                                                       std::shared_ptr<const ruleset::Ruleset> rules) {
  std::unique_ptr<MadeTraffic> out(new MadeTraffic(arguments));
  out->rules_ = std::move(rules);
  if (arguments.profile.attacks.share > 0)
    if (Status made = out->make_attacks(); !made) return made.error();
  auto generator = traffic::Generator::make(arguments.profile, out->attacks_.get());
  if (!generator) return generator.error();
  out->generator_ = std::move(generator).value();
  const auto look = [made = out.get()](std::span<const traffic::PacketPlan> plans) {
    if (made->ledger_) made->ledger_->saw(plans);
    made->alive_.store(made->generator_->flows_live(), std::memory_order_relaxed);
  };
  out->watched_ = std::make_unique<sender::WatchedPlans>(*out->generator_, arguments.profile, look);
  return out;
}

Status MadeTraffic::make_attacks() {
  auto books = traffic::Books::make(arguments_.profile);
  if (!books) return books.error();
  books_ = std::move(books).value();
  auto attacks = truth::AttackBook::make(arguments_.profile, *rules_, books_);
  if (!attacks) return attacks.error();
  attacks_ = std::move(attacks).value();
  if (!arguments_.truth.empty())
    ledger_ = std::make_unique<truth::TruthLedger>(arguments_.profile, *attacks_);
  return success();
}

Status MadeTraffic::write_truth() const {
  return ledger_ ? ledger_->write(arguments_.truth) : success();
}

void MadeTraffic::add_to(sender::Report& report) const {
  report.add("traffic", {{"seed", arguments_.profile.seed},
                         {"flows_begun", generator_->flows_begun()},
                         {"flows_live", generator_->flows_live()}});
  sender::add_plans(report, watched_->counts(), arguments_.profile);
  const auto& faults = generator_->fault_counts();
  report.add("faults", {{"lost", faults.lost},
                        {"reordered", faults.reordered},
                        {"duplicated", faults.duplicated},
                        {"double_mirrored", faults.double_mirrored},
                        {"one_sided_hidden", faults.one_sided_hidden},
                        {"truncated", faults.truncated}});
  if (!attacks_) return;
  const auto planted = std::count_if(attacks_->fates().begin(), attacks_->fates().end(),
                                     [](const auto& fate) { return fate.fate == truth::Fate::planted; });
  report.add("rules", {{"given", std::uint64_t{attacks_->fates().size()}},
                       {"planted", static_cast<std::uint64_t>(planted)}});
  if (ledger_) report.add("truth", {{"file", arguments_.truth}, {"flows", ledger_->counts().flows}});
}

}  // namespace mirrorscan::gen
