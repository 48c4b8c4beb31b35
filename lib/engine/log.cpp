// The one file that includes spdlog: it takes seconds to compile.
#include "engine/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace mirrorscan::engine {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_color_mt("mirrorscan");
    made->set_pattern("%^%l%$: %v");
    return made;
  }();
  return *instance;
}

}  // namespace

void set_verbosity(Verbosity verbosity) {
  switch (verbosity) {
    case Verbosity::quiet: logger().set_level(spdlog::level::err); break;
    case Verbosity::normal: logger().set_level(spdlog::level::info); break;
    case Verbosity::verbose: logger().set_level(spdlog::level::debug); break;
  }
}

void log_error(std::string_view message) {
  logger().error("{}", message);
}
void log_warning(std::string_view message) {
  logger().warn("{}", message);
}
void log_info(std::string_view message) {
  logger().info("{}", message);
}
void log_debug(std::string_view message) {
  logger().debug("{}", message);
}

}  // namespace mirrorscan::engine
