#pragma once
// A list of literals as rules: the fixed set of patterns that inspectors and the scan alone are compared
// with.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "ruleset/ruleset.h"

namespace mirrorscan::bench {

struct Literal {
  std::uint32_t line = 0;  ///< from 1; the sid of its rule
  std::vector<std::uint8_t> bytes;
  bool nocase = false;
  bool udp = false;  ///< else TCP
};

/// The first `count` lines (0 = all) `HEX i|- PROTOCOL` of a file. Errors: a file that cannot be read, has
/// fewer lines, or has a line of another form.
[[nodiscard]] Result<std::vector<Literal>> read_literals(const std::string& path, std::size_t count);

/// Those that start the evaluation of a rule, each once, numbered in their order. Expressions are left out.
[[nodiscard]] std::vector<Literal> literals_of(const ruleset::Ruleset& rules);

/// Which protocol the rules name.
enum class RuleProtocol : std::uint8_t { as_listed, tcp };

/// `alert PROTOCOL any any -> any any (msg:...; content:"|..|"; [nocase;] sid:LINE; rev:1;)`, a line each.
[[nodiscard]] std::string rules_of(const std::vector<Literal>& literals, RuleProtocol protocol);

}  // namespace mirrorscan::bench
