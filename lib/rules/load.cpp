#include "rules/load.h"

#include <utility>

#include "rules/classify.h"
#include "rules/databases.h"
#include "rules/explain.h"
#include "rules/file.h"
#include "rules/flow_names.h"
#include "rules/host_homes.h"
#include "rules/ip_only.h"
#include "rules/order.h"
#include "rules/reach.h"
#include "rules/reader.h"
#include "rules/refusal.h"
#include "rules/threshold_file.h"
#include "rules/trigger.h"

namespace mirrorscan::rules {

namespace {

using signature::Rule;
using signature::RuleClass;

constexpr std::uint32_t kMaxWindow = 65'535;

void compile_rule(Rule& rule, TriggerChooser& chooser, std::uint32_t window) {
  if (rule.payload.empty()) return;
  rule.trigger = chooser.choose(rule);
  rule.monotone = is_monotone(rule);
  ReachOfRule reach;
  if (rule.rule_class == RuleClass::anchored) reach = {window, window};
  if (rule.rule_class == RuleClass::stream) reach = reach_of(rule, window);
  rule.look_back = reach.back;
  rule.look_ahead = reach.ahead;
}

/// The text of the threshold file, and what its addresses may refer to.
struct Thresholds {
  std::string text;
  const Variables& variables;
};

void count(ruleset::Report& report, const std::vector<Rule>& rules) {
  for (const Rule& rule : rules) {
    if (rule.way_back) continue;
    ++report.loaded;
    ++report.by_class[static_cast<std::size_t>(rule.rule_class)];
  }
}

Loaded compile(Reader& reader, const Options& options, const Thresholds& thresholds) {
  Loaded out;
  out.ruleset = std::make_unique<ruleset::Ruleset>();
  out.ruleset->generation = options.generation;
  out.ruleset->window = options.window;
  std::vector<Rule> rules = reader.take_rules();
  out.report = reader.take_report();
  apply_threshold_file(options.threshold_file, thresholds.text, thresholds.variables, rules, out.report);
  assign_host_homes(rules);
  count(out.report, rules);
  resolve_flow_names(rules, out.report);
  TriggerChooser chooser;
  for (Rule& rule : rules) {
    compile_rule(rule, chooser, options.window);
    if (!rule.way_back) out.report.explanations.push_back(explain(rule, options.window));
  }
  out.ruleset->rules.reserve(rules.size());
  for (const std::size_t position : evaluation_order(rules)) {
    out.ruleset->rules.push_back(std::move(rules[position]));
  }
  out.ruleset->asks_hosts = std::any_of(out.ruleset->rules.begin(), out.ruleset->rules.end(),
                                        [](const Rule& rule) { return rule.host.needs_state(); });
  build_scans(*out.ruleset);
  index_ip_only(*out.ruleset);
  fill_reach_tables(*out.ruleset);
  return out;
}

Result<Loaded> finish(Reader& reader, const Options& options, const Variables& variables) {
  Thresholds thresholds{{}, variables};
  if (!options.threshold_file.empty()) {
    Result<std::string> text = read_file(options.threshold_file);
    if (!text) return text.error();
    thresholds.text = std::move(text).value();
  }
  try {
    return compile(reader, options, thresholds);
  } catch (const Refusal& refusal) {
    return Error{"", refusal.what(), refusal.remedy()};
  }
}

Status check(const Options& options) {
  if (options.window >= 1 && options.window <= kMaxWindow) return success();
  return Error{"window", std::to_string(options.window) + " bytes is out of range", "write 1 to 65535"};
}

}  // namespace

Result<Loaded> load(std::span<const std::string> files, const Variables& variables, const Options& options) {
  if (const Status status = check(options); !status) return status.error();
  Reader reader(variables);
  for (const std::string& file : files) {
    const Result<std::string> text = read_file(file);
    if (!text) return text.error();
    reader.read(file, text.value());
  }
  return finish(reader, options, variables);
}

Result<Loaded> load_text(std::string_view name, std::string_view text, const Variables& variables,
                         const Options& options) {
  if (const Status status = check(options); !status) return status.error();
  Reader reader(variables);
  reader.read(name, text);
  return finish(reader, options, variables);
}

}  // namespace mirrorscan::rules
