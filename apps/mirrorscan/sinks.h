#pragma once
// The sinks that a configuration names.

#include "base/result.h"
#include "config/config.h"
#include "engine/exporter_thread.h"

namespace mirrorscan::app {

/// Opens all of them, or says which cannot be: events must not go nowhere unnoticed.
[[nodiscard]] Result<engine::Sinks> open_sinks(const config::Output& output);

}  // namespace mirrorscan::app
