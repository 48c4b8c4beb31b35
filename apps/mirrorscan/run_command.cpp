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
#include "sinks.h"

namespace mirrorscan::app {
namespace {

constexpr std::uint32_t kMemoryOfEngineMb = 64;  ///< datagrams' buffers, devices' queues, EAL itself

[[nodiscard]] Exit failed(const Error& error, Exit code) {
  engine::log_error(error.text());
  return code;
}

[[nodiscard]] port::Needs needs_of(const config::Workers& workers) {
  return {workers.count, workers.burst, workers.inbox_packets};
}

[[nodiscard]] engine::EalOptions eal_options(const config::Config& config) {
  engine::EalOptions options;
  options.lcores = config.workers.count + 1;
  options.memory_mb = config.dpdk.memory_mb > 0
                          ? config.dpdk.memory_mb
                          : port::memory_mb(config.ports, needs_of(config.workers)) + kMemoryOfEngineMb;
  options.hugepages = config.dpdk.hugepages;
  options.main_cpus = engine::control_cpus(config);
  options.worker_cpus = config.workers.cpus;
  options.more = port::eal_arguments(config.ports);
  options.more.insert(options.more.end(), config.dpdk.arguments.begin(), config.dpdk.arguments.end());
  return options;
}

/// What can be found wrong before anything is started.
[[nodiscard]] Status check_start(const config::Config& config) {
  if (config.ports.empty())
    return Error{"ports", "there is no port to receive from",
                 "name one, such as \"ports\": [{\"device\": \"0000:00:06.0\"}]"};
  if (Status ports = port::check(config.ports); !ports) return ports;
  if (Status arguments = engine::check_arguments(config.dpdk.arguments); !arguments) return arguments;
  return engine::check_cpus(eal_options(config));
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
  return engine::run(options, ports.value(), sinks);
}

}  // namespace

Exit run_command(const RunArguments& arguments) {
  engine::block_signals();
  auto prepared = prepare(arguments.inputs, config::Profile::mirror);
  if (!prepared) return failed(prepared.error(), Exit::usage);
  engine::RunOptions options;
  options.config = prepared.value().config;
  const std::string& file = arguments.inputs.config_file;
  if (Status start = check_start(options.config); !start)
    return failed(in_file(start.error(), file), Exit::usage);
  auto sinks = open_sinks(options.config.output);
  if (!sinks) return failed(in_file(sinks.error(), file), Exit::usage);
  // Not before: that a configuration cannot be used is told to whoever starts it, on standard error.
  engine::configure_log(options.config.log);
  const ruleset::Report& report = prepared.value().loaded.report;
  tell_rules(prepared.value());
  options.rules = std::move(prepared.value().loaded.ruleset);
  options.rules_loaded = report.loaded;
  options.rules_failed = report.rejected.size();

  if (Status dpdk = start_dpdk(eal_options(options.config)); !dpdk)
    return failed(in_file(dpdk.error(), file), Exit::failed);
  auto result = run_ports(options, sinks.value());
  engine::stop_eal();
  if (!result) return failed(in_file(result.error(), file), Exit::failed);
  std::fputs(exporter::ledger_text(result.value()).c_str(), stdout);
  if (!exporter::balanced(result.value()))
    return failed({"ledger", "it does not balance", "this is a defect of mirrorscan: please report it"},
                  Exit::failed);
  return Exit::done;
}

}  // namespace mirrorscan::app
