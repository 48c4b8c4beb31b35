#pragma once
// What becomes of each rule of the file when traffic is made from it.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ruleset/ruleset.h"
#include "traffic/book.h"
#include "traffic/profile.h"
#include "truth/plain_rule.h"

namespace mirrorscan::truth {

enum class Fate : std::uint8_t {
  planted,        ///< attacks are made from it
  not_plantable,  ///< no attack is made from it; where another one's bytes match it, its alerts are foreseen
  excluded,       ///< its alerts are not foreseen: ordinary traffic may match it, or it is not understood
};

struct RuleFate {
  Fate fate = Fate::planted;
  std::string reason;  ///< empty for planted rules
};

/// Sorts out the rules whose alerts are not foreseen; all others are `planted` for now. Errors: a rule whose
/// effect on others is not foreseen (pass).
[[nodiscard]] Result<std::vector<RuleFate>> first_fates(const ruleset::Ruleset& rules,
                                                        std::span<const PlainRule> plain,
                                                        const traffic::Books& books,
                                                        const traffic::Flows& flows);

}  // namespace mirrorscan::truth
