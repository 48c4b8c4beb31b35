#pragma once
// The commands behind the command line, and their exit codes.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "engine/log.h"
#include "rules/load.h"

namespace mirrorscan::app {

enum class Exit : int { done = 0, failed = 1, usage = 2 };

/// What `replay` and `check` have in common.
struct Inputs {
  std::vector<std::string> rule_files;
  std::string vars_file;
  std::string config_file;
  std::string threshold_file;
};

struct ReplayArguments {
  Inputs inputs;
  std::vector<std::string> captures;
  std::string eve;
  std::uint32_t workers = 1;
  std::uint32_t burst = 32;
};

struct RunArguments {
  Inputs inputs;
};

enum class Format : std::uint8_t { text, json };
enum class Strictness : std::uint8_t { normal, strict };
enum class Detail : std::uint8_t { summary, explain };

struct CheckArguments {
  Inputs inputs;
  Format format = Format::text;
  Strictness strictness = Strictness::normal;
  Detail detail = Detail::summary;
};

struct Prepared {
  config::Config config;
  rules::Loaded loaded;
};

/// Configuration (its default is `fallback`), variables and rules. Any Error is wrong usage: exit code 2.
[[nodiscard]] Result<Prepared> prepare(const Inputs& inputs, config::Profile fallback);

/// "4 of 5 rules loaded (80.0 %)"; without a percentage where there are no rules.
[[nodiscard]] std::string loaded_text(const ruleset::Report& report);
/// Why no rule at all was loaded; empty if some were.
[[nodiscard]] std::string nothing_loaded(const Prepared& prepared);
/// Warnings, rejected rules and how many were loaded, to the log.
void tell_rules(const Prepared& prepared);

/// Logs the error; gives `code`.
[[nodiscard]] Exit failed(const Error& error, Exit code);

[[nodiscard]] Exit run_command(const RunArguments& arguments);
[[nodiscard]] Exit replay_command(const ReplayArguments& arguments);
[[nodiscard]] Exit check_command(const CheckArguments& arguments);
[[nodiscard]] Exit list_keywords();
[[nodiscard]] Exit print_config_reference();
[[nodiscard]] Exit print_config_schema();

}  // namespace mirrorscan::app
