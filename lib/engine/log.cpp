// The one file that includes spdlog: it takes seconds to compile.
#include "engine/log.h"

#include <spdlog/sinks/dup_filter_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>

namespace mirrorscan::engine {
namespace {

constexpr auto kSilenceForRepeats = std::chrono::seconds(10);

/// Leaves out what was just said.
spdlog::sink_ptr once_in_a_while(spdlog::sink_ptr target) {
  auto filter = std::make_shared<spdlog::sinks::dup_filter_sink_mt>(kSilenceForRepeats);
  filter->add_sink(std::move(target));
  return filter;
}

spdlog::sink_ptr standard_error() {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  auto filtered = once_in_a_while(sink);
  filtered->set_pattern("%^%l%$: %v");
  return filtered;
}

/// syslog knows the level by itself, but many readers do not show it.
spdlog::sink_ptr syslog() {
  auto sink = std::make_shared<spdlog::sinks::syslog_sink_mt>("mirrorscan", LOG_PID, LOG_DAEMON, true);
  auto filtered = once_in_a_while(sink);
  filtered->set_pattern("%l: %v");
  return filtered;
}

spdlog::logger& logger() {
  static spdlog::logger instance("mirrorscan", standard_error());
  return instance;
}

spdlog::level::level_enum level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::error: return spdlog::level::err;
    case config::LogLevel::warning: return spdlog::level::warn;
    case config::LogLevel::debug: return spdlog::level::debug;
    default: return spdlog::level::info;
  }
}

}  // namespace

void set_verbosity(Verbosity verbosity) {
  switch (verbosity) {
    case Verbosity::quiet: logger().set_level(spdlog::level::err); break;
    case Verbosity::normal: logger().set_level(spdlog::level::info); break;
    case Verbosity::verbose: logger().set_level(spdlog::level::debug); break;
  }
}

void configure_log(const config::Log& log, Verbosity verbosity) {
  if (verbosity == Verbosity::normal) logger().set_level(level_of(log.level));
  if (log.target == config::LogTarget::syslog) logger().sinks() = {syslog()};
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
