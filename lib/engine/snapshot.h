#pragma once
// What the exporter's stats events are made of: the counts of workers that stand still, or that they
// published.

#include <vector>

#include "config/config.h"
#include "exporter/stats.h"
#include "ledger/counter.h"
#include "worker/vni_ledgers.h"

namespace mirrorscan::engine {

/// One lcore's part of a snapshot added to `out`: its total, and its ledgers by VNI.
void add_worker(exporter::StatsSnapshot& out, unsigned lcore, const worker::VniLedgers& ledgers,
                const ledger::Counters& counters, const config::Config& config);

}  // namespace mirrorscan::engine
