#pragma once
// The variables of rule headers: $HOME_NET, $HTTP_PORTS ... as the operator wrote them.

#include <functional>
#include <map>
#include <string>

#include "base/result.h"

namespace mirrorscan::rules {

/// Names (without '$') to expressions as in rule headers: lists, negations and other variables. There are no
/// defaults: a rule that uses an undefined variable is rejected.
struct Variables {
  using Map = std::map<std::string, std::string, std::less<>>;
  Map addresses, ports;
};

/// Reads the YAML form `vars: {address-groups: {NAME: "expression"}, port-groups: {NAME: expression}}`.
/// Either group may be absent; other keys beside `vars` are ignored, so that a whole suricata.yaml is
/// accepted. Errors name file and line: a file that cannot be read, broken YAML, a value that is no text or
/// number, an expression that no rule could use.
[[nodiscard]] Result<Variables> read_variables(const std::string& path);

/// The same for text in memory; `name` stands for the path in errors.
[[nodiscard]] Result<Variables> parse_variables(const std::string& name, const std::string& text);

}  // namespace mirrorscan::rules
