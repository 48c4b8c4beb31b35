#include "engine/clock.h"

#include "support/catch.h"

using namespace mirrorscan;
using engine::BurstClock;

namespace {

constexpr std::uint64_t kTicks = 1'000'000'000'000;  // so slow that a test takes no time
constexpr Duration kHour = Duration::seconds(3'600);

Duration between(Timestamp a, Timestamp b) {
  return {a > b ? (a - b).us : (b - a).us};
}

}  // namespace

TEST_CASE("a small difference to the kernel's clock is followed") {
  BurstClock clock(kTicks);
  const Timestamp wall = clock.now() + Duration::milliseconds(-30);
  clock.follow(wall);
  CHECK(between(clock.now(), wall) < Duration::milliseconds(10));
  CHECK(clock.step() == Duration{});
}

TEST_CASE(
    "a clock that is set leaves packets' time as it was and is told as a step, whichever way it is set") {
  for (const std::int64_t sign : {1, -1}) {
    BurstClock clock(kTicks);
    const Timestamp before = clock.now();
    const Timestamp wall = before + Duration{sign * kHour.us};
    clock.follow(wall);
    CHECK(between(clock.now(), before) < Duration::milliseconds(10));
    CHECK(between(clock.now() + clock.step(), wall) < Duration::milliseconds(10));

    clock.follow(before);  // and set right again
    CHECK(between(clock.now(), before) < Duration::milliseconds(10));
    CHECK(between(clock.now() + clock.step(), before) < Duration::milliseconds(10));
  }
}

TEST_CASE("after a step small differences are followed as before it") {
  BurstClock clock(kTicks);
  const Timestamp before = clock.now();
  clock.follow(before + kHour);
  const Duration step = clock.step();
  clock.follow(clock.now() + step + Duration::milliseconds(40));
  CHECK(clock.step() == step);
  CHECK(between(clock.now(), before + Duration::milliseconds(40)) < Duration::milliseconds(10));
}
