// The parts that the assembler is made of.

#include <array>
#include <random>
#include <vector>

#include "reassembly/bitmap.h"
#include "reassembly/gap_wheel.h"
#include "reassembly/payload_reader.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::reassembly;

TEST_CASE("a bitmap is a row of booleans") {
  std::mt19937 random(21);
  Bitmap<256> bits;
  std::array<bool, 256> naive{};
  for (int step = 0; step < 2'000; ++step) {
    const std::size_t from = random() % 257, to = from + random() % (257 - from);
    const bool value = random() % 2 == 0;
    value ? bits.set(from, to) : bits.clear(from, to);
    for (std::size_t i = from; i < to; ++i) naive[i] = value;

    const std::size_t at = random() % 256;
    std::size_t first_set = at, first_clear = at, count = 0;
    while (first_set < 256 && !naive[first_set]) ++first_set;
    while (first_clear < 256 && naive[first_clear]) ++first_clear;
    for (std::size_t i = at; i < 256; ++i) count += naive[i] ? 1 : 0;
    REQUIRE(bits.test(at) == naive[at]);
    REQUIRE(bits.first_set(at) == first_set);
    REQUIRE(bits.first_clear(at) == first_clear);
    REQUIRE(bits.count(at) == count);
    std::size_t before = at;
    while (before > 0 && !naive[before - 1]) --before;
    REQUIRE(bits.last_set(at) == (before > 0 ? before - 1 : 256));
  }
  CHECK(bits.first_set(256) == 256);
}

TEST_CASE("the wheel gives each deadline once, never early and at most a tick and a step late") {
  std::mt19937 random(22);
  constexpr std::uint32_t kIds = 50;
  constexpr std::int64_t kStep = 7'000, kTick = 16'384;
  GapWheel wheel(kIds);
  std::array<std::int64_t, kIds + 1> deadline{};  // 0 = none
  for (std::int64_t now = 1'600'000'000'000'000; now < 1'600'000'030'000'000; now += kStep) {
    const std::uint32_t id = 1 + static_cast<std::uint32_t>(random() % kIds);
    if (random() % 4 == 0) {
      wheel.cancel(id);
      deadline[id] = 0;
    } else {
      deadline[id] = now + static_cast<std::int64_t>(random() % (random() % 10 == 0 ? 15'000'000 : 500'000));
      wheel.schedule(id, Timestamp{deadline[id]});
    }
    while (const std::uint32_t due = wheel.pop(Timestamp{now}).id) {
      REQUIRE(deadline[due] > 0);
      REQUIRE(deadline[due] <= now);
      deadline[due] = 0;
    }
    for (const std::int64_t d : deadline) REQUIRE((d == 0 || d > now - kTick - kStep));
  }
}

TEST_CASE("the wheel survives a silence longer than its turn") {
  GapWheel wheel(3);
  wheel.schedule(1, Timestamp{5});
  wheel.schedule(2, Timestamp{3'000'000});
  wheel.schedule(3, Timestamp{900'000'000'000});
  CHECK((wheel.pop(Timestamp{600'000'000'000}).id + wheel.pop(Timestamp{600'000'000'000}).id) == 3);
  CHECK(wheel.pop(Timestamp{600'000'000'000}).id == 0);
  CHECK(wheel.pop(Timestamp{900'000'100'000}).id == 3);
}

TEST_CASE("a payload in pieces reads as one") {
  const std::array<std::uint8_t, 3> a{1, 2, 3};
  const std::array<std::uint8_t, 2> b{4, 5};
  const std::array<ByteView, 4> pieces{ByteView(a), ByteView(), ByteView(b), ByteView()};
  PayloadReader reader(pieces);
  reader.skip(1);
  std::array<std::uint8_t, 3> out{};
  reader.copy(out.data(), 2);
  CHECK(out == std::array<std::uint8_t, 3>{2, 3, 0});
  CHECK(reader.same(b.data(), 2));
}

TEST_CASE("pieces that are shorter than promised read as zero bytes") {
  const std::array<std::uint8_t, 1> a{1};
  const std::array<ByteView, 1> pieces{ByteView(a)};
  PayloadReader reader(pieces);
  std::array<std::uint8_t, 3> out{9, 9, 9};
  reader.copy(out.data(), 3);
  CHECK(out == std::array<std::uint8_t, 3>{1, 0, 0});
}
