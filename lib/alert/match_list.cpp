#include "alert/match_list.h"

#include <algorithm>
#include <tuple>

namespace mirrorscan::alert {

void MatchList::add(const Match& match) noexcept {
  if (matches_.size() == budget_) {
    counters_.add(ledger::Counter::matches_per_packet_budget);
    return;
  }
  if (match.matched == Matched::packet) {
    ++of_packet_;
    matches_.push_back(match);
    return;
  }
  const auto same = [&](const Match& m) {
    return m.rule == match.rule && m.direction == match.direction && m.matched == Matched::packet;
  };
  if (of_packet_ == 0 || !std::any_of(matches_.begin(), matches_.end(), same)) matches_.push_back(match);
}

void MatchList::add_with_state(const Match& match) noexcept {
  add(match);
  has_state_ = true;
}

void MatchList::sort() noexcept {
  std::sort(matches_.begin(), matches_.end(), [](const Match& a, const Match& b) {
    return std::tie(a.rule, a.direction, a.stream_offset) < std::tie(b.rule, b.direction, b.stream_offset);
  });
}

}  // namespace mirrorscan::alert
