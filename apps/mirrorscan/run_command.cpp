#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <utility>

#include "commands.h"
#include "engine/eal.h"
#include "engine/log.h"
#include "engine/run.h"
#include "engine/signals.h"
#include "port/port.h"
#include "preflight.h"
#include "sinks.h"

namespace mirrorscan::app {
namespace {

/// A supervisor tries again after `failed`, and not after `usage`.
[[nodiscard]] Exit failed(const Error& error) {
  return failed(error, error.until == Until::it_passes ? Exit::failed : Exit::usage);
}

/// What cannot be done, by the name of the file that wants it done.
[[nodiscard]] Error in_file(Error error, const std::string& file) {
  error.where = file + ": " + error.where;
  return error;
}

[[nodiscard]] Status start_dpdk(const engine::EalOptions& options) {
  if (Status memory = engine::check_memory(options); !memory) return memory;
  return engine::start_eal(options);
}

[[nodiscard]] Result<exporter::StatsSnapshot> run_ports(const engine::RunOptions& options,
                                                        engine::Sinks& sinks) {
  auto ports = port::open_ports(options.config.ports, needs_of(options.config.workers));
  if (!ports) return ports.error();
  engine::log_info(
      fmt::format("{} workers on {} ports; ready", options.config.workers.count, ports.value().size()));
  engine::log_started();
  return engine::run(options, ports.value(), sinks);
}

/// The one that matters most.
[[nodiscard]] Status check_start(const config::Config& config, const std::string& file) {
  std::vector<Error> all = faults(config, file);
  return all.empty() ? success() : Status(std::move(all.front()));
}

}  // namespace

Exit run_command(const RunArguments& arguments) {
  engine::block_signals();
  auto prepared = prepare(arguments.inputs, config::Profile::mirror);
  if (!prepared) return failed(prepared.error(), Exit::usage);
  engine::configure_log(prepared.value().config.log);
  engine::RunOptions options;
  options.config = prepared.value().config;
  const std::string& file = arguments.inputs.config_file;
  if (Status start = check_start(options.config, file); !start) return failed(in_file(start.error(), file));
  auto sinks = open_sinks(options.config.output);
  if (!sinks) return failed(in_file(sinks.error(), file));
  const ruleset::Report& report = prepared.value().loaded.report;
  tell_rules(prepared.value());
  options.rules = std::move(prepared.value().loaded.ruleset);
  options.rules_loaded = report.loaded;
  options.rules_failed = report.rejected.size();

  if (Status dpdk = start_dpdk(eal_options(options.config)); !dpdk)
    return failed(in_file(dpdk.error(), file), Exit::failed);
  auto result = run_ports(options, sinks.value());
  engine::stop_eal();
  if (!result) return failed(in_file(result.error(), file));
  std::fputs(exporter::ledger_text(result.value()).c_str(), stdout);
  if (!exporter::balanced(result.value()))
    return failed({"ledger", "it does not balance", "this is a defect of mirrorscan: please report it"},
                  Exit::failed);
  return Exit::done;
}

}  // namespace mirrorscan::app
