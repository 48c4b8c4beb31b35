#pragma once
// What the process tells its operator while it runs: levels, to standard error or syslog. Never called from
// the packet path.

#include <cstdint>
#include <string_view>

#include "config/config.h"

namespace mirrorscan::engine {

/// What the command line asks for.
enum class Verbosity : std::uint8_t { quiet, normal, verbose };

/// To standard error; quiet = errors, normal = from info on, verbose = all.
void set_verbosity(Verbosity verbosity);
/// As the configuration says from now on; a level that the command line asked for stays. Before threads that
/// log are started.
void configure_log(const config::Log& log, Verbosity verbosity);

// A message that is told again and again is told once in ten seconds, with how often it was left out.
void log_error(std::string_view message);
void log_warning(std::string_view message);
void log_info(std::string_view message);
void log_debug(std::string_view message);

}  // namespace mirrorscan::engine
