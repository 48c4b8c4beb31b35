#include "hosts/window.h"

#include <algorithm>

namespace mirrorscan::hosts {
namespace {

using signature::Threshold;
using signature::ThresholdKind;

constexpr Duration kSecond = Duration::seconds(1);

/// The first match of a window.
[[nodiscard]] Counted first(const Threshold& t) noexcept {
  switch (t.kind) {
    case ThresholdKind::limit:
    case ThresholdKind::rate_filter: return Counted::alerts;
    case ThresholdKind::both: return t.count == 1 ? Counted::alerts : Counted::silent;
    case ThresholdKind::threshold:
    case ThresholdKind::detection_filter: break;
  }
  return Counted::silent;
}

/// A further match of the window that `state` counts.
[[nodiscard]] Counted next(const Threshold& t, State& state) noexcept {
  ++state.count;
  switch (t.kind) {
    case ThresholdKind::limit: return state.count <= t.count ? Counted::alerts : Counted::exceeds;
    case ThresholdKind::threshold:
      if (state.count < t.count) return Counted::silent;
      state.count = 0;
      return Counted::alerts;
    case ThresholdKind::both:
      if (state.count == t.count) return Counted::alerts;
      return state.count > t.count ? Counted::exceeds : Counted::silent;
    case ThresholdKind::detection_filter: return state.count > t.count ? Counted::alerts : Counted::silent;
    case ThresholdKind::rate_filter: break;
  }
  return Counted::alerts;
}

[[nodiscard]] Counted beyond_rate(const Threshold& t) noexcept {
  return t.silent_beyond_rate ? Counted::exceeds : Counted::alerts;
}

/// The state outlives its window: the match that ends the timeout is not counted.
[[nodiscard]] Counted rate(const Threshold& t, State& state, Timestamp now) noexcept {
  const std::int64_t second = now.us / kSecond.us;
  if (state.over_since != 0) {
    if (second - state.over_since <= std::int64_t{t.timeout_s}) return beyond_rate(t);
    state.over_since = 0;
    return Counted::alerts;
  }
  if (now > state.start + Duration::seconds(t.seconds)) {
    state.start = now;
    state.count = 1;
    return Counted::alerts;
  }
  if (++state.count <= t.count) return Counted::alerts;
  state.over_since = second;
  return beyond_rate(t);
}

/// Until a rate_filter's state is as good as forgotten; far longer than anything it decides.
[[nodiscard]] Timestamp rate_expires(const Threshold& t, Timestamp now) noexcept {
  return now + Duration::seconds(std::int64_t{t.seconds} + t.timeout_s + 86'400);
}

}  // namespace

Counted count(const Threshold& t, const Key& key, Table& table, Timestamp now) noexcept {
  if (t.kind == ThresholdKind::threshold && t.count == 1) return Counted::alerts;
  if (State* state = table.find(key, now); state != nullptr) {
    if (t.kind != ThresholdKind::rate_filter) return next(t, *state);
    const Counted answer = rate(t, *state, now);
    state->expires = rate_expires(t, now);
    return answer;
  }
  State& state = table.insert(key, now);
  state.start = now;
  state.count = 1;
  state.expires =
      t.kind == ThresholdKind::rate_filter ? rate_expires(t, now) : now + Duration::seconds(t.seconds);
  return first(t);
}

}  // namespace mirrorscan::hosts
