#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <string>

#include "commands.h"
#include "config/reference.h"
#include "engine/log.h"
#include "exporter/report_json.h"
#include "keywords/keyword.h"
#include "preflight.h"

namespace mirrorscan::app {
namespace {

[[nodiscard]] std::string scans_of(const ruleset::Explanation& rule) {
  std::string out;
  for (std::size_t d = 0; d < kDirections; ++d)
    for (std::size_t k = 0; k < ruleset::kScanKinds; ++k)
      if (rule.scans[d][k])
        out += fmt::format(" {}/{}", ruleset::name_of(static_cast<ruleset::ScanKind>(k)),
                           name_of(static_cast<Direction>(d)));
  return out.empty() ? " header only" : out;
}

[[nodiscard]] std::string trigger_of(const ruleset::Explanation& rule) {
  if (!rule.trigger.empty()) return rule.trigger + " in the " + rule.trigger_buffer;
  return rule.rule_class == signature::RuleClass::ip_only ? "the first packet of a flow's direction"
                                                          : "every packet";
}

void print_costly(const ruleset::Report& report) {
  for (const ruleset::Explanation& rule : report.explanations)
    for (const std::string& why : rule.costly)
      fmt::print("costly: {}:{}: sid {}: {}\n", rule.file, rule.line, rule.sid, why);
}

void print_reasons(const ruleset::Report& report) {
  constexpr std::size_t kShown = 25;
  const auto reasons = report.reasons();
  std::size_t rest = 0;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (i < kShown)
      fmt::print("{:>9} rejected: {}\n", reasons[i].rules, reasons[i].reason);
    else
      rest += reasons[i].rules;
  }
  if (rest > 0) fmt::print("{:>9} rejected for {} other reasons\n", rest, reasons.size() - kShown);
}

void print_explanations(const ruleset::Report& report) {
  for (const ruleset::Explanation& rule : report.explanations) {
    fmt::print("sid {} rev {} ({}:{}) {}\n", rule.sid, rule.rev, rule.file, rule.line, rule.msg);
    fmt::print("  class {}, starts at {}{}\n", ruleset::name_of(rule.rule_class), trigger_of(rule),
               rule.prefilter ? " (prefilter)" : "");
    for (const std::string& test : rule.tests) fmt::print("  {}\n", test);
    if (rule.rule_class == signature::RuleClass::stream)
      fmt::print("  looks {} bytes back and {} ahead\n", rule.look_back, rule.look_ahead);
    fmt::print("  runs on {}, looked for in{}\n", fmt::join(rule.runs_on(), " and "), scans_of(rule));
    for (const ruleset::PcreUse& pcre : rule.pcres)
      fmt::print("  {}: {}: {}\n", pcre.test, pcre.engine, pcre.why);
  }
}

void print_text(const Prepared& prepared, Detail detail) {
  const ruleset::Report& report = prepared.loaded.report;
  if (detail == Detail::explain) print_explanations(report);
  for (const ruleset::Remark& remark : report.warnings) fmt::print("warning: {}\n", remark.text());
  for (const ruleset::Remark& remark : report.rejected) fmt::print("rejected: {}\n", remark.text());
  for (const ruleset::Remark& remark : report.bad_lines) fmt::print("error: {}\n", remark.text());
  print_costly(report);
  print_reasons(report);
  for (std::size_t c = 0; c < ruleset::kRuleClasses; ++c)
    fmt::print("{:>9} rules of class {}\n", report.by_class[c],
               ruleset::name_of(static_cast<signature::RuleClass>(c)));
  if (const std::string why = nothing_loaded(prepared); !why.empty()) fmt::print("warning: {}\n", why);
  fmt::print("{}\n", loaded_text(report));
}

/// What `run` would refuse, by its file. A configuration without ports is one for `replay`.
[[nodiscard]] Exit tell_faults(const config::Config& config, const std::string& file) {
  if (config.ports.empty()) return Exit::done;
  Exit exit = Exit::done;
  for (const Error& fault : faults(config, file)) {
    if (fault.until == Until::changed) {
      engine::log_error(file + ": " + fault.text());
      exit = Exit::usage;
    } else {
      engine::log_warning("on this machine: " + file + ": " + fault.text());
    }
  }
  return exit;
}

}  // namespace

Exit check_command(const CheckArguments& arguments) {
  auto prepared = prepare(arguments.inputs, config::Profile::mirror);
  if (!prepared) {
    engine::log_error(prepared.error().text());
    return Exit::usage;
  }
  const ruleset::Report& report = prepared.value().loaded.report;
  if (arguments.format == Format::json)
    fmt::print("{}\n", exporter::report_json(report));
  else
    print_text(prepared.value(), arguments.detail);
  const Exit exit = tell_faults(prepared.value().config, arguments.inputs.config_file);
  if (exit != Exit::done) return exit;
  const bool rejected = !report.rejected.empty() || !report.bad_lines.empty();
  return rejected && arguments.strictness == Strictness::strict ? Exit::failed : Exit::done;
}

Exit list_keywords() {
  for (const keywords::Keyword& keyword : keywords::table())
    fmt::print("{:<14} {}\n", keyword.name, keyword.sentence);
  return Exit::done;
}

Exit print_config_reference() {
  std::fputs(config::print_reference().c_str(), stdout);
  return Exit::done;
}

Exit print_config_schema() {
  std::fputs(config::schema_json().c_str(), stdout);
  return Exit::done;
}

}  // namespace mirrorscan::app
