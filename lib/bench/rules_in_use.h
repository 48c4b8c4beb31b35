#pragma once
// The rules of a measurement: rule files, or a list of literals; and what loading them costs.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/figures.h"
#include "bench/literals.h"
#include "config/config.h"
#include "ruleset/ruleset.h"

namespace mirrorscan::bench {

struct RuleArguments {
  std::vector<std::string> files;
  std::string vars_file;
  std::string literals;   ///< a list of literals instead of files
  std::size_t count = 0;  ///< of them; 0 = all

  [[nodiscard]] bool none() const noexcept { return files.empty() && literals.empty(); }
};

struct RulesInUse {
  std::shared_ptr<const ruleset::Ruleset> ruleset;  ///< without a rule where none are asked for
  std::vector<Literal> literals;                    ///< where they are the rules
  std::size_t rules = 0, loaded = 0, rejected = 0;
  double load_seconds = 0;  ///< reading, parsing, compiling
  std::uint64_t load_rss_bytes = 0;

  [[nodiscard]] bool empty() const noexcept { return rules == 0; }
};

/// Reads and compiles. Variables come from the configuration and from `vars_file`, the latter first. Errors:
/// those of reading and loading.
[[nodiscard]] Result<RulesInUse> load_rules(const RuleArguments& arguments, const config::Config& config);

/// null without rules.
void add_rules(Figures& out, const RuleArguments& arguments, const RulesInUse& rules);

}  // namespace mirrorscan::bench
