#include "alert/evaluator.h"

#include <algorithm>

#include "keywords/header_bytes.h"

namespace mirrorscan::alert {

namespace {

void look_at(signature::Inspection& in, const signature::Rule& rule, const Piece& piece) noexcept {
  in.buffer = piece.bytes;
  in.from_start = piece.from_start;
  in.to_end = piece.to_end;
  in.tests = rule.payload;
}

}  // namespace

signature::Inspection Evaluator::inspection() noexcept {
  counters_.add(ledger::Counter::evaluations);
  signature::Inspection in;
  in.pcre = &pcre_;
  in.steps_left = limits_.steps;
  return in;
}

bool Evaluator::matches(const signature::Rule& rule, const Piece& piece) noexcept {
  signature::Inspection in = inspection();
  look_at(in, rule, piece);
  if (piece.trigger_end > 0 && rule.trigger) {
    in.pinned_test = rule.trigger->test;
    in.pinned_end = piece.trigger_end;
  }
  return holds(in);
}

bool Evaluator::matches(const signature::Rule& rule, const signature::PacketView& packet,
                        const Piece& payload) noexcept {
  if (!rule.payload.empty() && payload.bytes.empty()) return false;
  signature::Inspection in = inspection();
  for (const signature::BufferTests& header : rule.headers) {
    in.buffer = keywords::header_bytes(header.buffer, packet);
    in.tests = header.tests;
    if (in.buffer.empty() || !holds(in)) return false;
  }
  if (rule.payload.empty()) return true;
  look_at(in, rule, payload);
  return holds(in);
}

bool Evaluator::holds(signature::Inspection& in) noexcept {
  const std::uint32_t before = in.steps_left;  // the tests of other buffers may have taken some
  const bool matched = in.rest(0, 0);
  steps_ += before - in.steps_left;
  if (in.steps_exhausted) counters_.add(ledger::Counter::evaluation_steps_exhausted);
  if (in.pcre_limit_hit) counters_.add(ledger::Counter::pcre_limit);
  return matched;
}

bool Evaluator::matches(const signature::Rule& rule, const signature::PacketView& packet) const noexcept {
  return std::all_of(rule.packet.begin(), rule.packet.end(),
                     [&](const auto& test) { return test->match(packet); });
}

}  // namespace mirrorscan::alert
