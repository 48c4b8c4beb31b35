#pragma once
// The flow table of one lcore: an index, the records, the timers, and whatever state the worker composes.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "base/lazy_array.h"
#include "base/timestamp.h"
#include "flow/index.h"
#include "flow/key.h"
#include "flow/slot.h"
#include "flow/timeout.h"
#include "flow/wheel.h"

namespace mirrorscan::flow {

struct Capacity {
  std::uint32_t max_flows = 0;  ///< 1 to kMostFlows
};

/// Flows by key, each with a State. All memory is promised by the constructor and touched as flows come; no
/// insert below the budget fails, however the hashes fall. Time never goes backwards inside: an earlier `now`
/// counts as the latest one seen. Slots stay valid until erase() and are then used again.
///
/// A State is value-initialised by insert(); erase() forgets it, so what it refers to must be released
/// before.
template <class State>
class Table {
 public:
  static_assert(std::is_nothrow_default_constructible_v<State> && std::is_trivially_destructible_v<State>);

  Table(Capacity capacity, const Timeouts& timeouts)
      : max_flows_(std::clamp(capacity.max_flows, 1U, kMostFlows)),
        timeouts_(cut(timeouts)),
        index_(max_flows_),
        wheel_(max_flows_, longest(timeouts_)),
        records_(max_flows_),
        states_(max_flows_) {}

  /// The slot of `key`, whose hash() is `hash`; kNone where there is none. A flow past its timeout is still
  /// found: ask expired().
  [[nodiscard]] Slot find(const Key& key, std::uint64_t hash) const noexcept {
    return index_.find(hash, [&](Slot slot) { return records_[slot].key == key; });
  }

  /// The same, where `guess` is what probable() gave before: then the index is read only where it was wrong.
  [[nodiscard]] Slot find(const Key& key, std::uint64_t hash, Slot guess) const noexcept {
    const bool right = guess != kNone && records_[guess].use == Use::live && records_[guess].key == key;
    return right ? guess : find(key, hash);
  }

  /// A new flow for a key that is not in the table; kNone at the budget.
  [[nodiscard]] Slot insert(const Key& key, std::uint64_t hash, Timestamp now, Timeout timeout) noexcept {
    advance(now);
    const Slot slot = take();
    if (slot == kNone) return kNone;
    records_[slot] = {key, now_, timeout, Use::live, 0};
    std::construct_at(&states_[slot]);
    index_.insert(hash, slot);
    wheel_.arm(slot, due(slot), tick_of(now_));
    ++size_;
    return slot;
  }

  /// Forgets a live flow.
  void erase(Slot slot) noexcept {
    index_.erase(slot);
    wheel_.disarm(slot);
    records_[slot].use = Use::free;
    records_[slot].next_free = free_;
    free_ = slot + 1;
    --size_;
  }

  /// The flow that would time out first, to the second: the victim where the budget is used up. Among flows
  /// that have timed out already it is any, and where very many flows were touched since their timer was
  /// armed (Wheel::kSweep) it is the best of those looked at. kNone when the table is empty.
  [[nodiscard]] Slot oldest(Timestamp now) noexcept {
    advance(now);
    return wheel_.first(tick_of(now_), [this](Slot slot) { return due(slot); });
  }

  /// A flow whose timeout is over, for the caller to close and erase(); ask again until kNone. Flows of the
  /// second that is running wait for its end. One call does a bounded amount of work, so after a great many
  /// timers of one second kNone may come early; the next call goes on.
  [[nodiscard]] Slot next_expired(Timestamp now) noexcept {
    advance(now);
    return wheel_.next_due(tick_of(now_), [this](Slot slot) { return due(slot); });
  }

  /// Calls `visit(slot)` for each flow that next_expired() would give, in no order; `visit` must not erase
  /// it.
  template <class Visit>
  void for_each_expired(Timestamp now, const Visit& visit) noexcept {
    advance(now);
    wheel_.for_each_due(
        tick_of(now_), [this](Slot slot) { return due(slot); }, visit);
  }

  /// When next_expired() gives the flow, if no packet comes.
  [[nodiscard]] Timestamp due_at(Slot slot) const noexcept { return {due(slot) * Duration::seconds(1).us}; }

  /// Whether a flow is past its timeout at `now`, to the microsecond: a packet for it then begins a new flow,
  /// whenever the timers get to it.
  [[nodiscard]] bool expired(Slot slot, Timestamp now) const noexcept {
    return std::max(now_, bounded(now)) > deadline(slot);
  }

  /// A packet of the flow came at `now`. Cost: one store into the line that find() has read.
  void touch(Slot slot, Timestamp now) noexcept {
    advance(now);
    records_[slot].last_seen = now_;
  }

