#include "truth/flow_judge.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "truth/datagram_copies.h"
#include "truth/rule_scope.h"
#include "truth/segment_truth.h"
#include "truth/stream_runs.h"

namespace mirrorscan::truth {

using signature::Established;
using signature::Rule;
using signature::RuleIndex;

namespace {

/// Windows of `size` bytes that the ends lie in, when windows begin at `phase`.
std::size_t windows_of(const std::vector<StreamMatch>& matches, std::uint32_t size, std::uint64_t phase) {
  std::set<std::uint64_t> windows;
  for (const StreamMatch& m : matches) windows.insert((m.end - 1 + size - phase % size) / size);
  return windows.size();
}

/// 0 when it depends on where windows begin.
std::size_t windows_wherever(const std::vector<StreamMatch>& matches, std::uint32_t size) {
  const std::size_t count = windows_of(matches, size, 0);
  for (const StreamMatch& m : matches)
    for (const std::uint64_t phase : {m.end - 1, m.end})
      if (windows_of(matches, size, phase) != count) return 0;
  return count;
}

}  // namespace

/// A flow while it is judged.
struct FlowJudge::Case {
  const FlowRecord& flow;
  const Attack& attack;
  const AttackVariant& variant;
  std::array<std::string, kDirections> said{};
  std::vector<bool> settled{};  ///< of each occurrence: expected or open
  FlowTruth out{};

  Case(const FlowRecord& record, const Attack& of, const AttackVariant& spoken)
      : flow(record), attack(of), variant(spoken), settled(spoken.occurrences.size()) {
    for (const traffic::Message& message : variant.conversation.messages)
      said[index_of(message.direction)] += as_text(message.bytes);
  }

  [[nodiscard]] Range range_of(std::size_t occurrence) const {
    const Occurrence& o = variant.occurrences[occurrence];
    return {o.offset, std::uint64_t{o.offset} + o.length};
  }

  /// Ports tell who is the client where the first packets do not: docs/truth-format.md.
  [[nodiscard]] bool client_is_told() const {
    if (flow.ends.client_port > flow.ends.server_port) return true;
    return flow.ends.protocol == kTcp && !flow.packets.empty() && flow.packets.front().syn;
  }

  /// `undecided`: why nothing decides how often the rule alerts; empty where something does.
  void tell(const Expected& expected, std::string undecided) {
    if (flow.paused) undecided = "it pauses for so long that an inspector may forget it";
    if (!client_is_told()) undecided = "nothing tells who is the client";
    if (undecided.empty())
      out.expected.push_back(expected);
    else
      out.damaged.push_back({expected.rule, expected.direction, std::move(undecided), true});
  }

  [[nodiscard]] bool of_attack(RuleIndex rule, Direction direction) const {
    return rule == attack.rule && direction == attack.scene.direction;
  }

  /// Where the match is one of the attack's rule: the occurrence that it is part of, or that is part of it,
  /// needs no other reason.
  void settle(RuleIndex rule, Direction direction, const Range& match) {
    for (std::size_t i = 0; of_attack(rule, direction) && i < settled.size(); ++i)
      if (range_of(i).holds(match) || match.holds(range_of(i))) settled[i] = true;
  }

  [[nodiscard]] std::string_view bytes_of(const SeenPacket& p) const {
    return std::string_view(said[index_of(p.direction)]).substr(p.offset, p.seen);
  }

