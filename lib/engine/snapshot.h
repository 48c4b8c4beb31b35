#pragma once
// What the exporter's stats events are made of, read from workers that stand still.

#include <vector>

#include "config/config.h"
#include "exporter/stats.h"
#include "worker/worker.h"

namespace mirrorscan::engine {

/// One lcore's part of a snapshot added to `out`: its total, and its ledgers by VNI.
void add_worker(exporter::StatsSnapshot& out, unsigned lcore, worker::Worker& worker,
                const config::Config& config);

}  // namespace mirrorscan::engine
