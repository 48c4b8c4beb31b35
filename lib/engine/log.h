#pragma once
// What the process tells its operator while it runs: levels, to standard error. Never called from the packet
// path.

#include <cstdint>
#include <string_view>

namespace mirrorscan::engine {

enum class Verbosity : std::uint8_t { quiet, normal, verbose };

void set_verbosity(Verbosity verbosity);
void log_error(std::string_view message);
void log_warning(std::string_view message);
void log_info(std::string_view message);
void log_debug(std::string_view message);

}  // namespace mirrorscan::engine
