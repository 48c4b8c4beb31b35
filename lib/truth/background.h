#pragma once
// Which rules ordinary traffic may match: what it says is in the books, but where each flow begins is not
// worth following, so alerts of these rules are not foreseen.

#include <span>
#include <string>
#include <vector>

#include "ruleset/ruleset.h"
#include "traffic/book.h"
#include "traffic/profile.h"
#include "truth/plain_rule.h"

namespace mirrorscan::truth {

/// For each rule the kind of flow that may match it, "http to_server"; empty where none does. A rule may be
/// matched when its header accepts the kind and each of its positive contents occurs, in whatever case and
/// anywhere, in what the kind says in that direction. `plain` belongs to `rules.rules`.
[[nodiscard]] std::vector<std::string> matched_by_background(const ruleset::Ruleset& rules,
                                                             std::span<const PlainRule> plain,
                                                             const traffic::Books& books,
                                                             const traffic::Flows& flows);

}  // namespace mirrorscan::truth
