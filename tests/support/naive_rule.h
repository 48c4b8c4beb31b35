#pragma once
// The twin of the payload keywords (truth/naive_rule.h) as tests need it: with the rule text that says the
// same.

#include <string>
#include <utility>
#include <vector>

#include "truth/naive_rule.h"

namespace mirrorscan::naive {

using Test = truth::NaiveTest;
using Payload = truth::NaivePayload;
using truth::matches;

/// The keywords and arguments that say the same as `tests`; bytes must need no escapes.
[[nodiscard]] inline std::vector<std::pair<std::string, std::string>> options(
    const std::vector<Test>& tests) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const Test& t : tests) {
    const std::string bang = t.negated ? "!" : "";
    if (t.kind == Test::Kind::isdataat) {
      out.emplace_back("isdataat", bang + std::to_string(t.position) + (t.relative ? ",relative" : ""));
      continue;
    }
    out.emplace_back("content", bang + "\"" + t.bytes + "\"");
    if (t.nocase) out.emplace_back("nocase", "");
    if (t.startswith) out.emplace_back("startswith", "");
    if (t.endswith) out.emplace_back("endswith", "");
    if (t.offset) out.emplace_back("offset", std::to_string(*t.offset));
    if (t.depth) out.emplace_back("depth", std::to_string(*t.depth));
    if (t.distance) out.emplace_back("distance", std::to_string(*t.distance));
    if (t.within) out.emplace_back("within", std::to_string(*t.within));
  }
  return out;
}

}  // namespace mirrorscan::naive
