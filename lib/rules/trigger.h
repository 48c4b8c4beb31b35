#pragma once
// Which test of a rule starts its evaluation: the pattern that Hyperscan looks for.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "signature/rule.h"

namespace mirrorscan::rules {

/// Bytes of a literal that may be a trigger; longer ones would exceed Hyperscan's pattern size.
inline constexpr std::size_t kMaxTriggerBytes = 2048;
inline constexpr std::size_t kMaxExpressionBytes = 2048;

/// The bytes as a regular expression: \xHH each.
[[nodiscard]] std::string as_expression(std::string_view literal);

/// Chooses triggers and remembers what Hyperscan thinks of expressions. Not for use by two threads.
class TriggerChooser {
 public:
  /// The content marked fast_pattern; else the longest positive content (of equals, the one with the most
  /// different bytes, then the first); else a pcre that Hyperscan can look for in a stream; else nothing.
  /// Cost: one Hyperscan compilation (about 10 ms) for each new expression of rules that have no content.
  [[nodiscard]] std::optional<signature::Trigger> choose(const signature::Rule& rule);

 private:
  enum class Use { exact, prefilter, none };
  [[nodiscard]] Use use_of(const signature::Trigger& trigger);

  std::map<std::pair<std::string, bool>, Use> known_;  ///< (pattern, nocase)
};

}  // namespace mirrorscan::rules
