// Traffic through the inspector in this process.
#include <fmt/format.h>

#include <utility>

#include "engine/eal.h"
#include "engine/log.h"
#include "engine/run.h"
#include "exporter/stats.h"
#include "generate.h"
#include "ledger/packet_end.h"
#include "mirrorscan/preflight.h"
#include "mirrorscan/sinks.h"
#include "port/port.h"
#include "progress_line.h"
#include "sender/flight.h"
#include "sender/inspector_output.h"

namespace mirrorscan::gen {
namespace {

using app::Exit;
using exporter::StatsSnapshot;

/// The inspector as `mirrorscan run` would start it, with our port in place of the configured ones.
struct Inspector {
  engine::RunOptions options;
  engine::Sinks sinks;
  engine::EalOptions eal;
  sender::QueuePlan queues;
  sender::BufferPlan buffers;
};

[[nodiscard]] Error in_file(Error error, const std::string& file) {
  error.where = file + ": " + error.where;
  return error;
}

[[nodiscard]] sender::BufferPlan buffers_of(const Arguments& arguments, const sender::QueuePlan& queues,
                                            const config::Workers& workers) {
  constexpr std::uint32_t kCaches = 384;  ///< of a thread; DPDK flushes at 1.5 times 256
  sender::BufferPlan buffers;
  buffers.bytes = sender::buffer_bytes(arguments.profile);
  buffers.packets = queues.queues * queues.packets + sender::InspectorOutput::in_hand(workers) +
                    2 * sender::SendOptions::kMostBurst + (workers.count + 2) * kCaches;
  if (arguments.send.preload == sender::Preload::all)
    buffers.packets += static_cast<std::uint32_t>(arguments.profile.packets);
  return buffers;
}

[[nodiscard]] Result<Inspector> prepare_inspector(const Arguments& arguments, app::Prepared prepared) {
  Inspector out;
  config::Config& config = prepared.config;
  out.queues = arguments.queues;
  out.queues.queues = static_cast<std::uint16_t>(config.workers.count);
  config.ports = {sender::InspectorOutput::configured(out.queues)};
  out.buffers = buffers_of(arguments, out.queues, config.workers);
  out.eal = app::eal_options(config);
  out.eal.memory_mb += out.buffers.memory_mb();
  if (auto faults = app::faults(config, arguments.inspect); !faults.empty())
    return in_file(faults.front(), arguments.inspect);
  if (Status enough = check_buffers(arguments, out.eal.memory_mb); !enough) return enough.error();
  auto sinks = app::open_sinks(config.output);
  if (!sinks) return in_file(sinks.error(), arguments.inspect);
  out.sinks = std::move(sinks).value();
  app::tell_rules(prepared);
  out.options.rules_loaded = prepared.loaded.report.loaded;
  out.options.rules_failed = prepared.loaded.report.rejected.size();
  out.options.rules = std::move(prepared.loaded.ruleset);
  out.options.config = std::move(config);
  return out;
}

void add_inspected(sender::Report& report, const StatsSnapshot& stats, std::uint64_t sent) {
  const ledger::Ledger total = exporter::total_ledger(stats);
  report.add("inspector", {{"received", total.received.packets},
                           {"received_bytes", total.received.bytes},
                           {"never_received", sent - std::min(sent, total.received.packets)},
                           {"ledgers_balance", exporter::balanced(stats)}});
  std::vector<sender::Figure> ends;
  for (std::size_t end = 0; end < ledger::kPacketEnds; ++end)
    if (total.ends[end].packets > 0)
      ends.push_back({std::string(ledger::kPacketEndTexts[end].name), total.ends[end].packets});
  report.add("inspector.ends", std::move(ends));
}

[[nodiscard]] Exit inspected(const StatsSnapshot& stats) {
  if (exporter::balanced(stats)) return Exit::done;
  return app::failed({"ledger", "it does not balance", "this is a defect of mirrorscan: please report it"},
                     Exit::failed);
}

/// EAL runs.
[[nodiscard]] Exit run_both(const Arguments& arguments, Inspector& inspector, MadeTraffic& made) {
  auto opened = sender::InspectorOutput::open(inspector.queues, arguments.profile, inspector.buffers);
  if (!opened) return app::failed(opened.error(), Exit::failed);
  sender::InspectorOutput& output = *opened.value();
  auto ports =
      port::open_ports(inspector.options.config.ports, app::needs_of(inspector.options.config.workers));
  if (!ports) return app::failed(in_file(ports.error(), arguments.inspect), Exit::failed);
  sender::CounterPacer pacer(sender::TickRate::measured(), arguments.wait);
  sender::Sender sender(made.plans(), output, pacer, arguments.send);
  ProgressLine progress(arguments, sender, made);
  sender::Flight flight(sender, {.eal = sender::Eal::started,
                                 .cpu = arguments.cpu,
                                 .is_drained = [&output] { return output.is_drained(); },
                                 .each_second = [&](double seconds) { progress.each_second(seconds); }});
  inspector.options.companion = &flight;
  engine::log_started();
  auto result = engine::run(inspector.options, ports.value(), inspector.sinks);
  flight.end();
  progress.end();
  if (!result) return app::failed(in_file(result.error(), arguments.inspect), Exit::failed);
  sender::Report further;
  add_inspected(further, result.value(), output.counts().sent);
  return conclude(arguments, sender, output, made, std::move(further), inspected(result.value()));
}

}  // namespace

Exit generate_and_inspect(const Arguments& arguments) {
  auto prepared = app::prepare({{}, "", arguments.inspect}, config::Profile::mirror);
  if (!prepared) return app::failed(prepared.error(), Exit::usage);
  engine::configure_log(prepared.value().config.log);
  auto inspector = prepare_inspector(arguments, std::move(prepared).value());
  if (!inspector) return app::failed(inspector.error(), Exit::usage);
  auto rules = rules_of(arguments);
  if (!rules) return app::failed(rules.error(), Exit::usage);
  auto made = MadeTraffic::make(arguments, rules.value() ? rules.value() : inspector.value().options.rules);
  if (!made) return app::failed(made.error(), Exit::usage);
  if (Status started = engine::start_eal(inspector.value().eal); !started)
    return app::failed(started.error(), Exit::failed);
  const Exit code = run_both(arguments, inspector.value(), *made.value());
  engine::stop_eal();
  return code;
}

}  // namespace mirrorscan::gen
