#pragma once
// Which matches of rules with state hold, and what they change: flow tests and effects in one order for all
// segmentations.
//
// Of one packet: first what matched its addresses, then what matched the packet, both in rule order; then
// what matched stream bytes, in the order of the positions at which it was decided. So what the bytes of a
// stream do to each other depends on their positions, and a rule on packets does not see what its own
// packet's bytes change in the stream: the reference, which looks at those bytes when they are acknowledged,
// answers the same.

#include "alert/alert_memory.h"
#include "alert/flow_state.h"
#include "alert/flow_variables.h"
#include "alert/match_list.h"
#include "ledger/counter.h"
#include "ruleset/ruleset.h"

namespace mirrorscan::alert {

/// Asked for rules that change their flow only where conditions of hosts hold.
class HostConditions {
 public:
  [[nodiscard]] virtual bool hold(const Match& match) const noexcept = 0;

 protected:
  ~HostConditions() = default;
};

class StateSettlement {
 public:
  StateSettlement(FlowVariables& variables, AlertMemory& memory, ledger::Counters& counters)
      : variables_(variables), memory_(memory), counters_(counters) {}

  /// Applies effects, and removes from the list what is void: a flow test did not hold, or the rule has
  /// matched in this window before.
  void settle(const ruleset::Ruleset& rules, FlowState& flow, MatchList& list,
              const HostConditions& hosts) noexcept;

 private:
  void settle_one(const ruleset::Ruleset& rules, FlowState& flow, Match& match,
                  const HostConditions& hosts) noexcept;

  FlowVariables& variables_;
  AlertMemory& memory_;
  ledger::Counters& counters_;
};

}  // namespace mirrorscan::alert
