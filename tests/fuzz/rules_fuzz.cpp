// Rule files and variables, keywords included; nothing is compiled.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rules/reader.h"
#include "rules/variables.h"

using namespace mirrorscan::rules;

// The text up to the first NUL is read as variables, the rest (or all of it) as rules.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Variables variables;
  variables.addresses = {{"HOME_NET", "[10.0.0.0/8,!10.1.0.0/16]"}, {"EXTERNAL_NET", "!$HOME_NET"}};
  variables.ports = {{"HTTP_PORTS", "[80,8000:8080]"}};
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    const auto read = parse_variables("fuzz", std::string(text.substr(0, nul)));
    if (read.ok()) variables = read.value();
    text.remove_prefix(nul + 1);
  }
  Reader reader(variables);
  reader.read("fuzz", text);
  const auto report = reader.take_report();
  const auto rules = reader.take_rules();
  std::size_t read = report.rejected.size();
  for (const mirrorscan::signature::Rule& rule : rules) read += rule.way_back ? 0 : 1;
  if (read != report.rules) __builtin_trap();
  return 0;
}