  /// Changes the kind of timeout; it counts from the last packet.
  void set_timeout(Slot slot, Timeout timeout) noexcept {
    Record& record = records_[slot];
    if (record.timeout == timeout) return;
    const bool shorter = timeouts_[timeout] < timeouts_[record.timeout];
    record.timeout = timeout;
    // A timer may stand before its time, so that one that becomes due later costs no look at the wheel.
    if (shorter) wheel_.hasten(slot, due(slot));
  }

  [[nodiscard]] State& state(Slot slot) noexcept { return states_[slot]; }
  [[nodiscard]] const State& state(Slot slot) const noexcept { return states_[slot]; }
  [[nodiscard]] const Key& key(Slot slot) const noexcept { return records_[slot].key; }
  [[nodiscard]] Timestamp last_seen(Slot slot) const noexcept { return records_[slot].last_seen; }
  [[nodiscard]] Timeout timeout(Slot slot) const noexcept { return records_[slot].timeout; }
  [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint32_t max_flows() const noexcept { return max_flows_; }

  /// For bursts: first prefetch() for all packets, then probable() for all, then find().
  void prefetch(std::uint64_t hash) const noexcept { index_.prefetch(hash); }
  /// The slot that find() will most likely give, whose record is asked for; kNone where there is none. Its
  /// State is for the caller to ask for, who knows which parts of it a packet needs.
  [[nodiscard]] Slot probable(std::uint64_t hash) const noexcept {
    const Slot slot = index_.candidate(hash);
    if (slot != kNone) __builtin_prefetch(&records_[slot], 1);
    return slot;
  }

  /// Calls `visit(slot)` for each live flow, in the order of slots; `visit` may erase the flow it is given.
  template <class Visit>
  void for_each(const Visit& visit) {
    for (Slot slot = 0; slot < used_; ++slot)
      if (records_[slot].use == Use::live) visit(slot);
  }

  /// Bytes of a table filled to its budget (lib/flow/README.md has the formula).
  [[nodiscard]] static std::uint64_t bytes(Capacity capacity, const Timeouts& timeouts) noexcept {
    return std::uint64_t{capacity.max_flows} * (sizeof(Record) + sizeof(State)) +
           Index::bytes(capacity.max_flows) + Wheel::bytes(capacity.max_flows, longest(cut(timeouts)));
  }

 private:
  enum class Use : std::uint8_t { free, live };

  /// What a lookup and a touch need: one cache line.
  struct alignas(64) Record {
    Key key;
    Timestamp last_seen;
    Timeout timeout;
    Use use;
    std::uint32_t next_free;  ///< plus one; 0 = the last
  };
  static_assert(sizeof(Record) == 64);

  static constexpr Timestamp kLatest{Duration::seconds(std::int64_t{1} << 40).us};  ///< keeps sums in range

  [[nodiscard]] static Timestamp bounded(Timestamp now) noexcept { return std::clamp(now, {}, kLatest); }
  [[nodiscard]] static Timeouts cut(Timeouts timeouts) noexcept {
    for (Duration& idle : timeouts.idle) idle = std::clamp(idle, {}, kLongestTimeout);
    return timeouts;
  }
  [[nodiscard]] static Duration longest(const Timeouts& timeouts) noexcept {
    return *std::max_element(timeouts.idle.begin(), timeouts.idle.end());
  }
  [[nodiscard]] static Wheel::Tick tick_of(Timestamp t) noexcept { return t.us / Duration::seconds(1).us; }

  void advance(Timestamp now) noexcept { now_ = std::max(now_, bounded(now)); }
  [[nodiscard]] Timestamp deadline(Slot slot) const noexcept {
    return records_[slot].last_seen + timeouts_[records_[slot].timeout];
  }
  /// The first tick that begins after the deadline.
  [[nodiscard]] Wheel::Tick due(Slot slot) const noexcept { return tick_of(deadline(slot)) + 1; }
  [[nodiscard]] Slot take() noexcept {
    if (free_ == 0) return used_ == max_flows_ ? kNone : used_++;
    const Slot slot = free_ - 1;
    free_ = records_[slot].next_free;
    return slot;
  }

  std::uint32_t max_flows_;
  Timeouts timeouts_;
  Index index_;
  Wheel wheel_;
  LazyArray<Record> records_;
  LazyArray<State> states_;
  Timestamp now_;
  std::uint32_t size_ = 0;
  std::uint32_t used_ = 0;  ///< slots that were ever taken
  std::uint32_t free_ = 0;  ///< the first slot of the free list, plus one
};

}  // namespace mirrorscan::flow
