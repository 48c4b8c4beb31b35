#pragma once
// The rules that need nothing but the header, by address.

#include "ruleset/ruleset.h"

namespace mirrorscan::rules {

/// Fills ip_only and its indices from the rules.
void index_ip_only(ruleset::Ruleset& ruleset);

}  // namespace mirrorscan::rules
