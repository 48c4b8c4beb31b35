#pragma once
// What a rule asks of the state of hosts, in the words of its options, for `mirrorscan check`.

#include <string>
#include <vector>

#include "signature/host_condition.h"

namespace mirrorscan::rules {

/// One phrase for each bit, for the threshold and for each suppression, in the order in which they decide.
[[nodiscard]] std::vector<std::string> describe(const signature::HostPart& host);

}  // namespace mirrorscan::rules
