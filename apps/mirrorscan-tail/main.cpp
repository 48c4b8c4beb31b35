// The command line of mirrorscan-tail. The one file here that includes CLI11: it takes half a minute to
// compile.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tail_command.h"

namespace {

using mirrorscan::app::TailArguments;
using mirrorscan::tail::Color;
using mirrorscan::tail::Form;
using mirrorscan::tail::Numbers;

constexpr int kUsage = 2;
constexpr std::uint64_t kMaxVni = 16'777'215;  // 24 bits, RFC 7348 section 5

/// CLI11 2.1 takes -1 for a large unsigned number, and the largest one for what is larger.
std::string count_fault(const std::string& text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stopped == end && !text.empty()
             ? ""
             : "\"" + text + "\" is no number; write a whole one, from 0 to 18446744073709551615";
}

/// One line, as all errors.
std::string mistake(const CLI::App*, const CLI::Error& error) {
  return std::string("mirrorscan-tail: ") + error.what() + "; see --help\n";
}

bool says(const char* variable, std::string_view word) {
  const char* value = std::getenv(variable);
  return value != nullptr && value == word;
}

bool is_set(const char* variable) {
  return std::getenv(variable) != nullptr && !says(variable, "");
}

/// https://no-color.org: any value that is not empty. The command line wins.
Color color_of(const std::string& asked) {
  if (asked == "always") return Color::always;
  const bool suits = ::isatty(STDOUT_FILENO) == 1 && !is_set("NO_COLOR") && !says("TERM", "dumb");
  return asked == "auto" && suits ? Color::always : Color::never;
}

void add_filter(CLI::App& app, mirrorscan::tail::Filter& filter) {
  app.add_option("--type", filter.types, "events of this type; may be given more than once")
      ->type_name("TYPE")
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"alert", "flow", "anomaly", "stats"}));
  app.add_option("--vni", filter.vni, "events of this VNI")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{0}, kMaxVni));
  app.add_option("--tenant", filter.tenant, "events of this tenant")->type_name("NAME");
  app.add_option("--sid", filter.sid, "alerts of the rule with this sid")->type_name("N")->check(count_fault);
  app.add_option("--severity", filter.severity,
                 "alerts of this severity or a more severe one (1 is the most severe)")
      ->type_name("N")
      ->check(count_fault);
}

int run(int argc, char** argv) {
  TailArguments arguments;
  std::string color = "auto";
  bool json = false;
  bool text = false;
  bool numbers = false;
  CLI::App app{"Prints the events of mirrorscan's ring: readable lines on a terminal, NDJSON on a pipe.",
               "mirrorscan-tail"};
  app.failure_message(mistake);
  app.set_version_flag("--version", std::string("mirrorscan-tail ") + MIRRORSCAN_VERSION);
  app.add_option("--ring", arguments.ring, "the ring's file")
      ->type_name("FILE")
      ->check([](const std::string& name) {
        return std::string(name.empty() ? "an empty name; write a path" : "");
      })
      ->capture_default_str();
  app.add_flag("-f,--follow", arguments.follow,
               "go on with what comes; wait for a ring that is not there yet, follow writers and files");
  app.add_option("-n,--lines", arguments.lines,
                 "of what is in the ring only the last N events that pass the filters")
      ->type_name("N")
      ->check(count_fault);
  app.add_option("--since", arguments.since, "begin with the record of this sequence number")
      ->type_name("SEQ")
      ->check(count_fault);
  add_filter(app, arguments.filter);
  CLI::Option* json_flag = app.add_flag("--json", json, "NDJSON, also on a terminal");
  app.add_flag("--text", text, "readable lines, also on a pipe")->excludes(json_flag);
  app.add_option("--color", color, "colours in readable lines")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  app.add_flag("--seq", numbers,
               R"(each event's sequence number: before a line, or {"seq":N,"event":{...}})");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  const bool readable = text || (!json && ::isatty(STDOUT_FILENO) == 1);
  arguments.form = readable ? Form::text : Form::json;
  arguments.color = color_of(color);
  arguments.numbers = numbers ? Numbers::shown : Numbers::hidden;
  return mirrorscan::app::tail_command(arguments);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mirrorscan-tail: %s\n", error.what());
    return 1;
  }
}
