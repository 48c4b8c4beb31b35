#include "alert/packet_inspector.h"

#include "alert/measure.h"

namespace mirrorscan::alert {

void PacketInspector::inspect_header(Generation& generation, const Subject& subject,
                                     MatchList& matches) noexcept {
  const ruleset::Ruleset& rules = *generation.rules;
  generation.next_packet();
  const auto consider = [&](signature::RuleIndex index) noexcept {
    if (generation.evaluated[index] == generation.packet) return;
    generation.evaluated[index] = generation.packet;
    const signature::Rule& rule = rules.rules[index];
    if (measured(generation.costs[index], [&]() noexcept { return applies(rule, subject, Matched::packet); }))
      add(rule, {index, Matched::packet, subject.direction}, matches);
  };
  rules.ip_only_by_src.for_each(subject.version, subject.src, consider);
  rules.ip_only_by_dst.for_each(subject.version, subject.dst, consider);
}

bool PacketInspector::inspect(Generation& generation, const PacketUnderTest& packet,
                              MatchList& matches) noexcept {
  const ruleset::Scan& scan = generation.rules->scan(packet.kind, packet.subject.direction);
  generation.next_packet();
  if (!packet.payload.empty()) {
    auto& marks = generation.marks(packet.kind, packet.subject.direction);
    const StageScope scanning(stages_, Stage::scan);
    scanner_.scan_block(scan.triggered, packet.payload, [&](const match::Hit& hit) noexcept {
      if (marks[hit.pattern].packet == generation.packet) return;  // a flood costs its rules one look each
      marks[hit.pattern].packet = generation.packet;
      const StageScope evaluation(stages_, Stage::evaluation, 0);
      budgets_.each_rule(generation, scan.triggered, marks, hit.pattern,
                         [&](signature::RuleIndex index) noexcept {
                           budgets_.charge(generation, index, 1);
                           consider(generation, packet, index, matches);
                         });
    });
  }
  for (const signature::RuleIndex index : scan.always)
    if (!budgets_.skips(generation, index)) consider(generation, packet, index, matches);
  return !scan.empty();
}

bool PacketInspector::holds(const signature::Rule& rule, const PacketUnderTest& packet) noexcept {
  if (!evaluator_.matches(rule, packet.view)) return false;
  if (rule.payload.empty() && rule.headers.empty()) return true;
  const packet::Meta& meta = packet.view.meta;
  return evaluator_.matches(rule, packet.view,
                            Piece{packet.payload, true, meta.payload_captured == meta.payload_stated});
}

void PacketInspector::consider(Generation& generation, const PacketUnderTest& packet,
                               signature::RuleIndex index, MatchList& matches) noexcept {
  if (generation.evaluated[index] == generation.packet) return;
  generation.evaluated[index] = generation.packet;
  const signature::Rule& rule = generation.rules->rules[index];
  if (!applies(rule, packet.subject, Matched::packet)) return;
  if (!charged(generation, index, evaluator_, budgets_, [&]() noexcept { return holds(rule, packet); }))
    return;
  // The start of the stream is inspected too (design section 2, class anchored): it shall not alert again
  // there.
  const bool at_start = rule.rule_class == signature::RuleClass::anchored && packet.stream != nullptr &&
                        packet.stream_offset < generation.rules->window;
  Match match{index, Matched::packet, packet.subject.direction};
  match.at_stream_start = at_start;
  add(rule, match, matches);
  if (at_start && rule.state.empty()) (void)memory_.mark(*packet.stream, index, 0);
}

void PacketInspector::add(const signature::Rule& rule, const Match& match, MatchList& matches) noexcept {
  if (rule.state.empty())
    matches.add(match);
  else
    matches.add_with_state(match);
}

}  // namespace mirrorscan::alert
