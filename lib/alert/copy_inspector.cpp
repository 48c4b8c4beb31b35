#include "alert/copy_inspector.h"

#include <algorithm>

#include "alert/measure.h"

namespace mirrorscan::alert {

using ledger::Counter;
using signature::Rule;
using signature::RuleClass;
using signature::RuleIndex;

namespace {

/// Bytes to each side of a difference that can matter to a rule that meets it.
[[nodiscard]] std::uint64_t reach_of(const Generation& generation, const StreamState& stream) noexcept {
  return std::uint64_t{stream.back} + stream.ahead + generation.rules->window;
}

}  // namespace

CopyInspector::CopyInspector(WindowPool& windows, match::Scanner& scanner, Evaluator& evaluator,
                             AlertMemory& memory, RuleBudgets& budgets, ledger::Counters& counters)
    : windows_(windows),
      scanner_(scanner),
      evaluator_(evaluator),
      memory_(memory),
      budgets_(budgets),
      counters_(counters),
      seconds_(kBudget),
      kept_(WindowPool::kLargest) {}

Copy CopyInspector::again(Generation& generation, StreamState& stream, const Subject& subject,
                          const StreamBytes& copy, MatchList& matches) noexcept {
  if (!stream.started || copy.offset >= stream.next) return Copy::same;
  Job job{generation, stream, subject, matches};
  const ByteView bytes = copy.bytes.first(
      static_cast<std::size_t>(std::min<std::uint64_t>(copy.bytes.size(), stream.next - copy.offset)));
  const std::uint64_t kept = std::max(WindowPool::first_kept(stream.window, stream.next), stream.run_start);
  const auto before =
      static_cast<std::size_t>(std::min<std::uint64_t>(minus(kept, copy.offset), bytes.size()));
  if (before > 0) {
    counters_.add(Counter::tcp_uncompared, before);
    inspect(job, {bytes, copy.offset, copy.offset, copy.offset + bytes.size(), Stretch::Edge::unknown});
  }
  if (before == bytes.size()) return Copy::not_compared;
  return compared(job, copy.offset + before, bytes.subspan(before));
}

Copy CopyInspector::compared(Job& job, std::uint64_t from, ByteView copy) noexcept {
  const StreamState& stream = job.stream;
  const std::uint64_t to = from + copy.size();
  windows_.copy(stream.window, from, to, kept_.data());
  const auto first = std::mismatch(copy.begin(), copy.end(), kept_.begin()).first - copy.begin();
  if (static_cast<std::size_t>(first) == copy.size()) return Copy::same;
  const std::uint64_t changed = from + static_cast<std::uint64_t>(first);
  std::uint64_t until = to;
  while (copy[until - 1 - from] == kept_[until - 1 - from]) --until;

  if (stream.second != kNoNode) {
    const Second& second = seconds_[stream.second];
    if (second.from <= from && to <= second.to) {
      windows_.copy(second.window, from, to, kept_.data());
      if (std::equal(copy.begin(), copy.end(), kept_.begin())) return Copy::differs;  // known
    }
  }
  branch(job, from, copy, changed, until);
  return Copy::differs;
}

void CopyInspector::branch(Job& job, std::uint64_t from, ByteView copy, std::uint64_t changed,
                           std::uint64_t until) noexcept {
  StreamState& stream = job.stream;
  const std::uint64_t kept = std::max(WindowPool::first_kept(stream.window, stream.next), stream.run_start);
  windows_.copy(stream.window, kept, stream.next, kept_.data());
  std::copy(copy.begin(), copy.end(), kept_.begin() + static_cast<std::ptrdiff_t>(from - kept));
  const ByteView whole{kept_.data(), static_cast<std::size_t>(stream.next - kept)};
  inspect(job, {whole, kept, changed, until});
  if (stream.second != kNoNode) {
    Second& second = seconds_[stream.second];
    windows_.store(second.window, from, copy);
    second.changed = std::min(second.changed, changed);
    second.until = std::max(second.until, until);
    return inspect_second(job, Stretch::Edge::more_follows);
  }
  const std::uint32_t node = seconds_.take();
  const auto size = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(whole.size() + reach_of(job.generation, stream), WindowPool::kLargest));
  const Window window = node == kNoNode ? Window{} : windows_.take(size);
  if (!window.there()) {
    if (node != kNoNode) seconds_.give_back(node);
    counters_.add(Counter::second_versions_budget);
    return inspect(job, {whole, kept, changed, until, Stretch::Edge::unknown});
  }
  windows_.store(window, kept, whole);
  seconds_[node] = {window, kept, stream.next, changed, until, stream.next + 1};
  stream.second = node;
}

