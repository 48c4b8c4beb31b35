#pragma once
// A fuzz target's input as a source of decisions.

#include <cstddef>
#include <cstdint>

namespace mirrorscan::testing {

/// A number below `bound` for each byte; zero when the input is used up.
struct FuzzInput {
  const std::uint8_t* data;
  std::size_t left;
  int operator()(int bound) {
    if (left == 0) return 0;
    --left;
    return *data++ % bound;
  }
};

}  // namespace mirrorscan::testing
