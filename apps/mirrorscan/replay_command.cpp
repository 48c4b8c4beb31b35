#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "capture/source.h"
#include "commands.h"
#include "engine/eal.h"
#include "engine/log.h"
#include "engine/losses.h"
#include "engine/replay.h"

namespace mirrorscan::app {
namespace {

/// What an operator would want to know although nothing failed.
void tell_surprises(const exporter::StatsSnapshot& stats, const config::Config& config) {
  if (const std::string why = engine::nothing_mirrored(stats, 1); !why.empty()) engine::log_warning(why);
  const std::uint64_t untracked = exporter::total_counters(stats)[ledger::Counter::tcp_untracked];
  if (untracked > 0 && !config.stream.midstream)
    engine::log_warning(
        fmt::format("{} TCP segments belong to no stream seen from its SYN on and were inspected one by "
                    "one; a configuration with \"profile\": \"mirror\" picks such streams up",
                    untracked));
}

/// The events must not be written over what is read.
[[nodiscard]] std::optional<Error> overwrites(const ReplayArguments& arguments) {
  std::vector<std::string> inputs = arguments.captures;
  inputs.insert(inputs.end(), arguments.inputs.rule_files.begin(), arguments.inputs.rule_files.end());
  inputs.insert(inputs.end(),
                {arguments.inputs.vars_file, arguments.inputs.config_file, arguments.inputs.threshold_file});
  for (const std::string& input : inputs) {
    std::error_code none;
    if (std::filesystem::equivalent(arguments.eve, input, none))
      return Error{"--eve " + arguments.eve, "it is also an input", "name another file for the events"};
  }
  return std::nullopt;
}

}  // namespace

Exit replay_command(const ReplayArguments& arguments) {
  if (const auto error = overwrites(arguments)) return failed(*error, Exit::usage);
  auto prepared = prepare(arguments.inputs, config::Profile::reference);
  if (!prepared) return failed(prepared.error(), Exit::usage);
  auto reader = capture::Reader::open(arguments.captures);
  if (!reader) return failed(reader.error(), Exit::usage);
  tell_rules(prepared.value());
  const ruleset::Report report = std::move(prepared.value().loaded.report);

  if (Status eal =
          engine::start_eal({.lcores = arguments.workers + 1, .memory_mb = 256 + 32 * arguments.workers});
      !eal)
    return failed(eal.error(), Exit::failed);
  engine::ReplayOptions options;
  options.config = prepared.value().config;
  options.rules = std::move(prepared.value().loaded.ruleset);
  options.rules_loaded = report.loaded;
  options.rules_failed = report.rejected.size();
  options.eve_path = arguments.eve;
  options.workers = arguments.workers;
  options.burst = arguments.burst;
  capture::Source source(std::move(reader).value());
  auto result = engine::replay(options, source);
  engine::stop_eal();
  if (!result) return failed(result.error(), Exit::failed);

  const exporter::StatsSnapshot& stats = result.value().stats;
  std::fputs(exporter::ledger_text(stats).c_str(), arguments.eve == "-" ? stderr : stdout);
  tell_surprises(stats, options.config);
  if (result.value().source_error) return failed(*result.value().source_error, Exit::failed);
  if (!exporter::balanced(stats))
    return failed({"ledger", "it does not balance",
                   "this is a defect of mirrorscan: please report it with the capture"},
                  Exit::failed);
  return Exit::done;
}

}  // namespace mirrorscan::app
