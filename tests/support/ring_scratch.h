#pragma once
// For tests of the JSON ring: a folder of the test's own, and payloads that tell whether they are whole.

#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>

#include "ring/json_ring_reader.h"
#include "ring/json_ring_writer.h"
#include "support/scratch_folder.h"

namespace mirrorscan::support {

/// A folder of its own with a ring's path in it.
struct RingScratch : ScratchFolder {
  std::string path = folder + "/events.ring";
};

/// 20 to 440 bytes that depend on nothing but `sequence`.
inline std::string ring_payload(std::uint64_t sequence) {
  std::minstd_rand random(static_cast<std::uint32_t>(sequence * 2'654'435'761U + 1));
  std::string text = "{\"n\":" + std::to_string(sequence) + ",\"fill\":\"";
  for (std::size_t left = random() % 400; left > 0; --left) text += static_cast<char>('a' + random() % 26);
  return text + "\"}";
}

/// What came out of a reader, checked as it comes.
struct RingTally {
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};  ///< a number that no record has
  std::uint64_t received = 0, lost = 0, wrong = 0, damaged = 0, last = 0;
  std::uint32_t last_epoch = 0;
  std::uint64_t replaced = 0, renumbered = 0;

  /// Takes everything there is now.
  void drain(ring::JsonRingReader& reader) {
    for (ring::Read read = reader.next(); read.outcome != ring::Outcome::nothing; read = reader.next()) {
      take(read);
      if (damaged > 100) return;
    }
  }

  void take(const ring::Read& read) {
    switch (read.outcome) {
      case ring::Outcome::lost:
        lost += read.lost.count();
        if (read.lost.first != last + 1) ++wrong;
        last = read.lost.last;
        break;
      case ring::Outcome::record:
        ++received;
        if (read.record.sequence != last + 1 || read.record.epoch < last_epoch ||
            read.record.json != ring_payload(read.record.sequence))
          ++wrong;
        last = read.record.sequence;
        last_epoch = read.record.epoch;
        break;
      case ring::Outcome::damaged: ++damaged; break;
      case ring::Outcome::replaced: ++replaced; break;
      case ring::Outcome::renumbered: ++renumbered; break;
      case ring::Outcome::nothing: break;
    }
  }
};

inline ring::JsonRingWriter ring_writer(const std::string& path, std::uint64_t bytes = 65'536) {
  auto writer = ring::JsonRingWriter::open(path, bytes);
  if (!writer) throw std::runtime_error(writer.error().text());
  return std::move(writer).value();
}

inline ring::JsonRingReader ring_reader(const std::string& path, ring::Start start = ring::Start::oldest()) {
  auto reader = ring::JsonRingReader::open(path, start);
  if (!reader) throw std::runtime_error(reader.error().text());
  return std::move(reader).value();
}

/// The next records, with the payloads that belong to their numbers.
inline void write_records(ring::JsonRingWriter& writer, std::uint64_t count) {
  for (; count > 0; --count)
    if (!writer.write(ring::RecordType::alert, ring_payload(writer.next_sequence())))
      throw std::runtime_error("a record was refused");
}

}  // namespace mirrorscan::support
