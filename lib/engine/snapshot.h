#pragma once
// What the exporter's stats events are made of: the counts of workers that stand still, or that they
// published.

#include <span>
#include <vector>

#include "config/config.h"
#include "exporter/stats.h"
#include "ledger/counter.h"
#include "ruleset/rule_cost.h"
#include "ruleset/ruleset.h"
#include "worker/vni_ledgers.h"

namespace mirrorscan::engine {

/// One lcore's part of a snapshot added to `out`: its total, and its ledgers by VNI.
void add_worker(exporter::StatsSnapshot& out, unsigned lcore, const worker::VniLedgers& ledgers,
                const ledger::Counters& counters, const config::Config& config);

/// What the rules cost one worker, by rule of `rules`, added to what they cost the others.
void add_rules(exporter::StatsSnapshot& out, std::span<const ruleset::RuleCost> costs,
               const ruleset::Ruleset& rules);

}  // namespace mirrorscan::engine
