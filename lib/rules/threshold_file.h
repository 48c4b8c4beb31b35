#pragma once
// A threshold file (Suricata's threshold.config): what rules are silent about, and how often they alert.
//
//     suppress gen_id 1, sig_id N [, track by_src|by_dst|by_either, ip ADDRESSES]
//     threshold gen_id 1, sig_id N, type limit|threshold|both, track by_src ..., count N, seconds N
//     event_filter ...                                         (the same as threshold)
//     rate_filter gen_id 1, sig_id N, track by_src ..., count N, seconds N, new_action ACTION, timeout
//     SECONDS
//
// sig_id 0 stands for all rules of the group, gen_id 0 with it for all rules.

#include <string_view>
#include <vector>

#include "rules/variables.h"
#include "ruleset/report.h"
#include "signature/rule.h"

namespace mirrorscan::rules {

/// Gives the rules what the lines say. A `threshold` of one rule takes the place of what the rule has, one of
/// sig_id 0 and every `rate_filter` leaves such rules as they are. Each line that cannot be used is in
/// report.bad_lines; what has no effect in report.warnings.
void apply_threshold_file(std::string_view file, std::string_view text, const Variables& variables,
                          std::vector<signature::Rule>& rules, ruleset::Report& report);

}  // namespace mirrorscan::rules
