#include "alert/stream_inspector.h"

#include <algorithm>

#include "alert/measure.h"

namespace mirrorscan::alert {

using ledger::Counter;
using signature::Rule;
using signature::RuleClass;
using signature::RuleIndex;

namespace {

/// Stream offset up to which bytes can matter to a trigger that ends at `end`.
[[nodiscard]] std::uint64_t wanted_of(const Rule& rule, std::uint64_t end, std::uint32_t window) noexcept {
  return rule.rule_class == RuleClass::anchored ? window : end + rule.look_ahead;
}

// Match::position: where this many bytes decide it, and where the stream's end or a gap after them does.
[[nodiscard]] constexpr std::uint64_t position_at(std::uint64_t bytes) noexcept {
  return 2 * bytes;
}
[[nodiscard]] constexpr std::uint64_t position_after(std::uint64_t bytes) noexcept {
  return 2 * bytes + 1;
}

}  // namespace

StreamInspector::StreamInspector(const Budgets& budgets, match::Scanner& scanner, Evaluator& evaluator,
                                 AlertMemory& memory, RuleBudgets& rule_budgets, ledger::Counters& counters,
                                 StageMeter stages)
    : scanner_(scanner),
      evaluator_(evaluator),
      memory_(memory),
      rule_budgets_(rule_budgets),
      counters_(counters),
      stages_(stages),
      windows_(budgets.window_bytes),
      pended_(budgets.pended),
      linear_(2 * static_cast<std::size_t>(WindowPool::kLargest)) {}

Scanned StreamInspector::bytes(Generation& generation, StreamState& stream, const Subject& subject,
                               const StreamBytes& next, MatchList& matches) noexcept {
  const ruleset::Scan& scan = generation.rules->scan(ruleset::ScanKind::tcp_stream, subject.direction);
  if (!stream.started) {
    start(generation, stream, subject);
    stream.run_start = stream.next = next.offset;
  } else if (next.offset != stream.next) {
    Job gap{generation, stream, subject, {{}, stream.next, 0}, matches, Finality::gap_follows};
    decide_pended(gap);
    whole_windows(gap, stream.next);
    if (stream.hs != nullptr) generation.streams[index_of(subject.direction)].reset(stream.hs);
    stream.run_start = stream.next = next.offset;
  }

  Job job{generation, stream, subject, next, matches};
  if (stream.next == 0)
    for (const RuleIndex index : scan.always)
      if (generation.rules->rules[index].rule_class == RuleClass::anchored &&
          !rule_budgets_.skips(generation, index))
        hit(job, index, 0);
  if (stream.hs != nullptr) {
    auto& marks = generation.marks(ruleset::ScanKind::tcp_stream, subject.direction);
    const StageScope scanning(stages_, Stage::scan);
    scanner_.scan_stream(stream.hs, next.bytes, [&](const match::Hit& found) noexcept {
      const StageScope evaluation(stages_, Stage::evaluation, 0);
      rule_budgets_.each_rule(
          generation, scan.triggered, marks, found.pattern,
          [&](RuleIndex index) noexcept { hit(job, index, stream.run_start + found.end); });
    });
  }
  decide_pended(job);
  whole_windows(job, stream.next);
  windows_.store(stream.window, next.offset, next.bytes);
  stream.next = job.available();
  return stream.blind ? Scanned::over_budget : Scanned::yes;
}

void StreamInspector::end(Generation& generation, StreamState& stream, const Subject& subject,
                          MatchList& matches) noexcept {
  if (stream.started) {
    Job job{generation, stream, subject, {{}, stream.next, 0}, matches, Finality::stream_ended};
    decide_pended(job);
    whole_windows(job, stream.next);
    if (stream.hs != nullptr) generation.streams[index_of(subject.direction)].release(stream.hs);
    windows_.give_back(stream.window);
  }
  const std::uint32_t alerted = stream.alerted_first;
  stream = StreamState{};
  stream.alerted_first = alerted;
  stream.ended = true;
}

void StreamInspector::start(Generation& generation, StreamState& stream, const Subject& subject) noexcept {
  const ruleset::Ruleset& rules = *generation.rules;
  const std::size_t d = index_of(subject.direction);
  const auto& by_src = rules.by_src_port[d][subject.src_port];
  const auto& by_dst = rules.by_dst_port[d][subject.dst_port];
  stream.started = true;
  stream.back = std::min(by_src.back, by_dst.back);
  stream.ahead = std::min(by_src.ahead, by_dst.ahead);
  const std::uint32_t needed = std::uint32_t{stream.back} + stream.ahead;
  // Where rules look at the stream, its last W bytes are kept for comparison with copies that come later; not
  // from the half of the budget that is for what rules need.
  const bool compared = !rules.scan(ruleset::ScanKind::tcp_stream, subject.direction).empty() &&
                        windows_.used_bytes() < windows_.budget_bytes() / 2;
  const std::uint32_t reach = compared ? std::max(needed, rules.window) : needed;
  if (reach > 0) {
    stream.window = windows_.take(std::min(reach, WindowPool::kLargest));
    if (!stream.window.there()) counters_.add(Counter::windows_budget);
  }
  if (rules.scan(ruleset::ScanKind::tcp_stream, subject.direction).triggered.empty()) return;
  stream.hs = generation.streams[d].acquire();
  if (stream.hs != nullptr) return;
  stream.blind = true;
  counters_.add(Counter::streams_budget);
}

void StreamInspector::hit(Job& job, RuleIndex index, std::uint64_t end) noexcept {
  const Rule& rule = job.generation.rules->rules[index];
  const std::uint32_t window = job.generation.rules->window;
  if (rule.rule_class == RuleClass::anchored && (end > window || job.stream.run_start != 0)) return;
  rule_budgets_.charge(job.generation, index, 1);
  if (!concerns(rule, job.subject)) return;
  if (memory_.contains(job.stream, index, window_of(rule, end, window))) {
    counters_.add(Counter::alerts_suppressed_in_window);
    return;
  }
  if (comes_too_late(job, index, end)) return;
  Found found;
  switch (decide(job, index, end, found)) {
    case Decision::matched: matched(job, index, found); break;
    case Decision::undecided: pend(job, {end, job.available() + 1, index}); break;
    case Decision::no_match: break;
  }
}

// A flood of hits on a rule that only sets variables: the first of the window is there and cannot become
// void.
bool StreamInspector::comes_too_late(const Job& job, RuleIndex index, std::uint64_t end) noexcept {
  const Rule& rule = job.generation.rules->rules[index];
  const Match* newest = job.matches.newest();
  if (newest == nullptr || newest->rule != index || newest->matched != Matched::stream ||
      newest->direction != job.subject.direction || rule.state.empty() || !rule.state.tests.empty())
    return false;
  const std::uint32_t window = job.generation.rules->window;
  return newest->position <= position_at(end) &&
         window_of(rule, newest->stream_offset, window) == window_of(rule, end, window);
}

bool StreamInspector::concerns(const Rule& rule, const Subject& subject) noexcept {
  Subject later = subject;
  if (lacks_establishment(rule, subject)) later.established = true;
  return applies(rule, later, Matched::stream);
}

StreamInspector::Decision StreamInspector::decide(Job& job, RuleIndex index, std::uint64_t end,
                                                  Found& found) noexcept {
  const Rule& rule = job.generation.rules->rules[index];
  const bool anchored = rule.rule_class == RuleClass::anchored;
  const std::uint32_t length = rule.trigger ? rule.trigger->length : 0;
  std::uint64_t from =
      anchored ? 0 : std::max(minus(end, std::uint64_t{length} + rule.look_back), job.stream.run_start);
  const std::uint64_t wanted = wanted_of(rule, end, job.generation.rules->window);
  const std::uint64_t to = std::min(wanted, job.available());
  const bool final_answer = to == wanted || job.finality != Finality::more_may_follow;
  if (!final_answer && !rule.monotone) return Decision::undecided;

  const std::uint64_t wanted_from = from;
  const ByteView bytes = view(job, from, to);
  if (from > wanted_from) counters_.add(Counter::look_back_cut);
  Piece piece{bytes, from == 0 && bytes.size() == to,
              job.finality == Finality::stream_ended && to == job.available()};
  const bool literal = !anchored && length > 0;
  if (literal) piece.trigger_end = static_cast<std::uint32_t>(end - from);
  // Without a window (its budget was used up) the hit may lie before the piece.
  const bool visible = !literal || end - length >= from;
  if (!visible || !evaluate(job.generation, index, piece))
    return final_answer ? Decision::no_match : Decision::undecided;
  found = {end, to == wanted ? position_at(to) : position_after(to)};
  if (!rule.state.empty() && rule.monotone)
    found.position = position_at(
        from + first_match(job.generation, index, piece, static_cast<std::size_t>(minus(end, from))));
  return Decision::matched;
}

bool StreamInspector::evaluate(Generation& generation, RuleIndex index, const Piece& piece) noexcept {
  const Rule& rule = generation.rules->rules[index];
  return charged(generation, index, evaluator_, rule_budgets_,
                 [&]() noexcept { return evaluator_.matches(rule, piece); });
}

std::size_t StreamInspector::first_match(Generation& generation, RuleIndex index, const Piece& piece,
                                         std::size_t least) noexcept {
  const auto matches_at = [&](std::size_t length) noexcept {
    return evaluate(generation, index,
                    {piece.bytes.first(length), piece.from_start, false, piece.trigger_end});
  };
  std::size_t low = std::min(least, piece.bytes.size()), high = piece.bytes.size();
  if (low < high && matches_at(low)) return low;
  while (low + 1 < high) {  // no match at low, a match at high
    const std::size_t middle = low + (high - low) / 2;
    (matches_at(middle) ? high : low) = middle;
  }
  return high;
}

void StreamInspector::matched(Job& job, RuleIndex index, const Found& found) noexcept {
  const Rule& rule = job.generation.rules->rules[index];
  // With state it is settled in the order of positions which match is a window's first; where a host's state
  // may void the match, that host's owner knows.
  const auto marked =
      rule.state.empty() && rule.host.conditions.empty()
          ? memory_.mark(job.stream, index, window_of(rule, found.end, job.generation.rules->window))
          : AlertMemory::Marked::first;
  switch (marked) {
    case AlertMemory::Marked::again: counters_.add(Counter::alerts_suppressed_in_window); return;
    case AlertMemory::Marked::no_room: counters_.add(Counter::alert_memory_budget); break;
    case AlertMemory::Marked::first: break;
  }
  if (!lacks_establishment(rule, job.subject))
    tell(job, index, found);
  else if (job.finality != Finality::stream_ended)
    pend(job, {found.end, found.position, index, kNoNode, true});
}

void StreamInspector::tell(Job& job, RuleIndex index, const Found& found) noexcept {
  const Match match{index, Matched::stream, job.subject.direction, found.end, found.position};
  if (job.generation.rules->rules[index].state.empty())
    job.matches.add(match);
  else
    job.matches.add_with_state(match);
}

void StreamInspector::pend(Job& job, const Pended& trigger) noexcept {
  if (append(job.stream, trigger)) {
    counters_.add(Counter::triggers_pended);
    return;
  }
  // Decided on what is there, and counted: the budget bounds memory, not the journey.
  counters_.add(Counter::triggers_evicted);
  Found found{trigger.end, trigger.next_try};
  if (trigger.matches) return tell(job, trigger.rule, found);
  const Finality before = job.finality;
  job.finality = Finality::gap_follows;
  if (decide(job, trigger.rule, trigger.end, found) == Decision::matched) matched(job, trigger.rule, found);
  job.finality = before;
}

bool StreamInspector::append(StreamState& stream, const Pended& trigger) noexcept {
  const std::uint32_t at = pended_.take();
  if (at == kNoNode) return false;
  pended_[at] = trigger;
  pended_[at].next = kNoNode;
  (stream.pending_last == kNoNode ? stream.pending_first : pended_[stream.pending_last].next) = at;
  stream.pending_last = at;
  return true;
}

void StreamInspector::decide_pended(Job& job) noexcept {
  StreamState& stream = job.stream;
  std::uint32_t at = stream.pending_first, walked = 0;
  stream.pending_first = stream.pending_last = kNoNode;
  while (at != kNoNode) {
    Pended trigger = pended_[at];
    pended_.give_back(at);
    at = trigger.next;
    if (++walked > kFreeWalk) rule_budgets_.charge(job.generation, trigger.rule, 1);
    // What only waits for the connection, too: else a connection that never comes about costs each packet a
    // walk over all of it.
    if (rule_budgets_.skips(job.generation, trigger.rule)) continue;
    Found found{trigger.end, trigger.next_try};
    switch (try_again(job, trigger, found)) {
      case Decision::undecided: (void)append(stream, trigger); break;  // finds the node just given back
      case Decision::matched:
        if (trigger.matches)
          tell(job, trigger.rule, found);
        else
          matched(job, trigger.rule, found);
        break;
      case Decision::no_match: break;
    }
  }
}

void StreamInspector::catch_up(Generation& generation, StreamState& stream, const Subject& subject,
                               MatchList& matches) noexcept {
  if (stream.pending_first == kNoNode) return;
  for (std::uint32_t at = stream.pending_first; at != kNoNode; at = pended_[at].next) {
    Pended& trigger = pended_[at];
    const bool has_state = !generation.rules->rules[trigger.rule].state.empty();
    if (has_state && !trigger.matches) trigger.next_try = std::min(trigger.next_try, stream.next);
  }
  Job job{generation, stream, subject, {{}, stream.next, 0}, matches};
  decide_pended(job);
}

StreamInspector::Decision StreamInspector::try_again(Job& job, Pended& trigger, Found& found) noexcept {
  const ruleset::Ruleset& rules = *job.generation.rules;
  const Rule& rule = rules.rules[trigger.rule];
  const bool ended = job.finality == Finality::stream_ended;
  if (trigger.matches) {
    if (!lacks_establishment(rule, job.subject)) return Decision::matched;
    return ended ? Decision::no_match : Decision::undecided;
  }
  if (job.finality == Finality::more_may_follow && job.available() < trigger.next_try)
    return Decision::undecided;
  // Trying again at each byte of a trickle would cost the square of the window; doubling the distance does
  // not.
  const std::uint64_t full = wanted_of(rule, trigger.end, rules.window);
  trigger.next_try = std::min(2 * job.available() - std::min(trigger.end, job.available()) + 1, full);
  return decide(job, trigger.rule, trigger.end, found);
}

void StreamInspector::whole_windows(Job& job, std::uint64_t from) noexcept {
  const ruleset::Ruleset& rules = *job.generation.rules;
  const auto& always = rules.scan(ruleset::ScanKind::tcp_stream, job.subject.direction).always;
  if (always.empty()) return;
  const std::uint64_t size = rules.window;
  for (std::uint64_t start = from / size * size; start < job.available(); start += size) {
    const std::uint64_t to = std::min(start + size, job.available());
    if (to < start + size && job.finality == Finality::more_may_follow) return;
    std::uint64_t begin = std::max(start, job.stream.run_start);
    if (begin >= to) continue;
    const Piece piece{view(job, begin, to), begin == 0,
                      job.finality == Finality::stream_ended && to == job.available()};
    for (const RuleIndex index : always) {
      const Rule& rule = rules.rules[index];
      if (rule.rule_class != RuleClass::stream || !concerns(rule, job.subject)) continue;
      if (rule_budgets_.skips(job.generation, index)) continue;
      if (evaluate(job.generation, index, piece))
        matched(job, index, {to, to == start + size ? position_at(to) : position_after(to)});
    }
  }
}

ByteView StreamInspector::view(Job& job, std::uint64_t& from, std::uint64_t to) noexcept {
  const StreamBytes& chunk = job.chunk;
  if (from >= chunk.offset)
    return chunk.bytes.subspan(static_cast<std::size_t>(from - chunk.offset),
                               static_cast<std::size_t>(to - from));
  if (job.linear_to == 0) {
    job.linear_from = std::max(WindowPool::first_kept(job.stream.window, chunk.offset), job.stream.run_start);
    const auto old_bytes = static_cast<std::size_t>(chunk.offset - job.linear_from);
    const std::size_t new_bytes =
        std::min(chunk.bytes.size(), static_cast<std::size_t>(WindowPool::kLargest));
    windows_.copy(job.stream.window, job.linear_from, chunk.offset, linear_.data());
    std::copy_n(chunk.bytes.data(), new_bytes, linear_.data() + old_bytes);
    job.linear_to = chunk.offset + new_bytes;
  }
  from = std::max(from, job.linear_from);
  to = std::min(to, job.linear_to);
  if (from >= to) return {};
  return {linear_.data() + (from - job.linear_from), static_cast<std::size_t>(to - from)};
}

}  // namespace mirrorscan::alert
