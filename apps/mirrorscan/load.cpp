#include <fmt/format.h>

#include <cmath>

#include "commands.h"
#include "config/reader.h"
#include "engine/log.h"

namespace mirrorscan::app {
namespace {

void add(const config::Variables& from, rules::Variables::Map& to) {
  for (const auto& [name, expression] : from) to.insert_or_assign(name, expression);
}

/// The nearer to the command line, the stronger: the configuration's vars_file, its groups, then --vars.
[[nodiscard]] Result<rules::Variables> variables_of(const config::Config& config,
                                                    const std::string& vars_file) {
  rules::Variables variables;
  if (!config.vars_file.empty()) {
    auto read = rules::read_variables(config.vars_file);
    if (!read) return read.error();
    variables = std::move(read).value();
  }
  add(config.address_groups, variables.addresses);
  add(config.port_groups, variables.ports);
  if (vars_file.empty()) return variables;
  auto read = rules::read_variables(vars_file);
  if (!read) return read.error();
  for (const auto& [name, expression] : read.value().addresses)
    variables.addresses.insert_or_assign(name, expression);
  for (const auto& [name, expression] : read.value().ports)
    variables.ports.insert_or_assign(name, expression);
  return variables;
}

}  // namespace

Result<Prepared> prepare(const Inputs& inputs, config::Profile fallback) {
  Prepared out{config::defaults(fallback), {}};
  if (!inputs.config_file.empty()) {
    auto config = config::read_file(inputs.config_file);
    if (!config) return config.error();
    out.config = std::move(config).value();
  }
  if (!inputs.threshold_file.empty()) out.config.threshold_file = inputs.threshold_file;
  if (!inputs.rule_files.empty()) out.config.rule_files = inputs.rule_files;
  auto variables = variables_of(out.config, inputs.vars_file);
  if (!variables) return variables.error();
  rules::Options options;
  options.window = out.config.detect.window_bytes;
  options.threshold_file = out.config.threshold_file;
  auto loaded = rules::load(out.config.rule_files, variables.value(), options);
  if (!loaded) return loaded.error();
  out.loaded = std::move(loaded).value();
  return out;
}

std::string loaded_text(const ruleset::Report& report) {
  const std::string text = fmt::format("{} of {} rules loaded", report.loaded, report.rules);
  // Rounded down: 100.0 means all.
  return report.rules == 0 ? text
                           : fmt::format("{} ({:.1f} %)", text, std::floor(report.coverage_pct() * 10) / 10);
}

std::string nothing_loaded(const Prepared& prepared) {
  const ruleset::Report& report = prepared.loaded.report;
  if (report.loaded > 0) return "";
  if (prepared.config.rule_files.empty())
    return "no rule files are named (rules.files): nothing will be found";
  if (report.rules == 0) return "the rule files have no rules: nothing will be found";
  return "no rule can be used: nothing will be found";
}

void tell_rules(const Prepared& prepared) {
  const ruleset::Report& report = prepared.loaded.report;
  for (const ruleset::Remark& remark : report.warnings) engine::log_warning(remark.text());
  for (const ruleset::Remark& remark : report.rejected) engine::log_warning("rejected: " + remark.text());
  for (const ruleset::Remark& remark : report.bad_lines) engine::log_error(remark.text());
  if (const std::string why = nothing_loaded(prepared); !why.empty()) engine::log_warning(why);
  engine::log_info(loaded_text(report));
}

Exit failed(const Error& error, Exit code) {
  engine::log_error(error.text());
  return code;
}

}  // namespace mirrorscan::app
