#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <utility>

#include "capture/source.h"
#include "commands.h"
#include "engine/eal.h"
#include "engine/log.h"
#include "engine/replay.h"

namespace mirrorscan::app {
namespace {

void tell_rejected(const ruleset::Report& report) {
  for (const ruleset::Remark& remark : report.warnings) engine::log_warning(remark.text());
  for (const ruleset::Remark& remark : report.rejected) engine::log_warning("rejected: " + remark.text());
  engine::log_info(
      fmt::format("{} of {} rules loaded ({:.1f} %)", report.loaded, report.rules, report.coverage_pct()));
}

[[nodiscard]] Exit failed(const Error& error, Exit code) {
  engine::log_error(error.text());
  return code;
}

}  // namespace

Exit replay_command(const ReplayArguments& arguments) {
  auto prepared = prepare(arguments.inputs, config::Profile::reference);
  if (!prepared) return failed(prepared.error(), Exit::usage);
  auto reader = capture::Reader::open(arguments.captures);
  if (!reader) return failed(reader.error(), Exit::usage);
  const ruleset::Report report = std::move(prepared.value().loaded.report);
  tell_rejected(report);

  if (Status eal = engine::start_eal({}); !eal) return failed(eal.error(), Exit::failed);
  engine::ReplayOptions options;
  options.config = prepared.value().config;
  options.rules = std::move(prepared.value().loaded.ruleset);
  options.rules_loaded = report.loaded;
  options.rules_failed = report.rejected.size();
  options.eve_path = arguments.eve;
  options.burst = arguments.burst;
  capture::Source source(std::move(reader).value());
  auto result = engine::replay(options, source);
  engine::stop_eal();
  if (!result) return failed(result.error(), Exit::failed);

  const exporter::StatsSnapshot& stats = result.value().stats;
  std::fputs(exporter::ledger_text(stats).c_str(), arguments.eve == "-" ? stderr : stdout);
  if (result.value().source_error) return failed(*result.value().source_error, Exit::failed);
  if (!exporter::balanced(stats))
    return failed({"ledger", "it does not balance",
                   "this is a defect of mirrorscan: please report it with the capture"},
                  Exit::failed);
  return Exit::done;
}

}  // namespace mirrorscan::app
