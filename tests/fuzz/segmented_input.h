#pragma once
// Fuzz input for rooms that read mbufs: a byte with the number of segment sizes (its low 2 bits), the sizes,
// then the frame.

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace mirrorscan::fuzz {

struct SegmentedInput {
  std::vector<std::size_t> sizes;
  ByteView frame;

  explicit SegmentedInput(ByteView input) : frame(input) {
    if (frame.empty()) return;
    std::size_t count = frame[0] & 3u;
    frame = frame.subspan(1);
    for (; count > 0 && !frame.empty(); --count, frame = frame.subspan(1)) sizes.push_back(frame[0]);
  }
};

}  // namespace mirrorscan::fuzz