  /// Segments of the attack that the match is part of, or that is part of it; else of the match.
  [[nodiscard]] std::uint32_t spread(RuleIndex rule, Direction direction, const Range& match) const {
    for (std::size_t i = 0; of_attack(rule, direction) && i < settled.size(); ++i)
      if (range_of(i).holds(match) || match.holds(range_of(i)))
        return segments_of(flow, direction, range_of(i));
    return segments_of(flow, direction, match);
  }
};

FlowJudge::FlowJudge(const AttackBook& book)
    : book_(book), truth_(book.rules(), book.plain(), book.fates()) {}

FlowTruth FlowJudge::judge(const FlowRecord& flow) {
  const Attack& attack = book_.attacks()[flow.attack];
  Case c(flow, attack, attack.variants[flow.variant]);
  if (flow.ends.protocol == kTcp) {
    for (const Direction direction : {Direction::to_server, Direction::to_client}) {
      stream(c, direction);
      segments(c, direction);
    }
  } else {
    datagrams(c);
  }
  tell_damaged(c);
  return std::move(c.out);
}

void FlowJudge::stream(Case& c, Direction direction) {
  const std::uint64_t from = picked_up_at(c.flow, direction);
  const std::vector<StreamMatch> matches = matches_from(c, direction, 0);
  if (from == 0) return tell_stream(c, direction, {matches, matches, Windows::from_start});
  tell_stream(c, direction, {matches, matches_from(c, direction, from), Windows::anywhere});
}

std::vector<StreamMatch> FlowJudge::matches_from(const Case& c, Direction direction, std::uint64_t from) {
  const std::string_view said = c.said[index_of(direction)];
  std::vector<StreamMatch> out;
  for (const Range& run : runs_of(c.flow, direction)) {
    const std::uint64_t begin = std::max(run.begin, from);
    if (begin >= run.end) continue;
    if (begin == 0 && run.end == said.size()) return whole(c, direction);
    const auto found = truth_.in_run(said.substr(begin, run.end - begin), begin);
    out.insert(out.end(), found.begin(), found.end());
  }
  return out;
}

const std::vector<StreamMatch>& FlowJudge::whole(const Case& c, Direction direction) {
  const std::array<std::uint32_t, 3> key{c.flow.attack, c.flow.variant,
                                         static_cast<std::uint32_t>(index_of(direction))};
  const auto [row, is_new] = whole_.try_emplace(key);
  if (is_new) row->second = truth_.in_run(c.said[index_of(direction)], 0);
  return row->second;
}

void FlowJudge::tell_stream(Case& c, Direction direction, const StreamMatches& found) {
  const std::uint32_t window = book_.rules().window;
  std::map<RuleIndex, std::array<std::vector<StreamMatch>, 2>> by_rule;
  for (const StreamMatch& match : found.all) by_rule[match.rule][0].push_back(match);
  for (const StreamMatch& match : found.picked_up) by_rule[match.rule][1].push_back(match);
  for (const auto& [rule, of_rule] : by_rule) {
    const auto& [all, picked_up] = of_rule;
    if (!accepts(book_.rules().rules[rule], c.flow.ends, direction)) continue;
    std::uint32_t segments = 0;
    for (const StreamMatch& match : all) {
      c.settle(rule, direction, {match.begin, match.end});
      segments = std::max(segments, c.spread(rule, direction, {match.begin, match.end}));
    }
    const std::size_t count =
        found.windows == Windows::from_start ? windows_of(all, window, 0) : windows_wherever(all, window);
    std::string undecided;
    if (count == 0) undecided = "how often depends on where the stream was picked up";
    if (all != picked_up) undecided = "before the place where the stream was picked up";
    c.tell({rule, direction, static_cast<std::uint32_t>(count), segments}, std::move(undecided));
  }
}

void FlowJudge::segments(Case& c, Direction direction) {
  const StreamSeen seen{c.flow, direction, c.said[index_of(direction)], picked_up_at(c.flow, direction),
                        book_.rules().window};
  for (const auto& [rule, alerts] : segment_alerts(truth_, seen)) {
    if (!accepts(book_.rules().rules[rule], c.flow.ends, direction)) continue;
    std::uint32_t segments = 0;
    for (const Range& match : alerts.matches) {
      c.settle(rule, direction, match);
      segments = std::max(segments, c.spread(rule, direction, match));
    }
    c.tell({rule, direction, alerts.count, segments},
           alerts.undecided ? "how often depends on when the start of the stream was decided" : "");
  }
}

void FlowJudge::datagrams(Case& c) {
  const std::set<Datagram> confused = confused_datagrams(c.flow, {c.said[0], c.said[1]});
  DatagramCopies copies;
  std::array<bool, kDirections> heard{};
  std::map<std::pair<RuleIndex, Direction>, Expected> alerts;
  std::set<std::pair<RuleIndex, Direction>> undecided;
  for (const SeenPacket& p : c.flow.packets) {
    heard[index_of(p.direction)] = true;
    if (!copies.is_new(p)) continue;
    for (const RuleIndex index : truth_.in_datagram(c.bytes_of(p), p.stated)) {
      const Rule& rule = book_.rules().rules[index];
      if (!accepts(rule, c.flow.ends, p.direction)) continue;
      if (rule.flow.established == Established::yes && !(heard[0] && heard[1])) continue;
      const auto [row, is_first] =
          alerts.try_emplace({index, p.direction}, Expected{index, p.direction, 0, 1});
      ++row->second.count;
      c.settle(index, p.direction, {p.offset, std::uint64_t{p.offset} + p.stated});
      if (confused.contains({p.direction, p.offset})) undecided.insert(row->first);
    }
  }
  for (const auto& [of, expected] : alerts)
    c.tell(expected, undecided.contains(of) ? "equal datagrams may be taken for copies of each other" : "");
}

void FlowJudge::tell_damaged(Case& c) const {
  const Direction direction = c.attack.scene.direction;
  const Rule& rule = book_.rules().rules[c.attack.rule];
  const std::vector<Range> runs = runs_of(c.flow, direction);
  for (std::size_t i = 0; i < c.settled.size(); ++i) {
    if (c.settled[i]) continue;
    std::string why = "bytes around it that the rule asks for did not go out";
    if (runs.empty())
      why = "no byte of its direction went out";
    else if (!covered(runs, c.range_of(i)))
      why = "not all of its bytes went out";
    else if (c.flow.ends.protocol == kTcp && c.attack.scene.in_one_piece &&
             segments_of(c.flow, direction, c.range_of(i)) > 1)
      why = "the rule looks at segments, and it lies in several";
    else if (!accepts(rule, c.flow.ends, direction))
      why = "the rule does not accept the flow's addresses";
    else if (c.flow.ends.protocol == kUdp && rule.flow.established == Established::yes)
      why = "the other side was not heard before";
    c.out.damaged.push_back({c.attack.rule, direction, why, false});
  }
}

}  // namespace mirrorscan::truth
