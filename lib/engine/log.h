#pragma once
// What the process tells its operator while it runs: levels, to standard error or the system's log. Never
// called from the packet path.

#include <cstdint>
#include <string_view>

#include "config/config.h"

namespace mirrorscan::engine {

/// What the command line asks for.
enum class Verbosity : std::uint8_t { quiet, normal, verbose };

/// The command line's word. Before configure_log().
void set_verbosity(Verbosity verbosity);
/// The configuration's word: where messages go, and which. A verbosity other than normal wins over `level`.
/// Before other threads log. Until log_started() errors also go to standard error, wherever messages go:
/// whoever starts the program by hand must see why it ends.
void configure_log(const config::Log& log);
/// The start has succeeded.
void log_started();

void log_error(std::string_view message);
void log_warning(std::string_view message);
void log_info(std::string_view message);
void log_debug(std::string_view message);

/// A warning that may come often: at most ten of a category in ten seconds, then one line that says how many
/// were left out. `category` completes that line: "port losses". Control thread only.
void log_warning_limited(std::string_view category, std::string_view message);
/// Tells how many were left out in windows that are over. To be called now and then by the control thread;
/// log_warning_limited() does it, too.
void log_left_out();

}  // namespace mirrorscan::engine
