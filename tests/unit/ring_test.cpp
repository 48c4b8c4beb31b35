#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <thread>

#include "record/record.h"
#include "ring/spsc_ring.h"
#include "support/catch.h"

using mirrorscan::ring::SpscRing;

TEST_CASE("capacity is rounded up to a power of two, at least one") {
  CHECK(SpscRing<int>(0).capacity() == 1);
  CHECK(SpscRing<int>(1).capacity() == 1);
  CHECK(SpscRing<int>(2).capacity() == 2);
  CHECK(SpscRing<int>(3).capacity() == 4);
  CHECK(SpscRing<int>(1'000).capacity() == 1'024);
}

TEST_CASE("an empty ring gives nothing and leaves the element alone") {
  SpscRing<int> ring(4);
  int out = 42;
  CHECK_FALSE(ring.try_pop(out));
  CHECK(out == 42);
  CHECK(ring.size() == 0);
}

TEST_CASE("a full ring refuses and keeps what it holds") {
  SpscRing<int> ring(2);
  CHECK(ring.try_push(1));
  CHECK(ring.try_push(2));
  CHECK_FALSE(ring.try_push(3));
  CHECK(ring.size() == 2);
  int out = 0;
  CHECK((ring.try_pop(out) && out == 1));
  CHECK(ring.try_push(4));
  CHECK((ring.try_pop(out) && out == 2));
  CHECK((ring.try_pop(out) && out == 4));
  CHECK_FALSE(ring.try_pop(out));
}

TEST_CASE("a ring of one element passes elements one by one") {
  SpscRing<int> ring(1);
  for (int i = 0; i < 10; ++i) {
    int out = -1;
    REQUIRE(ring.try_push(i));
    REQUIRE_FALSE(ring.try_push(100));
    REQUIRE(ring.try_pop(out));
    REQUIRE(out == i);
  }
}

TEST_CASE("a batch takes what is there, oldest first, across the wrap") {
  SpscRing<int> ring(4);
  std::array<int, 8> out{};
  for (int i = 0; i < 3; ++i) REQUIRE(ring.try_push(i));
  CHECK(ring.pop(out) == 3);
  for (int i = 10; i < 14; ++i) REQUIRE(ring.try_push(i));
  CHECK(ring.pop(std::span(out).first(3)) == 3);
  CHECK((out[0] == 10 && out[1] == 11 && out[2] == 12));
  CHECK(ring.pop(out) == 1);
  CHECK(out[0] == 13);
  CHECK(ring.pop(out) == 0);
  CHECK(ring.pop({}) == 0);
}

TEST_CASE("a random walk gives the same as a queue") {
  std::mt19937 random(11);
  for (const std::size_t capacity : {1u, 2u, 8u, 64u}) {
    SpscRing<std::uint32_t> ring(capacity);
    std::deque<std::uint32_t> twin;
    std::array<std::uint32_t, 16> out{};
    for (std::uint32_t i = 0; i < 20'000; ++i) {
      const std::size_t room = capacity - twin.size();
      if (random() % 4 == 0) REQUIRE(ring.room() == room);
      const std::uint32_t* front = ring.front();
      REQUIRE((front != nullptr) == !twin.empty());
      if (front != nullptr) REQUIRE(*front == twin.front());
      if (random() % 4 == 0) {
        const bool pushed = ring.try_push(i);
        REQUIRE(pushed == (room > 0));
        if (pushed) twin.push_back(i);
      } else if (random() % 3 == 0) {
        const std::array<std::uint32_t, 5> batch{i, i + 1, i + 2, i + 3, i + 4};
        const std::size_t offered = random() % (batch.size() + 1);
        REQUIRE(ring.push(std::span(batch).first(offered)) == std::min(offered, room));
        twin.insert(twin.end(), batch.begin(),
                    batch.begin() + static_cast<std::ptrdiff_t>(std::min(offered, room)));
      } else {
        const std::size_t wanted = random() % (out.size() + 1);
        const std::size_t got = ring.pop(std::span(out).first(wanted));
        REQUIRE(got == std::min(wanted, twin.size()));
        for (std::size_t k = 0; k < got; ++k, twin.pop_front()) REQUIRE(out[k] == twin.front());
      }
      REQUIRE(ring.size() == twin.size());
    }
  }
}

TEST_CASE("a record crosses the ring unchanged") {
  using mirrorscan::record::Record;
  SpscRing<Record> ring(2);
  const auto in = std::make_unique<Record>();
  in->flow_id = 4'711;
  in->alert.rule = 7;
  REQUIRE(ring.try_push(*in));
  Record out;
  REQUIRE(ring.try_pop(out));
  CHECK(out.flow_id == 4'711);
  CHECK(out.alert.rule == 7);
}

TEST_CASE("two threads pass every element once and in order") {
  struct Wide {
    std::uint64_t first, padding[5], last;
  };
  constexpr std::uint64_t kElements = 100'000;
  SpscRing<Wide> ring(64);
  std::thread producer([&ring] {
    for (std::uint64_t i = 0; i < kElements;) {
      if (ring.try_push({i, {}, ~i}))
        ++i;
      else
        std::this_thread::yield();
    }
  });
  std::array<Wide, 10> batch;
  std::uint64_t expected = 0, wrong = 0;
  while (expected < kElements) {
    const std::size_t got = ring.pop(batch);
    for (std::size_t i = 0; i < got; ++i, ++expected)
      if (batch[i].first != expected || batch[i].last != ~expected) ++wrong;
    if (got == 0) std::this_thread::yield();
  }
  producer.join();
  CHECK(wrong == 0);
  CHECK(ring.size() == 0);
}
