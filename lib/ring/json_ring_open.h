#pragma once
// How a writer comes by its ring file: locked, whole, and with the numbers to go on from.

#include <cstdint>
#include <string>

#include "base/result.h"
#include "ring/json_ring_map.h"

namespace mirrorscan::ring {

struct OpenRing {
  File file;  ///< holds the lock
  JsonRingMap map;
  std::uint64_t oldest = 0, tail = 0;  ///< positions
  std::uint64_t next_sequence = 1;
  std::uint32_t epoch = 1;
  /// For the operator's log: what became of a file that was not simply continued; or empty.
  std::string note;
  std::string made_folder;  ///< empty = it was there
};

/// Continues the ring at `path` if it has this size and is whole, else puts a new file in its place by a
/// rename; a damaged one is kept as PATH.unreadable. The parent folder is made if it is missing (one level,
/// mode 0750). Errors: a file that is no ring, one that another process writes, no room. \param bytes of
/// data; rounded up to a power of two
[[nodiscard]] Result<OpenRing> open_for_writing(const std::string& path, std::uint64_t bytes);

}  // namespace mirrorscan::ring
