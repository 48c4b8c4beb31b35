// The flow table against a twin that is slow and obviously right.

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include "flow/table.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::flow;

namespace {

struct State {
  std::uint32_t number = 0;
};

using Number = std::uint32_t;

struct TwinFlow {
  Slot slot;
  std::int64_t last_seen;
  Timeout timeout;
};

/// All flows in a map, every question answered by a scan.
struct Twin {
  Timeouts timeouts;
  std::map<Number, TwinFlow> flows;

  std::int64_t deadline(const TwinFlow& f) const { return f.last_seen + timeouts[f.timeout].us; }
  std::int64_t tick(const TwinFlow& f) const { return deadline(f) / 1'000'000 + 1; }
  std::int64_t first_tick() const {
    auto first = std::numeric_limits<std::int64_t>::max();
    for (const auto& [number, f] : flows) first = std::min(first, tick(f));
    return first;
  }
};

enum class Hashes { spread, few_buckets, all_equal };

class Walk {
 public:
  Walk(std::uint32_t seed, std::uint32_t capacity, Hashes hashes)
      : random_(seed), hashes_(hashes), capacity_(capacity), table_({capacity}, some_timeouts()) {
    twin_.timeouts = some_timeouts();
  }

  void step() {
    pass_time();
    switch (random_() % 8) {
      case 0: return erase();
      case 1: return set_timeout();
      case 2: return expire();
      case 3: return check_oldest();
      default: return packet();
    }
  }

  void check_all() {
    REQUIRE(table_.size() == twin_.flows.size());
    for (Number n = 0; n < numbers(); ++n) {
      const Slot slot = table_.find(key(n), hash_of(n));
      REQUIRE(table_.find(key(n), hash_of(n), guess(n)) == slot);
      const auto twin = twin_.flows.find(n);
      REQUIRE(slot == (twin == twin_.flows.end() ? kNone : twin->second.slot));
      if (slot == kNone) continue;
      REQUIRE(table_.state(slot).number == n);
      REQUIRE(table_.expired(slot, {now_}) == (now_ > twin_.deadline(twin->second)));
    }
    std::size_t visited = 0;
    table_.for_each([&](Slot slot) { visited += twin_.flows.at(table_.state(slot).number).slot == slot; });
    REQUIRE(visited == twin_.flows.size());
  }

