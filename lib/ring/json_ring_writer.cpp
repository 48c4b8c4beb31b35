#include "ring/json_ring_writer.h"

#include <array>
#include <atomic>
#include <bit>
#include <cstring>

namespace mirrorscan::ring {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

}  // namespace

Result<JsonRingWriter> JsonRingWriter::open(const std::string& path, std::uint64_t bytes) {
  Result<OpenRing> ring = open_for_writing(path, bytes);
  if (!ring) return ring.error();
  return JsonRingWriter(std::move(ring).value());
}

bool JsonRingWriter::write(RecordType type, std::string_view json) noexcept {
  if (json.ends_with('\n')) json.remove_suffix(1);
  if (json.size() > largest_json()) return false;
  RecordHead head{static_cast<std::uint32_t>(json.size()), static_cast<std::uint32_t>(type),
                  ring_.next_sequence, ring_.epoch, 0};
  head.crc = record_crc(head, json);
  make_room(record_bytes(json.size()));
  put(head, json);
  ring_.tail += record_bytes(json.size());
  ++ring_.next_sequence;
  JsonRingHeader& header = ring_.map.header();
  header.next_sequence.store(ring_.next_sequence, kRelaxed);
  header.tail.store(ring_.tail, std::memory_order_release);
  return true;
}

/// Gives up the oldest records until `bytes` more fit, and says so before the first of them is overwritten.
void JsonRingWriter::make_room(std::uint64_t bytes) noexcept {
  const JsonRingMap& map = ring_.map;
  const std::uint64_t end = ring_.tail + bytes;
  if (end - ring_.oldest <= map.data_bytes()) return;
  while (end - ring_.oldest > map.data_bytes()) {
    const RecordHead head = map.head(ring_.oldest);
    if (map.fits(head, ring_.oldest, ring_.tail)) {
      ring_.oldest += record_bytes(head.length);
      continue;
    }
    // Somebody else wrote into our file. All of it goes, and the numbers go on.
    map.header().first_sequence.store(ring_.next_sequence, kRelaxed);
    ring_.oldest = ring_.tail;
  }
  map.header().oldest.store(ring_.oldest, kRelaxed);
  // Pairs with JsonRingMap::still_holds(): no byte is overwritten before the new `oldest` is to be seen.
  std::atomic_thread_fence(std::memory_order_release);
}

void JsonRingWriter::put(const RecordHead& head, std::string_view payload) noexcept {
  std::uint64_t at = ring_.tail;
  const auto put_word = [this, &at](std::uint64_t word) {
    ring_.map.word(at).store(word, kRelaxed);
    at += sizeof(Word);
  };
  for (const std::uint64_t word : std::bit_cast<std::array<std::uint64_t, 3>>(head)) put_word(word);
  std::uint64_t word = 0;
  for (; payload.size() >= sizeof(word); payload.remove_prefix(sizeof(word))) {
    std::memcpy(&word, payload.data(), sizeof(word));
    put_word(word);
  }
  if (payload.empty()) return;
  word = 0;
  std::memcpy(&word, payload.data(), payload.size());
  put_word(word);
}

}  // namespace mirrorscan::ring
