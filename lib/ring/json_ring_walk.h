#pragma once
// Going from record to record in a ring that nobody writes, or that is checked after each step.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ring/json_ring_map.h"

namespace mirrorscan::ring {

/// A record's bytes, taken out of the ring: a reader's only buffer.
class Copied {
 public:
  /// Copies the payload that belongs to `head`, which fits the ring. At most kMaxRecordBytes are allocated.
  void take(const JsonRingMap& map, std::uint64_t position, const RecordHead& head);
  [[nodiscard]] std::string_view payload() const noexcept {
    return {reinterpret_cast<const char*>(words_.data()), length_};
  }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t length_ = 0;
};

/// The sequence number of the record that will be written next, found by walking all records. Nothing if the
/// ring is damaged: ends that contradict each other, a record that does not fit, a gap in the numbers, a last
/// record whose checksum is wrong. The other checksums are left to the readers: a ring may be large, a start
/// may not be slow.
[[nodiscard]] std::optional<std::uint64_t> next_sequence_of(const JsonRingMap& map);

}  // namespace mirrorscan::ring
