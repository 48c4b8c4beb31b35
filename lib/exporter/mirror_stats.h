#pragma once
// The object `mirror` of a stats event: what Suricata has no names for. docs/eve.md describes its fields.

#include <nlohmann/json_fwd.hpp>

#include "exporter/stats.h"

namespace mirrorscan::exporter {

[[nodiscard]] nlohmann::ordered_json mirror_stats(const StatsSnapshot& snapshot);

}  // namespace mirrorscan::exporter
