#pragma once
// threshold: how many of a rule's matches alert.

#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// `type limit|threshold|both, track by_src|by_dst|by_both|by_rule|by_flow, count N, seconds N`, in any
/// order.
Status parse_threshold(std::string_view args, Draft& draft);

/// The same list, for other places that have it.
[[nodiscard]] Result<signature::Threshold> threshold_of(std::string_view args, std::string_view keyword);

/// by_src ...
[[nodiscard]] Result<signature::ThresholdTrack> track_of(std::string_view word, std::string_view keyword);

/// Gives the rule its threshold; a rule has one at most.
Status add_threshold(const Result<signature::Threshold>& threshold, std::string_view keyword, Draft& draft);

}  // namespace mirrorscan::keywords
