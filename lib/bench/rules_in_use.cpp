#include "bench/rules_in_use.h"

#include <algorithm>
#include <chrono>

#include "bench/machine.h"
#include "rules/load.h"
#include "rules/variables.h"

namespace mirrorscan::bench {
namespace {

[[nodiscard]] Result<rules::Variables> variables_of(const RuleArguments& arguments,
                                                    const config::Config& config) {
  rules::Variables variables;
  const std::string& file = arguments.vars_file.empty() ? config.vars_file : arguments.vars_file;
  if (!file.empty()) {
    auto read = rules::read_variables(file);
    if (!read) return read.error();
    variables = std::move(read).value();
  }
  for (const auto& [name, value] : config.address_groups) variables.addresses.try_emplace(name, value);
  for (const auto& [name, value] : config.port_groups) variables.ports.try_emplace(name, value);
  return variables;
}

[[nodiscard]] Result<rules::Loaded> load(const RuleArguments& arguments, const RulesInUse& rules,
                                         const config::Config& config) {
  auto variables = variables_of(arguments, config);
  if (!variables) return variables.error();
  rules::Options options;
  options.window = config.detect.window_bytes;
  if (arguments.literals.empty()) return rules::load(arguments.files, variables.value(), options);
  return rules::load_text(arguments.literals, rules_of(rules.literals, RuleProtocol::as_listed),
                          variables.value(), options);
}

}  // namespace

Result<RulesInUse> load_rules(const RuleArguments& arguments, const config::Config& config) {
  RulesInUse out;
  if (!arguments.literals.empty()) {
    auto literals = read_literals(arguments.literals, arguments.count);
    if (!literals) return literals.error();
    out.literals = std::move(literals).value();
  }
  const std::uint64_t rss = rss_bytes();
  const auto began = std::chrono::steady_clock::now();
  auto loaded = load(arguments, out, config);
  if (!loaded) return loaded.error();
  out.load_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  out.load_rss_bytes = rss_bytes() - std::min(rss, rss_bytes());
  const ruleset::Report& report = loaded.value().report;
  out.rules = report.rules;
  out.loaded = report.loaded;
  out.rejected = report.rejected.size();
  out.ruleset = std::move(loaded.value().ruleset);
  return out;
}

void add_rules(Figures& out, const RuleArguments& arguments, const RulesInUse& rules) {
  if (arguments.none()) {
    out.none("rules");
    return;
  }
  Figures figures;
  if (arguments.literals.empty()) {
    figures.words("files", arguments.files);
  } else {
    figures.text("literals", arguments.literals);
  }
  figures.count("rules", rules.rules).count("loaded", rules.loaded).count("rejected", rules.rejected);
  figures.number("load_seconds", rules.load_seconds).count("load_rss_bytes", rules.load_rss_bytes);
  out.object("rules", std::move(figures));
}

}  // namespace mirrorscan::bench
