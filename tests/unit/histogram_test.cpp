#include "base/histogram.h"

#include <algorithm>
#include <random>
#include <vector>

#include "support/catch.h"

using mirrorscan::Histogram;

TEST_CASE("small values of a histogram are exact") {
  Histogram h;
  for (std::uint64_t value = 0; value < 64; ++value) h.record(value);
  CHECK(h.count() == 64);
  CHECK(h.least() == 0);
  CHECK(h.most() == 63);
  CHECK(h.value_at(0.5) == 31);
  CHECK(h.value_at(1) == 63);
  CHECK(h.mean() == 31.5);
}

TEST_CASE("an empty histogram says 0") {
  const Histogram h;
  CHECK(h.value_at(0.99) == 0);
  CHECK(h.least() == 0);
  CHECK(h.mean() == 0);
}

TEST_CASE("a histogram's quantiles are those of the sorted values, at most a thirty-second too large") {
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> values;
  Histogram h;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(random() >> (random() % 64));
    h.record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double share : {0.0001, 0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(share * 20'000 + 0.5);
    const std::uint64_t truth = values[std::max<std::size_t>(rank, 1) - 1];
    CHECK(h.value_at(share) >= truth);
    CHECK(h.value_at(share) - truth <= truth / 32);
  }
}

TEST_CASE("the largest number has a place in a histogram") {
  Histogram h;
  h.record(~std::uint64_t{0});
  CHECK(h.value_at(1) == ~std::uint64_t{0});
}

TEST_CASE("adding histograms is recording the values of both") {
  Histogram one, two, both;
  for (std::uint64_t value : {3, 900, 70'000}) {
    one.record(value, 2);
    both.record(value, 2);
  }
  for (std::uint64_t value : {1, 1'000'000}) {
    two.record(value);
    both.record(value);
  }
  one.add(two);
  CHECK(one.count() == both.count());
  CHECK(one.least() == 1);
  for (const double share : {0.1, 0.5, 0.9, 1.0}) CHECK(one.value_at(share) == both.value_at(share));
}
