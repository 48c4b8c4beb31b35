#include "exporter/stats.h"

#include <algorithm>

namespace mirrorscan::exporter {

std::string name_of(const VniStats& stats) {
  switch (stats.kind) {
    case VniKind::none: return "none";
    case VniKind::other: return "other";
    default: return std::to_string(stats.vni);
  }
}

double RuleStats::cycles_per_evaluation() const {
  return sampled == 0 ? 0.0 : static_cast<double>(sampled_cycles) / static_cast<double>(sampled);
}

ledger::Ledger total_ledger(const StatsSnapshot& snapshot) {
  ledger::Ledger total;
  for (const LcoreStats& lcore : snapshot.lcores) total += lcore.ledger;
  return total;
}

ledger::Counters total_counters(const StatsSnapshot& snapshot) {
  ledger::Counters total;
  for (const LcoreStats& lcore : snapshot.lcores)
    for (std::size_t i = 0; i < ledger::kCounters; ++i) total.values[i] += lcore.counters.values[i];
  return total;
}

bool balanced(const StatsSnapshot& snapshot) {
  const auto balances = [](const auto& part) { return part.ledger.balances(); };
  return std::ranges::all_of(snapshot.lcores, balances) && std::ranges::all_of(snapshot.vnis, balances);
}

}  // namespace mirrorscan::exporter
