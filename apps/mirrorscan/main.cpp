// The command line. The one file that includes CLI11: it takes half a minute to compile.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "commands.h"
#include "engine/log.h"

namespace {

using mirrorscan::app::CheckArguments;
using mirrorscan::app::Detail;
using mirrorscan::app::Exit;
using mirrorscan::app::Format;
using mirrorscan::app::Inputs;
using mirrorscan::app::ReplayArguments;
using mirrorscan::app::RunArguments;
using mirrorscan::app::Strictness;
using mirrorscan::engine::Verbosity;

/// "" is a variable of a script that was not set, and must not be as if nothing was asked for.
CLI::Option* named(CLI::Option* option, const char* type) {
  return option->type_name(type)->check(
      [](const std::string& name) { return std::string(name.empty() ? "an empty name; write a path" : ""); });
}

CLI::Option* add_config(CLI::App& command, Inputs& inputs) {
  return named(command.add_option("--config", inputs.config_file, "configuration, JSON with comments"),
               "FILE");
}

void add_inputs(CLI::App& command, Inputs& inputs) {
  named(command.add_option("--rules", inputs.rule_files, "rule file; may be given more than once"), "FILE")
      ->allow_extra_args(false);  // else it would take the captures after it
  named(command.add_option("--vars", inputs.vars_file,
                           "address and port variables, YAML (vars: address-groups, port-groups)"),
        "FILE");
  named(command.add_option("--threshold-file", inputs.threshold_file,
                           "thresholds and suppressions of the rules, as in Suricata's threshold.config"),
        "FILE");
  add_config(command, inputs);
}

/// One line, as all errors.
std::string mistake(const CLI::App*, const CLI::Error& error) {
  return std::string("error: ") + error.what() + "; see --help\n";
}

struct VerbosityFlags {
  bool quiet = false;
  bool verbose = false;

  [[nodiscard]] Verbosity verbosity() const noexcept {
    return quiet ? Verbosity::quiet : verbose ? Verbosity::verbose : Verbosity::normal;
  }
};

/// Before the command and after it.
void add_verbosity(CLI::App& command, VerbosityFlags& flags) {
  command.add_flag("-q,--quiet", flags.quiet, "only errors");
  command.add_flag("-v,--verbose", flags.verbose, "more messages");
}

/// A first word that is no command, or empty. Options before the command take no values.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto word =
      std::find_if(words.begin(), words.end(), [](const auto& w) { return !w.starts_with('-'); });
  if (word == words.end()) return "";
  const bool known = !app.get_subcommands([&](const CLI::App* c) { return c->check_name(*word); }).empty();
  return known ? "" : *word;
}

int run(int argc, char** argv) {
  CLI::App app{"Inspects mirrored AWS VPC traffic by Suricata-compatible rules.", "mirrorscan"};
  app.set_version_flag("--version", std::string("mirrorscan ") + MIRRORSCAN_VERSION);
  app.require_subcommand(1);
  app.failure_message(mistake);
  VerbosityFlags verbosity;
  add_verbosity(app, verbosity);

  RunArguments daemon;
  CLI::App* run_command =
      app.add_subcommand("run", "Inspect what DPDK ports receive, until a signal ends it.");
  add_config(*run_command, daemon.inputs)->required();

  ReplayArguments replay;
  CLI::App* replay_command = app.add_subcommand("replay", "Run captures through the inspector.");
  add_inputs(*replay_command, replay.inputs);
  named(replay_command->add_option("--eve", replay.eve,
                                   "where events go, one JSON object a line; - is standard output"),
        "FILE")
      ->required();
  replay_command->add_option("--workers", replay.workers, "number of workers")->check(CLI::Range(1, 16));
  replay_command->add_option("--burst", replay.burst, "packets in a burst")->check(CLI::Range(1, 512));
  named(replay_command->add_option("captures", replay.captures, "pcap or pcapng files; - is standard input"),
        "PCAP")
      ->required();

  CheckArguments check;
  bool json = false;
  bool strict = false;
  bool explain = false;
  bool keywords = false;
  bool reference = false;
  bool schema = false;
  CLI::App* check_command = app.add_subcommand("check", "Check rules and configuration, and explain them.");
  add_inputs(*check_command, check.inputs);
  check_command->add_flag("--json", json, "the whole report as one JSON object");
  check_command->add_flag("--strict", strict, "exit 1 when a rule is rejected");
  check_command->add_flag("--explain", explain, "say of each rule where and with what it is looked for");
  check_command->add_flag("--keywords", keywords, "list the rule keywords that are known");
  check_command->add_flag("--config-reference", reference, "print every configuration setting, as Markdown");
  check_command->add_flag("--config-schema", schema, "print the configuration's JSON schema");

  for (CLI::App* command : {run_command, replay_command, check_command}) add_verbosity(*command, verbosity);

  if (const std::string word = unknown_command(app, argc, argv); !word.empty()) {
    mirrorscan::engine::log_error("there is no command " + word + "; write run, replay or check");
    return static_cast<int>(Exit::usage);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
  }
  mirrorscan::engine::set_verbosity(verbosity.verbosity());

  if (*run_command) return static_cast<int>(mirrorscan::app::run_command(daemon));
  if (*replay_command) {
    if (replay.inputs.rule_files.empty() && replay.inputs.config_file.empty()) {
      mirrorscan::engine::log_error("replay: no rules; give --rules FILE, or --config FILE that names some");
      return static_cast<int>(Exit::usage);
    }
    return static_cast<int>(mirrorscan::app::replay_command(replay));
  }
  if (keywords) return static_cast<int>(mirrorscan::app::list_keywords());
  if (reference) return static_cast<int>(mirrorscan::app::print_config_reference());
  if (schema) return static_cast<int>(mirrorscan::app::print_config_schema());
  if (check.inputs.rule_files.empty() && check.inputs.config_file.empty()) {
    mirrorscan::engine::log_error("check: nothing to check; give --rules FILE or --config FILE");
    return static_cast<int>(Exit::usage);
  }
  check.format = json ? Format::json : Format::text;
  check.strictness = strict ? Strictness::strict : Strictness::normal;
  check.detail = explain ? Detail::explain : Detail::summary;
  return static_cast<int>(mirrorscan::app::check_command(check));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    mirrorscan::engine::log_error(error.what());
    return static_cast<int>(Exit::failed);
  }
}
