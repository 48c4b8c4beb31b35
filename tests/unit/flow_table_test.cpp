#include <unistd.h>
#include <algorithm>
#include <fstream>
#include <vector>

#include "flow/table.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::flow;

namespace {

struct State {
  std::uint64_t packets = 1;
};

Timeouts timeouts() {
  Timeouts t;
  t.idle.fill(Duration::seconds(30));
  t[Timeout::tcp_new] = Duration::seconds(60);
  t[Timeout::tcp_established] = Duration::seconds(600);
  t[Timeout::tcp_closed] = Duration::seconds(10);
  return t;
}

Key key(std::uint32_t number) {
  Key k;
  k.lower = IpAddress::v4(10, 0, 0, 1);
  k.higher = IpAddress::v4(192, 168, static_cast<std::uint8_t>(number >> 24), 1);
  k.lower_port = static_cast<std::uint16_t>(number);
  k.higher_port = static_cast<std::uint16_t>(number >> 16 & 0xff);
  return k;
}

Timestamp at(std::int64_t seconds, std::int64_t us = 0) {
  return {Duration::seconds(seconds).us + us};
}

struct Fixture {
  Table<State> table{{4}, timeouts()};

  Slot add(std::uint32_t number, Timestamp now, Timeout timeout = Timeout::udp_new) {
    return table.insert(key(number), hash(key(number)), now, timeout);
  }
  Slot find(std::uint32_t number) const { return table.find(key(number), hash(key(number))); }
};

std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

TEST_CASE_METHOD(Fixture, "an inserted flow is found with a fresh state, and no other") {
  const Slot slot = add(1, at(100));
  CHECK(find(1) == slot);
  CHECK(find(2) == kNone);
  CHECK(table.state(slot).packets == 1);
  CHECK(table.key(slot) == key(1));
  CHECK(table.size() == 1);
}

TEST_CASE_METHOD(Fixture, "an erased flow is gone and its slot starts afresh") {
  const Slot slot = add(1, at(100));
  table.state(slot).packets = 99;
  table.erase(slot);
  CHECK(find(1) == kNone);
  CHECK(table.size() == 0);
  CHECK(add(2, at(100)) == slot);
  CHECK(table.state(slot).packets == 1);
}

TEST_CASE_METHOD(Fixture, "tenants and VLANs do not meet") {
  Key other = key(1);
  other.tenant = 1;
  Key tagged = key(1);
  tagged.vlan[0] = 1;
  const Slot slot = add(1, at(100));
  CHECK(table.find(other, hash(other)) == kNone);
  CHECK(table.find(tagged, hash(tagged)) == kNone);
  // Not even where their hashes fall together.
  CHECK(table.find(other, hash(key(1))) == kNone);
  CHECK(table.find(key(1), hash(key(1))) == slot);
}

TEST_CASE_METHOD(Fixture, "at the budget an insert is refused until a flow is erased") {
  for (std::uint32_t i = 0; i < 4; ++i) REQUIRE(add(i, at(100)) != kNone);
  CHECK(add(4, at(100)) == kNone);
  CHECK(table.size() == 4);
  table.erase(find(2));
  CHECK(add(4, at(100)) != kNone);
}

TEST_CASE_METHOD(Fixture, "a flow is expired one microsecond after its timeout and not before") {
  const Slot slot = add(1, at(100, 5));
  CHECK_FALSE(table.expired(slot, at(130, 5)));
  CHECK(table.expired(slot, at(130, 6)));
}

TEST_CASE_METHOD(Fixture, "a touched flow lives on from its last packet") {
  const Slot slot = add(1, at(100));
  table.touch(slot, at(120));
  CHECK_FALSE(table.expired(slot, at(150)));
  CHECK(table.next_expired(at(140)) == kNone);
  CHECK(table.next_expired(at(150)) == kNone);
  CHECK(table.next_expired(at(151)) == slot);
}

TEST_CASE_METHOD(Fixture, "expired flows come one at a time until all are erased") {
  add(1, at(100));
  add(2, at(101));
  add(3, at(120));
  std::vector<Slot> ended;
  for (Slot slot; (slot = table.next_expired(at(140))) != kNone; table.erase(slot)) ended.push_back(slot);
  CHECK(ended.size() == 2);
  CHECK(find(3) != kNone);
  CHECK(find(1) == kNone);
}

TEST_CASE_METHOD(Fixture, "a shorter timeout takes effect at once") {
  const Slot slot = add(1, at(100), Timeout::tcp_established);
  table.set_timeout(slot, Timeout::tcp_closed);
  CHECK_FALSE(table.expired(slot, at(110)));
  CHECK(table.next_expired(at(110)) == kNone);
  CHECK(table.next_expired(at(111)) == slot);
}

TEST_CASE_METHOD(Fixture, "a timeout that is over when it is set is told in the same second") {
  const Slot slot = add(1, at(100), Timeout::tcp_established);
  CHECK(table.next_expired(at(500)) == kNone);
  table.set_timeout(slot, Timeout::tcp_closed);
  CHECK(table.next_expired(at(500)) == slot);
}

TEST_CASE_METHOD(Fixture, "a longer timeout holds although its timer was armed earlier") {
  const Slot slot = add(1, at(100), Timeout::tcp_new);
  table.set_timeout(slot, Timeout::tcp_established);
  CHECK(table.next_expired(at(699)) == kNone);
  CHECK(table.next_expired(at(701)) == slot);
}

TEST_CASE_METHOD(Fixture, "the oldest flow is the one that would time out first, not the first created") {
  const Slot established = add(1, at(100), Timeout::tcp_established);
  const Slot fresh = add(2, at(101), Timeout::tcp_new);
  const Slot datagrams = add(3, at(102), Timeout::udp_new);
  CHECK(table.oldest(at(103)) == datagrams);
  table.touch(datagrams, at(140));
  CHECK(table.oldest(at(140)) == fresh);
  table.erase(fresh);
  table.erase(datagrams);
  CHECK(table.oldest(at(140)) == established);
  table.erase(established);
  CHECK(table.oldest(at(140)) == kNone);
}

TEST_CASE_METHOD(Fixture, "time does not go backwards inside") {
  const Slot slot = add(1, at(100));
  table.touch(slot, at(90));
  CHECK(table.last_seen(slot) == at(100));
  CHECK(table.next_expired(at(1'000)) == slot);
  table.touch(slot, at(200));
  CHECK(table.last_seen(slot) == at(1'000));
  CHECK_FALSE(table.expired(slot, at(200)));
}

TEST_CASE_METHOD(Fixture, "timestamps before the epoch and at the end of time do no harm") {
  const Slot slot = add(1, {std::numeric_limits<std::int64_t>::min()});
  CHECK(table.last_seen(slot) == at(0));
  CHECK(table.next_expired({std::numeric_limits<std::int64_t>::max()}) == slot);
  table.touch(slot, {std::numeric_limits<std::int64_t>::max()});
  CHECK_FALSE(table.expired(slot, {std::numeric_limits<std::int64_t>::max()}));
  CHECK(table.next_expired({std::numeric_limits<std::int64_t>::max()}) == kNone);
}

TEST_CASE_METHOD(Fixture, "a leap in time longer than the wheel expires what is idle and keeps what is not") {
  const Slot idle = add(1, at(100));
  const Slot busy = add(2, at(100));
  table.touch(busy, at(1'000'000));
  CHECK(table.next_expired(at(1'000'000)) == idle);
  table.erase(idle);
  CHECK(table.next_expired(at(1'000'000)) == kNone);
  CHECK(table.next_expired(at(1'000'030)) == kNone);
  CHECK(table.next_expired(at(1'000'031)) == busy);
}

TEST_CASE("after a leap of decades with many busy flows the timers are exact again within a few calls") {
  constexpr std::uint32_t kBusy = 1'000;
  constexpr std::int64_t kLeap = 1'000'000'000;
  Table<State> table({kBusy + 1}, timeouts());
  for (std::uint32_t i = 0; i < kBusy; ++i) {
    REQUIRE(table.insert(key(i), i, at(100), Timeout::udp_new) != kNone);
  }
  for (Slot slot = 0; slot < kBusy; ++slot) table.touch(slot, at(kLeap));
  const Slot idle = table.insert(key(kBusy), kBusy, at(kLeap), Timeout::tcp_closed);
  for (int call = 0; call < 5; ++call) CHECK(table.next_expired(at(kLeap)) == kNone);
  CHECK(table.next_expired(at(kLeap + 11)) == idle);
}

TEST_CASE("among more touched flows than one call looks at, the victim is the best of those looked at") {
  constexpr std::uint32_t kFlows = 4 * Wheel::kSweep;
  Table<State> table({kFlows}, timeouts());
  for (std::uint32_t i = 0; i < kFlows; ++i) {
    REQUIRE(table.insert(key(i), i, at(100), Timeout::udp_new) != kNone);
  }
  table.touch(100, at(105));
  for (Slot slot = 0; slot < kFlows; ++slot)
    if (slot != 100) table.touch(slot, at(110));
  CHECK(table.oldest(at(110)) == 100);
}

TEST_CASE("a timeout longer than the smallest wheel is exact") {
  Timeouts t = timeouts();
  t[Timeout::tcp_established] = Duration::seconds(86'400);
  Table<State> table({2}, t);
  const Slot slot = table.insert(key(1), 1, at(100), Timeout::tcp_established);
  CHECK(table.next_expired(at(86'500)) == kNone);
  CHECK(table.next_expired(at(86'501)) == slot);
}

TEST_CASE("a timeout of zero ends a flow in the next second, a negative one counts as zero") {
  Timeouts t;
  t[Timeout::udp_new] = {-5};
  Table<State> table({2}, t);
  const Slot slot = table.insert(key(1), 1, at(100), Timeout::udp_new);
  CHECK_FALSE(table.expired(slot, at(100)));
  CHECK(table.expired(slot, at(100, 1)));
  CHECK(table.next_expired(at(101)) == slot);
}

TEST_CASE_METHOD(Fixture, "shutdown visits each live flow once and may erase it") {
  add(1, at(100));
  add(2, at(100));
  add(3, at(100));
  table.erase(find(2));
  std::vector<Slot> visited;
  table.for_each([&](Slot slot) {
    visited.push_back(slot);
    table.erase(slot);
  });
  CHECK(visited.size() == 2);
  CHECK(table.size() == 0);
}

TEST_CASE("flows whose hashes are all equal are all found, also after erasing any of them") {
  constexpr std::uint32_t kFlows = 100;
  for (std::uint32_t first = 0; first < kFlows; first += 7) {
    Table<State> table({kFlows}, timeouts());
    for (std::uint32_t i = 0; i < kFlows; ++i)
      REQUIRE(table.insert(key(i), 42, at(1), Timeout::udp_new) != kNone);
    for (std::uint32_t i = first; i < kFlows; i += 3) table.erase(table.find(key(i), 42));
    for (std::uint32_t i = 0; i < kFlows; ++i) {
      const bool erased = i >= first && (i - first) % 3 == 0;
      REQUIRE((table.find(key(i), 42) == kNone) == erased);
    }
  }
}

TEST_CASE("one call inspects a bounded number of timers, and the next call goes on") {
  constexpr std::uint32_t kFlows = 4 * Wheel::kSweep;
  Table<State> table({kFlows + 1}, timeouts());
  const auto add = [&](std::uint32_t i, Timestamp now) {
    return table.insert(key(i), hash(key(i)), now, Timeout::udp_new);
  };
  for (std::uint32_t i = 0; i < kFlows; ++i) table.touch(add(i, at(100)), at(100));
  const Slot last = add(kFlows, at(100));
  for (Slot slot = 0; slot < last; ++slot) table.touch(slot, at(120));
  int calls = 1;
  while (table.next_expired(at(131)) != last) ++calls;
  CHECK(calls >= 4);
  CHECK(calls <= 6);
}

TEST_CASE("1,000,000 flows fit their documented memory, and the 1,000,001st takes the place of the oldest") {
  constexpr std::uint32_t kFlows = 1'000'000;
  struct Large {
    std::array<std::uint64_t, 16> words{};
  };
  const std::uint64_t before = resident_bytes();
  Table<Large> table({kFlows}, timeouts());
  const auto insert = [&](std::uint32_t i) {
    return table.insert(key(i), hash(key(i)), {1'000'000 + i}, Timeout::tcp_new);
  };
  std::uint32_t refused = 0;
  for (std::uint32_t i = 0; i < kFlows; ++i) refused += insert(i) == kNone;
  CHECK(refused == 0);
  CHECK(table.size() == kFlows);

  const std::uint64_t documented = Table<Large>::bytes({kFlows}, timeouts());
  CHECK(documented < 256 * std::uint64_t{kFlows});
  const std::uint64_t taken = resident_bytes() - before;
  CHECK(taken <= documented + documented / 8 + (16U << 20));  // a sanitizer's shadow; huge pages round up
  CHECK(taken >= documented / 2);

  REQUIRE(insert(kFlows) == kNone);
  const Slot victim = table.oldest({2'000'000});
  CHECK(table.key(victim) == key(0));
  table.erase(victim);
  REQUIRE(insert(kFlows) == victim);
  std::uint32_t missing = 0;
  for (std::uint32_t i = 1; i <= kFlows; ++i) missing += table.find(key(i), hash(key(i))) == kNone;
  CHECK(missing == 0);
  CHECK(table.find(key(0), hash(key(0))) == kNone);
  CHECK(table.size() == kFlows);
}
