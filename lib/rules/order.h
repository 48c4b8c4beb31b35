#pragma once
// The order in which the matches of one packet take effect, which is that of Suricata: by action; setters of
// flowbits before those that set and check, then those that only check, then all others; likewise for
// flowints; rules that change hostbits before all others, then those that ask for xbits
// (signature/host_condition.h); by priority; by sid.

#include <cstddef>
#include <vector>

#include "signature/rule.h"

namespace mirrorscan::rules {

/// Positions in `rules`.
[[nodiscard]] std::vector<std::size_t> evaluation_order(const std::vector<signature::Rule>& rules);

}  // namespace mirrorscan::rules
