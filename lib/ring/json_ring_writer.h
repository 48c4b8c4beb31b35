#pragma once
// The one writer of a JSON ring: a file in shared memory that any number of readers follow.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ring/json_ring_open.h"

namespace mirrorscan::ring {

/// Readers cannot hold it up and never see half a record. Killed at any instruction, it leaves a ring that
/// can be read and that the next writer continues: the sequence goes on, the epoch counts the writers.
class JsonRingWriter {
 public:
  /// Continues the ring at `path` if it has this size; otherwise a new file takes its place and goes on with
  /// its numbers. An advisory lock keeps a second writer out. See also note(). \param bytes of data; rounded
  /// up to a power of two, at least 4,096
  [[nodiscard]] static Result<JsonRingWriter> open(const std::string& path, std::uint64_t bytes);

  /// Appends a record; a newline at the end of `json` is left out. Never waits, allocates nothing, makes no
  /// system call. False for a record larger than largest_json(), which the caller counts.
  [[nodiscard]] bool write(RecordType type, std::string_view json) noexcept;

  /// Bytes of the largest text that write() takes: with its header an eighth of the ring, and 16 MiB at most.
  [[nodiscard]] std::uint64_t largest_json() const noexcept {
    return largest_record(ring_.map.data_bytes()) - sizeof(RecordHead);
  }
  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return ring_.next_sequence; }
  [[nodiscard]] std::uint32_t epoch() const noexcept { return ring_.epoch; }
  /// One sentence for the operator if the file was replaced at the start; else empty.
  [[nodiscard]] const std::string& note() const noexcept { return ring_.note; }
  /// The folder that open() made for the ring; empty if there was one.
  [[nodiscard]] const std::string& made_folder() const noexcept { return ring_.made_folder; }

 private:
  explicit JsonRingWriter(OpenRing ring) noexcept : ring_(std::move(ring)) {}
  void make_room(std::uint64_t bytes) noexcept;
  void put(const RecordHead& head, std::string_view payload) noexcept;

  OpenRing ring_;
};

}  // namespace mirrorscan::ring
