#pragma once
// The compile side's front door: rule files to a ruleset and a report.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "rules/variables.h"
#include "ruleset/report.h"
#include "ruleset/ruleset.h"

namespace mirrorscan::rules {

struct Options {
  std::uint32_t generation = 1;
  std::uint32_t window = 4096;  ///< W of design section 2, bytes; 1 to 65,535
  std::string threshold_file;   ///< threshold_file.h; empty = none
};

struct Loaded {
  std::unique_ptr<ruleset::Ruleset> ruleset;
  ruleset::Report report;
};

/// Reads, parses, classifies and compiles the rules of all files. A rule that cannot be used is listed in the
/// report and does not fail the load; an Error means that a file cannot be read, that an option is out of
/// range, or that Hyperscan refuses a database. Cost: parsing 10 to 20 us a rule, and Hyperscan's compile
/// time for each payload kind and direction.
[[nodiscard]] Result<Loaded> load(std::span<const std::string> files, const Variables& variables,
                                  const Options& options);

/// The same for rules in memory; `name` stands for the file in the report.
[[nodiscard]] Result<Loaded> load_text(std::string_view name, std::string_view text,
                                       const Variables& variables, const Options& options);

}  // namespace mirrorscan::rules
