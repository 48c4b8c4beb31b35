#pragma once
// The thresholds of rules, one match at a time: what the reference counts, when a window begins anew, and
// which match alerts.

#include "base/timestamp.h"
#include "hosts/table.h"
#include "signature/host_condition.h"

namespace mirrorscan::hosts {

/// What a threshold says of a match.
enum class Counted : std::uint8_t {
  alerts,
  silent,   ///< no alert: too few matches so far
  exceeds,  ///< no alert: there were enough; the rule's action stands all the same
};

/// Counts one match at `now`. A window goes on until `seconds` after the match that began it, that
/// microsecond included. `type threshold` with a count of 1 needs no state.
[[nodiscard]] Counted count(const signature::Threshold& threshold, const Key& key, Table& table,
                            Timestamp now) noexcept;

}  // namespace mirrorscan::hosts
