// Budgeted memory of detection: windows, nodes, and which rule has alerted where.

#include <bit>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "alert/alert_memory.h"
#include "alert/node_pool.h"
#include "alert/window.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::alert;

namespace {

/// A stream whose byte at offset o can be told from o: what a window must give back.
std::uint8_t byte_at(std::uint64_t offset, std::uint32_t salt) {
  return static_cast<std::uint8_t>((offset * 2'654'435'761u + salt) >> 5);
}

std::vector<std::uint8_t> stretch(std::uint64_t from, std::size_t length, std::uint32_t salt) {
  std::vector<std::uint8_t> out(length);
  for (std::size_t i = 0; i < length; ++i) out[i] = byte_at(from + i, salt);
  return out;
}

}  // namespace

TEST_CASE("a window is the smallest power of two that holds what was asked for", "[alert]") {
  WindowPool pool(std::size_t{1} << 20);
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> sizes = {
      {1, 256}, {256, 256}, {257, 512}, {4'097, 8'192}, {WindowPool::kLargest, WindowPool::kLargest}};
  for (const auto& [asked, got] : sizes) {
    Window w = pool.take(asked);
    CAPTURE(asked);
    REQUIRE(WindowPool::capacity(w) == got);
    REQUIRE(pool.used_bytes() == got);
    pool.give_back(w);
    REQUIRE_FALSE(w.there());
    REQUIRE(pool.used_bytes() == 0);
  }
}

TEST_CASE("a window above the largest size is refused", "[alert]") {
  WindowPool pool(std::size_t{1} << 20);
  REQUIRE_FALSE(pool.take(WindowPool::kLargest + 1).there());
  REQUIRE(pool.used_bytes() == 0);
}

TEST_CASE("the largest window holds look-back, look-ahead and trigger of the largest configurable window",
          "[alert]") {
  // detect.window_bytes goes to 32,768; a trigger is at most 2,048 bytes long.
  REQUIRE(WindowPool::kLargest >= 2 * 32'768 + 2'048);
}

TEST_CASE("one budget covers windows of all sizes, to the byte", "[alert]") {
  WindowPool pool(1'024);
  Window half = pool.take(512);
  Window quarter = pool.take(256);
  Window last = pool.take(256);
  REQUIRE(half.there());
  REQUIRE(quarter.there());
  REQUIRE(last.there());
  REQUIRE_FALSE(pool.take(1).there());
  pool.give_back(half);
  REQUIRE_FALSE(pool.take(513).there());
  REQUIRE(pool.take(257).there());
}

TEST_CASE("a pool without a budget gives no window", "[alert]") {
  WindowPool pool(0);
  Window w = pool.take(1);
  REQUIRE_FALSE(w.there());
  pool.store(w, 0, as_bytes("nowhere to go"));
  pool.give_back(w);
  REQUIRE(pool.used_bytes() == 0);
}

TEST_CASE("of more bytes than a window holds, the last ones stay", "[alert]") {
  WindowPool pool(4'096);
  Window w = pool.take(256);
  const auto bytes = stretch(1'000, 700, 1);
  pool.store(w, 1'000, bytes);
  std::vector<std::uint8_t> out(256);
  pool.copy(w, 1'444, 1'700, out.data());
  REQUIRE(out == stretch(1'444, 256, 1));
}

TEST_CASE("windows give back what was stored, whoever else stores, over a random walk", "[alert]") {
  std::mt19937 random(7);
  const auto below = [&](std::uint64_t n) { return static_cast<std::uint32_t>(random() % n); };
  struct Live {
    Window window;
    std::uint64_t first = 0, next = 0;
    std::uint32_t salt = 0;
  };
  constexpr std::size_t kBudget = 64 * 1'024;
  WindowPool pool(kBudget);
  std::vector<Live> live;
  std::size_t used = 0;
  for (int step = 0; step < 20'000; ++step) {
    const std::uint32_t what = below(10);
    if (what == 0) {
      Live one;
      const std::uint32_t asked = 1 + below(9'000);
      one.window = pool.take(asked);
      const std::size_t size = std::bit_ceil(std::max(asked, WindowPool::kSmallest));
      REQUIRE(one.window.there() == (used + size <= kBudget));
      if (!one.window.there()) continue;
      used += size;
      one.first = one.next = below(1'000'000);
      one.salt = static_cast<std::uint32_t>(random());
      live.push_back(one);
    } else if (what == 1 && !live.empty()) {
      const std::size_t at = below(live.size());
      used -= WindowPool::capacity(live[at].window);
      pool.give_back(live[at].window);
      live.erase(live.begin() + static_cast<std::ptrdiff_t>(at));
    } else if (!live.empty()) {
      Live& one = live[below(live.size())];
      const std::size_t length = below(3'000);
      pool.store(one.window, one.next, stretch(one.next, length, one.salt));
      one.next += length;
      const std::uint64_t kept =
          std::min<std::uint64_t>(one.next - one.first, WindowPool::capacity(one.window));
      const std::uint64_t from = one.next - below(kept + 1);
      const std::uint64_t to = from + below(one.next - from + 1);
      std::vector<std::uint8_t> out(static_cast<std::size_t>(to - from));
      pool.copy(one.window, from, to, out.data());
      REQUIRE(out == stretch(from, out.size(), one.salt));
    }
    REQUIRE(pool.used_bytes() == used);
  }
}

TEST_CASE("a node pool hands out each node once until it is given back", "[alert]") {
  struct Node {
    std::uint32_t next = kNoNode;
  };
  NodePool<Node> pool(3);
  std::set<std::uint32_t> taken;
  for (int i = 0; i < 3; ++i) taken.insert(pool.take());
  REQUIRE(taken == std::set<std::uint32_t>{0, 1, 2});
  REQUIRE(pool.take() == kNoNode);
  pool.give_back(1);
  REQUIRE(pool.used() == 2);
  REQUIRE(pool.take() == 1);
  NodePool<Node> none(0);
  REQUIRE(none.take() == kNoNode);
}

TEST_CASE("an alert is first once for each rule and window", "[alert]") {
  AlertMemory memory(8);
  StreamState stream;
  REQUIRE(memory.mark(stream, 3, 10) == AlertMemory::Marked::first);
  REQUIRE(memory.mark(stream, 3, 10) == AlertMemory::Marked::again);
  REQUIRE(memory.mark(stream, 4, 10) == AlertMemory::Marked::first);
  REQUIRE(memory.mark(stream, 3, 11) == AlertMemory::Marked::first);
  REQUIRE(memory.mark(stream, 3, 9) == AlertMemory::Marked::first);
  REQUIRE(memory.mark(stream, 3, 10) == AlertMemory::Marked::again);
  REQUIRE(memory.contains(stream, 3, 9));
  REQUIRE_FALSE(memory.contains(stream, 4, 9));
  REQUIRE(memory.used() == 2);
  memory.forget(stream);
  REQUIRE(memory.used() == 0);
  REQUIRE_FALSE(memory.contains(stream, 3, 10));
}

TEST_CASE("streams do not share what they remember", "[alert]") {
  AlertMemory memory(8);
  StreamState a, b;
  REQUIRE(memory.mark(a, 1, 0) == AlertMemory::Marked::first);
  REQUIRE(memory.mark(b, 1, 0) == AlertMemory::Marked::first);
  memory.forget(a);
  REQUIRE(memory.contains(b, 1, 0));
  memory.forget(b);
}

TEST_CASE("without room an alert is not remembered and says so", "[alert]") {
  AlertMemory memory(1);
  StreamState stream;
  REQUIRE(memory.mark(stream, 1, 0) == AlertMemory::Marked::first);
  REQUIRE(memory.mark(stream, 2, 0) == AlertMemory::Marked::no_room);
  REQUIRE(memory.mark(stream, 2, 0) == AlertMemory::Marked::no_room);
  REQUIRE(memory.mark(stream, 1, 1'000'000) == AlertMemory::Marked::first);
  REQUIRE(memory.mark(stream, 1, 0) == AlertMemory::Marked::no_room);
}

TEST_CASE("the memory agrees with a set of (rule, window) over a random walk", "[alert]") {
  // Windows go forward, a little back, and sometimes far ahead, as gaps of a stream make them.
  std::mt19937 random(11);
  AlertMemory memory(64);
  StreamState stream;
  std::set<std::pair<std::uint32_t, std::uint64_t>> twin;
  std::map<std::uint32_t, std::uint64_t> newest;
  std::uint64_t window = 0;
  for (int step = 0; step < 50'000; ++step) {
    if (random() % 8 == 0) window += random() % 3;
    if (random() % 500 == 0)
      window += random() % 2 == 0 ? 31 + random() % 3 : random() * std::uint64_t{4'096};
    const auto rule = static_cast<std::uint32_t>(random() % 20);
    const std::uint64_t at = window - std::min<std::uint64_t>(window, random() % 4);
    const bool too_old = newest.contains(rule) && at + 32 <= newest[rule];
    if (too_old) continue;
    REQUIRE(memory.contains(stream, rule, at) == twin.contains({rule, at}));
    const bool first = twin.insert({rule, at}).second;
    REQUIRE(memory.mark(stream, rule, at) ==
            (first ? AlertMemory::Marked::first : AlertMemory::Marked::again));
    newest[rule] = std::max(newest[rule], at);
    REQUIRE(memory.used() == newest.size());
  }
  memory.forget(stream);
  REQUIRE(memory.used() == 0);
}