void CopyInspector::follow(Generation& generation, StreamState& stream, const Subject& subject,
                           const StreamBytes& next, MatchList& matches) noexcept {
  if (stream.second == kNoNode) return;
  Job job{generation, stream, subject, matches};
  if (next.offset != stream.next) return inspect_second(job, Stretch::Edge::last);
  Second& second = seconds_[stream.second];
  const std::uint64_t last = second.until + reach_of(generation, stream);
  const auto wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>(next.bytes.size(), minus(last, next.offset)));
  windows_.store(second.window, next.offset, next.bytes.first(wanted));
  second.to = next.offset + wanted;
  second.from = std::max(second.from, WindowPool::first_kept(second.window, second.to));
  if (second.to >= last) return inspect_second(job, Stretch::Edge::last);
  if (second.to < second.next_try) return;
  second.next_try = second.to + std::max<std::uint64_t>(second.to - second.until, 1);
  inspect_second(job, Stretch::Edge::more_follows);
}

void CopyInspector::end(Generation& generation, StreamState& stream, const Subject& subject,
                        MatchList& matches) noexcept {
  if (stream.second == kNoNode) return;
  Job job{generation, stream, subject, matches};
  inspect_second(job, Stretch::Edge::stream_ends);
}

void CopyInspector::inspect_second(Job& job, Stretch::Edge edge) noexcept {
  const Second& second = seconds_[job.stream.second];
  const std::uint64_t from =
      std::max(second.from, minus(second.changed, reach_of(job.generation, job.stream)));
  windows_.copy(second.window, from, second.to, kept_.data());
  inspect(
      job,
      {{kept_.data(), static_cast<std::size_t>(second.to - from)}, from, second.changed, second.until, edge});
  if (edge != Stretch::Edge::more_follows) give_back(job.stream);
}

void CopyInspector::give_back(StreamState& stream) noexcept {
  windows_.give_back(seconds_[stream.second].window);
  seconds_.give_back(stream.second);
  stream.second = kNoNode;
}

void CopyInspector::inspect(Job& job, const Stretch& stretch) noexcept {
  const std::size_t d = index_of(job.subject.direction);
  const ruleset::Scan& scan =
      job.generation.rules->scan(ruleset::ScanKind::tcp_stream, job.subject.direction);
  counters_.add(Counter::tcp_second_versions);
  for (const RuleIndex index : scan.always)
    if (job.generation.rules->rules[index].rule_class == RuleClass::anchored &&
        !budgets_.skips(job.generation, index))
      hit(job, stretch, index, 0);
  if (stretch.edge != Stretch::Edge::more_follows) whole_windows(job, stretch);
  if (scan.triggered.empty()) return;
  match::Stream* hs = job.generation.streams[d].acquire();
  if (hs == nullptr) return counters_.add(Counter::streams_budget);
  auto& marks = job.generation.marks(ruleset::ScanKind::tcp_stream, job.subject.direction);
  scanner_.scan_stream(hs, stretch.bytes, [&](const match::Hit& found) noexcept {
    budgets_.each_rule(job.generation, scan.triggered, marks, found.pattern,
                       [&](RuleIndex index) noexcept { hit(job, stretch, index, stretch.from + found.end); });
  });
  job.generation.streams[d].release(hs);
}