 private:
  static Timeouts some_timeouts() {
    Timeouts t;
    for (std::size_t i = 0; i < kTimeouts; ++i)
      t.idle[i] = {static_cast<std::int64_t>(i * i) * 7'300'000 + 400'000};
    return t;
  }
  Number numbers() const { return capacity_ * 2; }
  Number any() { return static_cast<Number>(random_() % numbers()); }
  Timeout any_timeout() { return static_cast<Timeout>(random_() % kTimeouts); }
  static Key key(Number n) {
    Key k;
    k.lower_port = static_cast<std::uint16_t>(n);
    k.tenant = n % 3;
    return k;
  }
  /// What a look ahead gave, a slot of another flow or of none, or nothing.
  Slot guess(Number n) {
    const auto kind = random_() % 3;
    if (kind == 0) return table_.probable(hash_of(n));
    return kind == 1 ? static_cast<Slot>(random_() % capacity_) : kNone;
  }
  std::uint64_t hash_of(Number n) const {
    if (hashes_ == Hashes::all_equal) return 0;
    if (hashes_ == Hashes::few_buckets) return std::uint64_t{n % 2} << 32 | (n % 5);
    return hash(key(n));
  }

  /// Mostly within a second, sometimes minutes, seldom longer than the wheel; sometimes backwards outside.
  void pass_time() {
    const auto kind = random_() % 100;
    if (kind < 60) now_ += static_cast<std::int64_t>(random_() % 400'000);
    if (kind == 60) now_ += static_cast<std::int64_t>(random_() % 300) * 1'000'000;
    if (kind == 61 && random_() % 20 == 0) now_ += static_cast<std::int64_t>(random_() % 5'000) * 1'000'000;
  }
  Timestamp said_now() {
    return {random_() % 4 == 0 ? now_ - static_cast<std::int64_t>(random_() % 3'000'000) : now_};
  }

  void packet() {
    const Number n = any();
    const Slot slot = table_.find(key(n), hash_of(n));
    const auto twin = twin_.flows.find(n);
    REQUIRE((slot == kNone) == (twin == twin_.flows.end()));
    if (slot != kNone) {
      table_.touch(slot, said_now_clamped());
      twin->second.last_seen = now_;
      return;
    }
    create(n);
  }

  void create(Number n) {
    const Timeout timeout = any_timeout();
    Slot slot = table_.insert(key(n), hash_of(n), said_now_clamped(), timeout);
    REQUIRE((slot == kNone) == (twin_.flows.size() == capacity_));
    if (slot == kNone) {
      evict();
      slot = table_.insert(key(n), hash_of(n), said_now_clamped(), timeout);
      REQUIRE(slot != kNone);
    }
    table_.state(slot).number = n;
    twin_.flows[n] = {slot, now_, timeout};
  }

  void evict() {
    const Slot victim = check_victim();
    REQUIRE(victim != kNone);
    const Number number = table_.state(victim).number;
    table_.erase(victim);
    REQUIRE(twin_.flows.erase(number) == 1);
  }

  Slot check_victim() {
    const Slot victim = table_.oldest(said_now_clamped());
    REQUIRE((victim == kNone) == twin_.flows.empty());
    if (victim == kNone) return victim;
    const auto& f = twin_.flows.at(table_.state(victim).number);
    REQUIRE(f.slot == victim);
    const std::int64_t tick = twin_.tick(f);
    const bool right = tick == twin_.first_tick() || tick <= now_ / 1'000'000;
    REQUIRE(right);
    return victim;
  }
  void check_oldest() { check_victim(); }

  void erase() {
    const Number n = any();
    const auto twin = twin_.flows.find(n);
    if (twin == twin_.flows.end()) return;
    table_.erase(twin->second.slot);
    twin_.flows.erase(twin);
  }

  void set_timeout() {
    const auto twin = twin_.flows.find(any());
    if (twin == twin_.flows.end()) return;
    twin->second.timeout = any_timeout();
    table_.set_timeout(twin->second.slot, twin->second.timeout);
  }

  void expire() {
    const std::int64_t tick = now_ / 1'000'000;
    if (random_() % 2 == 0) expire_at_once();
    for (Slot slot; (slot = table_.next_expired(said_now_clamped())) != kNone; table_.erase(slot)) {
      const auto twin = twin_.flows.find(table_.state(slot).number);
      REQUIRE(twin != twin_.flows.end());
      REQUIRE(twin->second.slot == slot);
      REQUIRE(twin_.tick(twin->second) <= tick);
      twin_.flows.erase(twin);
    }
    REQUIRE((twin_.flows.empty() || twin_.first_tick() > tick));
  }

  /// All of them are named before the first is erased.
  void expire_at_once() {
    std::vector<Slot> named, wanted;
    table_.for_each_expired(said_now_clamped(), [&](Slot slot) { named.push_back(slot); });
    for (const auto& [number, flow] : twin_.flows)
      if (twin_.tick(flow) <= now_ / 1'000'000) wanted.push_back(flow.slot);
    std::sort(named.begin(), named.end());
    std::sort(wanted.begin(), wanted.end());
    REQUIRE(named == wanted);
    for (const Slot slot : named) {
      twin_.flows.erase(table_.state(slot).number);
      table_.erase(slot);
    }
  }

  /// The table must know the latest time before it may be told an earlier one.
  Timestamp said_now_clamped() {
    if (told_ < now_) {
      told_ = now_;
      return {now_};
    }
    return said_now();
  }

  std::mt19937 random_;
  Hashes hashes_;
  std::uint32_t capacity_;
  Table<State> table_;
  Twin twin_;
  std::int64_t now_ = 1'500'000'000'000'000;
  std::int64_t told_ = 0;
};

void walk(std::uint32_t capacity, Hashes hashes, int steps) {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    Walk w(seed, capacity, hashes);
    for (int i = 0; i < steps; ++i) {
      w.step();
      if (i % 64 == 0) w.check_all();
    }
    w.check_all();
  }
}

}  // namespace

TEST_CASE("a random walk agrees with the twin, hashes spread") {
  walk(1, Hashes::spread, 3'000);
  walk(13, Hashes::spread, 10'000);
  walk(120, Hashes::spread, 20'000);
}

TEST_CASE("a random walk agrees with the twin, hashes in two buckets with five signatures") {
  walk(60, Hashes::few_buckets, 20'000);
}

TEST_CASE("a random walk agrees with the twin, all hashes equal") {
  walk(1, Hashes::all_equal, 3'000);
  walk(9, Hashes::all_equal, 10'000);
  walk(60, Hashes::all_equal, 20'000);
}
