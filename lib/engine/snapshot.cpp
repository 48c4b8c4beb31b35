#include "engine/snapshot.h"

#include <algorithm>
#include <map>
#include <utility>

namespace mirrorscan::engine {
namespace {

using exporter::VniKind;
using exporter::VniStats;
using worker::VniLedgers;

/// Where each row of a snapshot is, by kind and VNI: searching for thousands of VNIs would take the control
/// thread a second.
using Places = std::map<std::pair<VniKind, std::uint32_t>, std::size_t>;

[[nodiscard]] Places places_of(const exporter::StatsSnapshot& snapshot) {
  Places places;
  for (const VniStats& row : snapshot.vnis) places.emplace(std::pair(row.kind, row.vni), places.size());
  return places;
}

[[nodiscard]] VniStats& row(exporter::StatsSnapshot& out, Places& places, VniKind kind, std::uint32_t vni,
                            const config::Config& config) {
  const auto [place, is_new] = places.try_emplace({kind, vni}, out.vnis.size());
  if (!is_new) return out.vnis[place->second];
  VniStats& made = out.vnis.emplace_back();
  made.kind = kind;
  made.vni = vni;
  for (const config::Tenant& tenant : config.tenants)
    if (kind == VniKind::vni && std::count(tenant.vnis.begin(), tenant.vnis.end(), vni) > 0)
      made.tenant = tenant.name;
  return made;
}

}  // namespace

void add_worker(exporter::StatsSnapshot& out, unsigned lcore, const worker::VniLedgers& ledgers,
                const ledger::Counters& counters, const config::Config& config) {
  exporter::LcoreStats& stats = out.lcores.emplace_back();
  stats.lcore = lcore;
  stats.counters = counters;
  Places places = places_of(out);
  for (std::uint32_t slot = 0; slot < ledgers.count(); ++slot) {
    const ledger::Ledger& ledger = ledgers.at(slot);
    stats.ledger += ledger;
    const VniKind kind = slot == VniLedgers::kNone    ? VniKind::none
                         : slot == VniLedgers::kOther ? VniKind::other
                                                      : VniKind::vni;
    if (kind == VniKind::vni || ledger.received.packets > 0 || ledger.steered_in.packets > 0)
      row(out, places, kind, ledgers.vni_of(slot), config).ledger += ledger;
  }
}

void add_rules(exporter::StatsSnapshot& out, std::span<const ruleset::RuleCost> costs,
               const ruleset::Ruleset& rules) {
  if (out.rules.empty())
    for (const signature::Rule& rule : rules.rules) out.rules.push_back({.gid = rule.gid, .sid = rule.sid});
  for (std::size_t i = 0; i < std::min(costs.size(), out.rules.size()); ++i) {
    exporter::RuleStats& sum = out.rules[i];
    sum.evaluations += costs[i].evaluations;
    sum.matches += costs[i].matches;
    sum.alerts += costs[i].alerts;
    sum.sampled += costs[i].sampled;
    sum.sampled_cycles += costs[i].sampled_cycles;
  }
}

}  // namespace mirrorscan::engine
