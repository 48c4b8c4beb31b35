#pragma once
// Detection of one lcore in one piece: scanner, evaluator, memories and the two inspectors.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "alert/copy_inspector.h"
#include "alert/flow_state.h"
#include "alert/flow_variables.h"
#include "alert/packet_inspector.h"
#include "alert/rule_budgets.h"
#include "alert/state_settlement.h"
#include "alert/stream_inspector.h"
#include "base/stage_cycles.h"

namespace mirrorscan::alert {

struct Settings {
  StreamInspector::Budgets stream;
  Evaluator::Limits evaluation;
  RuleBudgets::Limits budgets;
  std::uint32_t max_streams = 65'536;
  std::uint32_t max_alert_memories = 65'536;
  std::uint32_t max_flow_variables = 262'144;
  std::uint32_t max_matches_per_packet = 1'024;
  std::uint32_t max_alerts_per_sid_and_second = 0;  ///< 0 = no limit
  DropEndsFlow drop_ends_flow = DropEndsFlow::no;
};

class Inspector {
 public:
  Inspector(const Settings& settings, ledger::Counters& counters, StageMeter stages = {})
      : settings_(settings),
        counters_(counters),
        evaluator_(settings.evaluation, counters),
        memory_(settings.max_alert_memories),
        budgets_(settings.budgets, counters),
        packets_(scanner_, evaluator_, memory_, budgets_, stages),
        streams_(settings.stream, scanner_, evaluator_, memory_, budgets_, counters, stages),
        copies_(streams_.windows(), scanner_, evaluator_, memory_, budgets_, counters),
        variables_(settings.max_flow_variables, counters),
        state_(variables_, memory_, counters),
        matches_(settings.max_matches_per_packet, counters) {}

  /// Prepares a ruleset for this lcore; allocates.
  [[nodiscard]] Result<std::unique_ptr<Generation>> install(std::shared_ptr<const ruleset::Ruleset> rules) {
    return Generation::make(std::move(rules), settings_.max_streams, scanner_);
  }

  /// The packet time of what is inspected next; budgets go by it.
  void at(Timestamp now) noexcept { budgets_.at(now); }
  /// Rules that were suspended since the last call and that the operator shall be told of, one at a time.
  [[nodiscard]] std::optional<Suspension> take_suspension() noexcept { return budgets_.take_suspension(); }

  void inspect_header(Generation& g, FlowState& flow, const Subject& subject) noexcept {
    bool& done = flow.ip_only_done[index_of(subject.direction)];
    if (done) return;
    done = true;
    packets_.inspect_header(g, subject, matches_);
  }
  bool inspect_packet(Generation& g, const PacketUnderTest& packet) noexcept {
    return packets_.inspect(g, packet, matches_);
  }
  [[nodiscard]] Scanned inspect_stream(Generation& g, FlowState& flow, const Subject& subject,
                                       const StreamBytes& bytes) noexcept {
    // Before the stream is looked at: its cache line is not among those that are asked for ahead.
    if (g.rules->scan(ruleset::ScanKind::tcp_stream, subject.direction).empty()) return Scanned::no_rule;
    copies_.follow(g, flow.streams[index_of(subject.direction)], subject, bytes, matches_);
    return streams_.bytes(g, flow.streams[index_of(subject.direction)], subject, bytes, matches_);
  }
  /// Bytes that were given to inspect_stream() before and came again.
  [[nodiscard]] Copy inspect_copy(Generation& g, FlowState& flow, const Subject& subject,
                                  const StreamBytes& copy) noexcept {
    return copies_.again(g, flow.streams[index_of(subject.direction)], subject, copy, matches_);
  }
  void end_stream(Generation& g, FlowState& flow, const Subject& subject) noexcept {
    copies_.end(g, flow.streams[index_of(subject.direction)], subject, matches_);
    streams_.end(g, flow.streams[index_of(subject.direction)], subject, matches_);
    flow.stream_ended = true;
  }
  /// A match waits to be settled that depends on what pended triggers come to: catch_up() is due, for both
  /// directions.
  [[nodiscard]] bool has_state() const noexcept { return matches_.has_state(); }
  /// Decides what is pended of rules with state on all bytes that are there.
  void catch_up(Generation& g, FlowState& flow, const Subject& subject) noexcept {
    streams_.catch_up(g, flow.streams[index_of(subject.direction)], subject, matches_);
  }
  /// A match that a host's state has let through alerts now: false beyond the budget of its rule and second.
  [[nodiscard]] bool may_tell(Generation& g, signature::RuleIndex rule, Timestamp now) noexcept {
    if (!within_rate(g, rule, now)) return false;
    ++g.costs[rule].alerts;
    return true;
  }
  /// The flow has ended, and its matches are settled.
  void forget(FlowState& flow) noexcept { variables_.forget(flow); }

