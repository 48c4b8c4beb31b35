#pragma once
// Where the state of hosts lives that rules ask for: numbers for the names of bits, and for each rule what
// decides which worker is asked.

#include <vector>

#include "signature/rule.h"

namespace mirrorscan::rules {

/// A rule that asks for the state of one host is answered by that host's owner. One that asks for two at once
/// (its source's bit and a threshold by its destination, say) has all its state in one home, and so have all
/// rules that share a bit with it. Says also of which rules the answer is urgent.
void assign_host_homes(std::vector<signature::Rule>& rules);

}  // namespace mirrorscan::rules
