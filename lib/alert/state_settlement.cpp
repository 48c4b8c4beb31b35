#include "alert/state_settlement.h"

#include <algorithm>
#include <tuple>

namespace mirrorscan::alert {

using ledger::Counter;
using signature::Rule;

namespace {

enum class Phase : std::uint8_t { addresses, packet, stream };

[[nodiscard]] Phase phase_of(const Rule& rule, const Match& match) noexcept {
  if (match.matched == Matched::stream) return Phase::stream;
  return rule.rule_class == signature::RuleClass::ip_only ? Phase::addresses : Phase::packet;
}

}  // namespace

void StateSettlement::settle(const ruleset::Ruleset& rules, FlowState& flow, MatchList& list,
                             const HostConditions& hosts) noexcept {
  std::vector<Match>& matches = list.matches();
  const auto place_of = [&](const Match& m) noexcept {
    return std::tuple(phase_of(rules.rules[m.rule], m), m.direction, m.position, m.rule, m.stream_offset);
  };
  std::sort(matches.begin(), matches.end(),
            [&](const Match& a, const Match& b) noexcept { return place_of(a) < place_of(b); });
  for (Match& match : matches) settle_one(rules, flow, match, hosts);
  std::erase_if(matches, [](const Match& m) noexcept { return m.outcome == Match::Outcome::is_void; });
}

void StateSettlement::settle_one(const ruleset::Ruleset& rules, FlowState& flow, Match& match,
                                 const HostConditions& hosts) noexcept {
  const Rule& rule = rules.rules[match.rule];
  if (rule.state.empty()) return;
  StreamState& stream = flow.streams[index_of(match.direction)];
  const bool of_stream = match.matched == Matched::stream;
  const std::uint64_t window = of_stream ? window_of(rule, match.stream_offset, rules.window) : 0;
  const bool repeated = of_stream && memory_.contains(stream, match.rule, window);
  if (repeated) counters_.add(Counter::alerts_suppressed_in_window);
  const auto hosts_hold = [&]() noexcept {
    return rule.state.effects.empty() || rule.host.conditions.empty() || hosts.hold(match);
  };
  if (repeated || !variables_.holds(flow, rule.state) || !hosts_hold()) {
    match.outcome = Match::Outcome::is_void;
    return;
  }
  variables_.apply(flow, rule.state);
  if ((of_stream || match.at_stream_start) &&
      memory_.mark(stream, match.rule, window) == AlertMemory::Marked::no_room)
    counters_.add(Counter::alert_memory_budget);
}

}  // namespace mirrorscan::alert
