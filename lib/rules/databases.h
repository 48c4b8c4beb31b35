#pragma once
// Triggers to Hyperscan databases, one for each kind of payload and direction.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "match/database.h"
#include "ruleset/ruleset.h"
#include "signature/rule.h"

namespace mirrorscan::rules {

/// The distinct patterns of one database and the rules that wait for each.
class PatternSet {
 public:
  /// Rules must be added in ascending order. Needs rule.trigger.
  void add(const signature::Rule& rule, signature::RuleIndex index);

  /// Throws Refusal with Hyperscan's reason. No HS_FLAG_SINGLEMATCH: it multiplies the stream state.
  [[nodiscard]] match::Database compile(match::Mode mode) const;

 private:
  struct Pattern {
    std::string text;  ///< the literal's bytes, or the expression
    unsigned flags = 0;
    bool literal = true;
    std::vector<signature::RuleIndex> uses;
  };
  std::map<std::tuple<std::string, unsigned, bool>, std::size_t> known_;
  std::vector<Pattern> patterns_;
};

/// Fills scans from the rules. Throws Refusal.
void build_scans(ruleset::Ruleset& ruleset);

}  // namespace mirrorscan::rules
