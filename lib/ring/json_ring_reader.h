#pragma once
// A reader of a JSON ring: follows the writer, its restarts and the files that replace each other.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ring/json_ring_map.h"
#include "ring/json_ring_walk.h"

namespace mirrorscan::ring {

/// Where a reader begins.
struct Start {
  enum class At : std::uint8_t { oldest, newest, sequence };
  At at = At::oldest;
  std::uint64_t sequence = 0;  ///< with At::sequence: records below it are passed over
  [[nodiscard]] static Start oldest() noexcept { return {}; }
  [[nodiscard]] static Start newest() noexcept { return {At::newest, 0}; }  ///< what is written from now on
  [[nodiscard]] static Start since(std::uint64_t sequence) noexcept { return {At::sequence, sequence}; }
};

enum class Outcome : std::uint8_t {
  record,      ///< `record` is the next one
  nothing,     ///< there is none yet
  lost,        ///< the writer was faster: the records of `lost` are gone; the next call goes on after them
  replaced,    ///< a new file is followed from here on; its numbers go on
  renumbered,  ///< a new file is followed from here on; its numbers have nothing to do with those before
  damaged,     ///< foreign bytes in the ring; what was there is passed over and comes out as lost
};

/// Numbers of the first and the last record.
struct Lost {
  std::uint64_t first, last;
  [[nodiscard]] std::uint64_t count() const noexcept { return last - first + 1; }
};

struct JsonRecord {
  RecordType type{};  ///< may be one that this program does not know
  std::uint32_t epoch = 0;
  std::uint64_t sequence = 0;
  std::string_view json;  ///< valid until the reader's next call
};

struct Read {
  Outcome outcome = Outcome::nothing;
  JsonRecord record;
  Lost lost{};
};

/// Sequence numbers of the records that come out rise strictly until `renumbered`. A ring is foreign input:
/// its contents can make a reader see nonsense, but not read out of bounds, loop or allocate more than 16
/// MiB.
class JsonRingReader {
 public:
  [[nodiscard]] static Result<JsonRingReader> open(const std::string& path, Start start = Start::oldest());

  /// Never waits. Whoever follows sleeps a little after `nothing`; then a look at the path is one stat().
  [[nodiscard]] Read next();

  /// The number of the newest record: a hint for those who want to stop there, it may be one ahead.
  [[nodiscard]] std::uint64_t newest() const noexcept {
    return map_.header().next_sequence.load(std::memory_order_relaxed) - 1;
  }

 private:
  enum class Step : std::uint8_t { done, lapped, damaged };

  JsonRingReader(std::string path, File file, JsonRingMap map) noexcept;
  void begin(Start start);
  [[nodiscard]] Step begin_in(Extent extent, Start start);
  [[nodiscard]] Read follow_path();
  [[nodiscard]] Step leave_lapped_part(Extent extent);
  template <class Passes>
  [[nodiscard]] Step pass(std::uint64_t tail, Passes passes);
  [[nodiscard]] Step read(std::uint64_t tail, Read& out);

  std::string path_;
  File file_;
  JsonRingMap map_;
  std::uint64_t position_ = 0;
  std::uint64_t expected_ = 0;  ///< the next record's number; 0 = any
  Copied copied_;
};

}  // namespace mirrorscan::ring
