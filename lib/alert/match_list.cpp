#include "alert/match_list.h"

#include <algorithm>
#include <tuple>

namespace mirrorscan::alert {

bool MatchList::has_room(std::uint32_t budget) noexcept {
  if (matches_.size() < budget) return true;
  counters_.add(ledger::Counter::matches_per_packet_budget);
  return false;
}

void MatchList::add(const Match& match) noexcept {
  if (!has_room(budget_)) return;
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
  // A rule that alerts once a window may match at each of its hits when it has flow tests: a flood of those
  // must not push other rules out.
  if (match.matched == Matched::stream && !has_room(budget_ - budget_ / 4)) return;
  add(match);
  has_state_ = true;
}

void MatchList::sort() noexcept {
  std::sort(matches_.begin(), matches_.end(), [](const Match& a, const Match& b) {
    return std::tie(a.rule, a.direction, a.stream_offset) < std::tie(b.rule, b.direction, b.stream_offset);
  });
}

}  // namespace mirrorscan::alert