void CopyInspector::hit(Job& job, const Stretch& stretch, RuleIndex index, std::uint64_t end) noexcept {
  const ruleset::Ruleset& rules = *job.generation.rules;
  const Rule& rule = rules.rules[index];
  const bool anchored = rule.rule_class == RuleClass::anchored;
  if (anchored && (end > rules.window || stretch.from != 0)) return;
  budgets_.charge(job.generation, index, 1);
  const std::uint64_t length = rule.trigger ? rule.trigger->length : 0;
  const std::uint64_t wanted_from = anchored ? 0 : minus(end, length + rule.look_back);
  const std::uint64_t wanted = anchored ? rules.window : end + rule.look_ahead;
  const std::uint64_t from = std::max(wanted_from, stretch.from), to = std::min(wanted, stretch.to());
  if (to <= stretch.changed || from >= stretch.until) return;  // the first version's, too
  if (!rule.monotone) {
    // More bytes may take a match back: decided when all are there, and never where some are not known.
    if (stretch.edge == Stretch::Edge::unknown) return;
    if (to < wanted && stretch.edge == Stretch::Edge::more_follows) return;
    if (from > wanted_from && from != job.stream.run_start) return;
  }
  const bool literal = !anchored && length > 0;
  if (literal && end - length < from) return;
  const auto at = static_cast<std::size_t>(from - stretch.from);
  Piece piece{stretch.bytes.subspan(at, static_cast<std::size_t>(to - from)), from == 0,
              stretch.edge == Stretch::Edge::stream_ends && to == stretch.to()};
  if (literal) piece.trigger_end = static_cast<std::uint32_t>(end - from);
  if (holds(job, index, piece)) matched(job, index, end);
}

void CopyInspector::whole_windows(Job& job, const Stretch& stretch) noexcept {
  if (stretch.edge == Stretch::Edge::unknown) return;
  const ruleset::Ruleset& rules = *job.generation.rules;
  const std::uint64_t size = rules.window;
  const std::uint64_t first = std::max(stretch.changed, stretch.from);
  for (std::uint64_t start = first / size * size; start < stretch.until; start += size) {
    const std::uint64_t begin = std::max({start, stretch.from, job.stream.run_start});
    const std::uint64_t to = std::min(start + size, stretch.to());
    if (begin >= to) continue;
    const Piece piece{stretch.bytes.subspan(static_cast<std::size_t>(begin - stretch.from),
                                            static_cast<std::size_t>(to - begin)),
                      begin == 0, stretch.edge == Stretch::Edge::stream_ends && to == stretch.to()};
    const bool whole = begin == std::max(start, job.stream.run_start);
    for (const RuleIndex index : rules.scan(ruleset::ScanKind::tcp_stream, job.subject.direction).always) {
      const Rule& rule = rules.rules[index];
      if (rule.rule_class != RuleClass::stream || (!whole && !rule.monotone)) continue;
      if (!budgets_.skips(job.generation, index) && holds(job, index, piece)) matched(job, index, to);
    }
  }
}

bool CopyInspector::holds(Job& job, RuleIndex index, const Piece& piece) noexcept {
  const Rule& rule = job.generation.rules->rules[index];
  // `tcp-stream` names the reassembled stream itself, and that is the first version.
  if (rule.scope == signature::Scope::stream || !applies(rule, job.subject, Matched::stream)) return false;
  return charged(job.generation, index, evaluator_, budgets_,
                 [&]() noexcept { return evaluator_.matches(rule, piece); });
}

void CopyInspector::matched(Job& job, RuleIndex index, std::uint64_t end) noexcept {
  const ruleset::Ruleset& rules = *job.generation.rules;
  // The position is the trigger's: when a second version would have matched byte by byte nobody can say.
  if (!rules.rules[index].state.empty())
    return job.matches.add_with_state({index, Matched::stream, job.subject.direction, end, 2 * end});
  switch (memory_.mark(job.stream, index, window_of(rules.rules[index], end, rules.window))) {
    case AlertMemory::Marked::again: return counters_.add(Counter::alerts_suppressed_in_window);
    case AlertMemory::Marked::no_room: counters_.add(Counter::alert_memory_budget); break;
    case AlertMemory::Marked::first: break;
  }
  job.matches.add({index, Matched::stream, job.subject.direction, end});
}

}  // namespace mirrorscan::alert
