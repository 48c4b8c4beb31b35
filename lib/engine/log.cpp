// The one file that includes spdlog: it takes seconds to compile.
#include "engine/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <spdlog/spdlog.h>
#include <syslog.h>

#include <memory>
#include <optional>

#include "engine/message_limit.h"

namespace mirrorscan::engine {
namespace {

using Logger = std::shared_ptr<spdlog::logger>;

using Sink = spdlog::sink_ptr;

[[nodiscard]] Sink standard_error() {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  sink->set_pattern("%^%l%$: %v");
  return sink;
}

[[nodiscard]] Logger to_standard_error() {
  return std::make_shared<spdlog::logger>("mirrorscan", standard_error());
}

/// The system's log adds time, level and process itself, but many readers do not show the level.
[[nodiscard]] Sink system_log() {
  constexpr bool kOwnFormat = true;
  auto sink = std::make_shared<spdlog::sinks::syslog_sink_mt>("mirrorscan", LOG_PID, LOG_DAEMON, kOwnFormat);
  sink->set_pattern("%l: %v");
  return sink;
}

/// Standard error last: log_started() silences it.
[[nodiscard]] Logger to_syslog() {
  const Sink errors = standard_error();
  errors->set_level(spdlog::level::err);
  return std::make_shared<spdlog::logger>("mirrorscan", spdlog::sinks_init_list{system_log(), errors});
}

[[nodiscard]] Logger& logger() {
  static Logger instance = to_standard_error();
  return instance;
}

/// Empty: the configuration's.
[[nodiscard]] std::optional<spdlog::level::level_enum>& command_line_level() {
  static std::optional<spdlog::level::level_enum> level;
  return level;
}

[[nodiscard]] MessageLimit& limit() {
  static MessageLimit instance;
  return instance;
}

[[nodiscard]] spdlog::level::level_enum level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::error: return spdlog::level::err;
    case config::LogLevel::warning: return spdlog::level::warn;
    case config::LogLevel::info: return spdlog::level::info;
    case config::LogLevel::debug: return spdlog::level::debug;
  }
  return spdlog::level::info;
}

}  // namespace

void set_verbosity(Verbosity verbosity) {
  switch (verbosity) {
    case Verbosity::quiet: command_line_level() = spdlog::level::err; break;
    case Verbosity::normal: command_line_level().reset(); break;
    case Verbosity::verbose: command_line_level() = spdlog::level::debug; break;
  }
  logger()->set_level(command_line_level().value_or(spdlog::level::info));
}

void configure_log(const config::Log& log) {
  logger() = log.target == config::LogTarget::syslog ? to_syslog() : to_standard_error();
  logger()->set_level(command_line_level().value_or(level_of(log.level)));
}

void log_started() {
  if (const auto& sinks = logger()->sinks(); sinks.size() > 1) sinks.back()->set_level(spdlog::level::off);
}

void log_error(std::string_view message) {
  logger()->error("{}", message);
}
void log_warning(std::string_view message) {
  logger()->warn("{}", message);
}
void log_info(std::string_view message) {
  logger()->info("{}", message);
}
void log_debug(std::string_view message) {
  logger()->debug("{}", message);
}

void log_warning_limited(std::string_view category, std::string_view message) {
  log_left_out();
  if (limit().admit(category, MessageLimit::Clock::now())) log_warning(message);
}

void log_left_out() {
  for (const MessageLimit::LeftOut& left : limit().take_left_out(MessageLimit::Clock::now()))
    logger()->warn("{}: {} more messages within {} s were left out", left.category, left.messages,
                   MessageLimit::kWindow.count());
}

}  // namespace mirrorscan::engine
