#include <fmt/format.h>

#include "commands.h"
#include "config/reader.h"

namespace mirrorscan::app {
namespace {

/// Variables of the configuration count unless the file of --vars has them too.
[[nodiscard]] Result<rules::Variables> variables_of(const config::Config& config,
                                                    const std::string& vars_file) {
  rules::Variables variables;
  const std::string& file = vars_file.empty() ? config.vars_file : vars_file;
  if (!file.empty()) {
    auto read = rules::read_variables(file);
    if (!read) return read.error();
    variables = std::move(read).value();
  }
  for (const auto& [name, expression] : config.address_variables)
    variables.addresses.emplace(name, expression);
  for (const auto& [name, expression] : config.port_variables) variables.ports.emplace(name, expression);
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
  if (!inputs.rule_files.empty()) out.config.rule_files = inputs.rule_files;
  auto variables = variables_of(out.config, inputs.vars_file);
  if (!variables) return variables.error();
  rules::Options options;
  options.window = out.config.detect.window_bytes;
  auto loaded = rules::load(out.config.rule_files, variables.value(), options);
  if (!loaded) return loaded.error();
  out.loaded = std::move(loaded).value();
  return out;
}

}  // namespace mirrorscan::app
