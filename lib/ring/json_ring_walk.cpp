#include "ring/json_ring_walk.h"

namespace mirrorscan::ring {

void Copied::take(const JsonRingMap& map, std::uint64_t position, const RecordHead& head) {
  length_ = head.length;
  words_.resize((record_bytes(head.length) - sizeof(RecordHead)) / sizeof(Word));
  map.copy(position + sizeof(RecordHead), words_);
}

std::optional<std::uint64_t> next_sequence_of(const JsonRingMap& map) {
  const std::optional<Extent> extent = map.extent();
  if (!extent) return std::nullopt;
  if (extent->oldest == extent->tail) return map.header().first_sequence.load(std::memory_order_relaxed);
  RecordHead head{};
  std::uint64_t last = extent->oldest;
  for (std::uint64_t at = extent->oldest; at < extent->tail; at += record_bytes(head.length)) {
    const std::uint64_t before = head.sequence;
    head = map.head(at);
    if (!map.fits(head, at, extent->tail)) return std::nullopt;
    if (at != extent->oldest && head.sequence != before + 1) return std::nullopt;
    last = at;
  }
  Copied copied;
  copied.take(map, last, head);
  if (record_crc(head, copied.payload()) != head.crc) return std::nullopt;
  return head.sequence + 1;
}

}  // namespace mirrorscan::ring
