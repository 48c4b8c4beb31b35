#pragma once
// Keywords that say what a rule is, for people and the exporter: they take no part in matching.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

Status parse_msg(std::string_view args, Draft& draft);
Status parse_sid(std::string_view args, Draft& draft);
Status parse_gid(std::string_view args, Draft& draft);
Status parse_rev(std::string_view args, Draft& draft);
/// Stores the name; its text and priority come from the class list that the rules room reads.
Status parse_classtype(std::string_view args, Draft& draft);
Status parse_priority(std::string_view args, Draft& draft);
Status parse_reference(std::string_view args, Draft& draft);
Status parse_metadata(std::string_view args, Draft& draft);
/// Of several the last counts: rule sets in use repeat it.
Status parse_target(std::string_view args, Draft& draft);
Status parse_noalert(std::string_view args, Draft& draft);
/// A `pass` rule with it tells what it lets go; others tell anyway. The later of `alert` and `noalert`
/// counts.
Status parse_alert(std::string_view args, Draft& draft);
/// A wish about how the engine starts a rule. Accepted; ours chooses triggers by itself.
Status parse_prefilter(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