  /// Settles the matches collected since the last call. Sets flow.verdict.
  ///
  /// hosts(match, telling) is asked, in the order in which matches take effect, for each match whose flow
  /// tests held, those of `noalert` rules included; tell(match) follows at once where it may alert and the
  /// answer is `tell`. Before that it is asked with Telling::conditions_only for rules that change their flow
  /// only where conditions of hosts hold.
  template <class Hosts, class Tell>
  void settle_matches(Generation& g, FlowState& flow, Timestamp now, Hosts&& hosts, Tell&& tell) noexcept {
    if (!matches_.empty()) {
      // After a verdict: what was pended before it.
      if (flow.verdict == Verdict::none) settle_all(g, flow, now, hosts, tell);
      matches_.clear();
    }
    if (flow.stream_ended) forget_ended(flow);
  }
  template <class Tell>
  void settle_matches(Generation& g, FlowState& flow, Timestamp now, Tell&& tell) noexcept {
    settle_matches(
        g, flow, now, [](const Match&, Telling) noexcept { return HostAnswer::tell; }, tell);
  }

 private:
  template <class Hosts, class Tell>
  void settle_all(Generation& g, FlowState& flow, Timestamp now, Hosts&& hosts, Tell&& tell) noexcept {
    const HostsHold<Hosts> hold(hosts);
    if (matches_.has_state()) state_.settle(*g.rules, flow, matches_, hold);
    matches_.sort();
    flow.verdict = settle(matches_, *g.rules, settings_.drop_ends_flow,
                          [&](const signature::Rule&, const Match& match, Telling telling) noexcept {
                            const HostAnswer answer = hosts(match, telling);
                            if (answer != HostAnswer::tell || telling == Telling::silent) return answer;
                            if (!may_tell(g, match.rule, now)) return answer;
                            flow.alerted = true;
                            tell(match);
                            return answer;
                          });
  }

  template <class Hosts>
  struct HostsHold final : HostConditions {
    explicit HostsHold(Hosts& h) noexcept : hosts(h) {}
    [[nodiscard]] bool hold(const Match& match) const noexcept override {
      return hosts(match, Telling::conditions_only) != HostAnswer::no_action;
    }
    Hosts& hosts;
  };

  /// What a stream's rules have alerted on is remembered until the last of its matches is settled.
  void forget_ended(FlowState& flow) noexcept {
    flow.stream_ended = false;
    for (StreamState& stream : flow.streams)
      if (stream.ended) {
        memory_.forget(stream);
        stream.ended = false;
      }
  }

  [[nodiscard]] bool within_rate(Generation& g, signature::RuleIndex rule, Timestamp now) noexcept {
    if (settings_.max_alerts_per_sid_and_second == 0) return true;
    Generation::Rate& rate = g.rates[rule];
    const std::int64_t second = now.us / 1'000'000;
    if (second > rate.second) rate = {second, 0};  // ends of flows are told with an older time
    if (rate.alerts++ < settings_.max_alerts_per_sid_and_second) return true;
    counters_.add(ledger::Counter::alert_rate_suppressed);
    return false;
  }

  Settings settings_;
  ledger::Counters& counters_;
  match::Scanner scanner_;
  Evaluator evaluator_;
  AlertMemory memory_;
  RuleBudgets budgets_;
  PacketInspector packets_;
  StreamInspector streams_;
  CopyInspector copies_;
  FlowVariables variables_;
  StateSettlement state_;
  MatchList matches_;
};

}  // namespace mirrorscan::alert
