#pragma once
// Texts that conversations are made of: finite, and made once.

#include <array>
#include <cstdint>
#include <vector>

#include "base/direction.h"
#include "base/result.h"
#include "traffic/profile.h"

namespace mirrorscan::traffic {

/// Messages in the order of a conversation.
struct Book {
  struct Entry {
    Direction direction;
    std::uint32_t offset, length;
  };
  std::vector<std::uint8_t> text;
  std::vector<Entry> entries;
};

}  // namespace mirrorscan::traffic
