#include "alert/evaluator.h"

#include <algorithm>

namespace mirrorscan::alert {

bool Evaluator::matches(const signature::Rule& rule, const Piece& piece) noexcept {
  counters_.add(ledger::Counter::evaluations);
  signature::Inspection in;
  in.buffer = piece.bytes;
  in.from_start = piece.from_start;
  in.to_end = piece.to_end;
  in.tests = rule.payload;
  if (piece.trigger_end > 0 && rule.trigger) {
    in.pinned_test = rule.trigger->test;
    in.pinned_end = piece.trigger_end;
  }
  in.pcre = &pcre_;
  in.steps_left = limits_.steps;
  const bool matched = in.rest(0, 0);
  steps_ += limits_.steps - in.steps_left;
  if (in.steps_exhausted) counters_.add(ledger::Counter::evaluation_steps_exhausted);
  if (in.pcre_limit_hit) counters_.add(ledger::Counter::pcre_limit);
  return matched;
}

bool Evaluator::matches(const signature::Rule& rule, const signature::PacketView& packet) const noexcept {
  return std::all_of(rule.packet.begin(), rule.packet.end(),
                     [&](const auto& test) { return test->match(packet); });
}

}  // namespace mirrorscan::alert
