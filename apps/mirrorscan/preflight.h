#pragma once
// What is wrong with a configuration and can be seen before anything is started.

#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "engine/eal.h"
#include "port/port.h"

namespace mirrorscan::app {

/// What the engine does with the ports' packets.
[[nodiscard]] port::Needs needs_of(const config::Workers& workers);
[[nodiscard]] engine::EalOptions eal_options(const config::Config& config);

/// For `run`: ports, arguments of DPDK, CPUs, paths. `config_file` is the file that the configuration is
/// from. Those that are wrong everywhere come first, then those of this machine, last those that may pass.
/// Error::where is a setting.
[[nodiscard]] std::vector<Error> faults(const config::Config& config, const std::string& config_file);

/// An output that is an input, or another output: the same file, under whatever names.
[[nodiscard]] Status check_paths(const config::Config& config, const std::string& config_file);

}  // namespace mirrorscan::app
