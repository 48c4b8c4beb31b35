#include "ring/json_ring_reader.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace mirrorscan::ring {
namespace {

/// A reader that was lapped goes on this part of the ring ahead of the writer: at the very edge the next
/// record would be gone again before it is read.
constexpr std::uint64_t kHeadStart = 8;

Error cannot_open(const std::string& path, int error) {
  return {path, std::string("this ring cannot be opened: ") + std::strerror(error),
          error == EACCES ? "run as root, or join the file's group"
                          : "name the file that the setting output.ring.path names"};
}

}  // namespace

JsonRingReader::JsonRingReader(std::string path, File file, JsonRingMap map) noexcept
    : path_(std::move(path)), file_(std::move(file)), map_(std::move(map)) {}

Result<JsonRingReader> JsonRingReader::open(const std::string& path, Start start) {
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return cannot_open(path, errno);
  std::optional<JsonRingMap> map = JsonRingMap::map(file, Access::read);
  if (!map)
    return Error{path, "is not a ring of this version",
                 "name the file that the setting output.ring.path names"};
  JsonRingReader reader(path, std::move(file), std::move(*map));
  reader.begin(start);
  return reader;
}

/// Finds out the next record's number too, so that what is lost from here on is counted exactly.
void JsonRingReader::begin(Start start) {
  constexpr int kAttempts = 16;
  Step step = Step::lapped;
  for (int i = 0; i < kAttempts && step == Step::lapped; ++i)
    if (const std::optional<Extent> extent = map_.extent()) step = begin_in(*extent, start);
  if (start.at == Start::At::sequence) expected_ = start.sequence;
}

JsonRingReader::Step JsonRingReader::begin_in(Extent extent, Start start) {
  position_ = extent.oldest;
  const bool empty = extent.oldest == extent.tail;
  expected_ = empty ? map_.header().first_sequence.load(std::memory_order_relaxed) : 0;
  if (empty || start.at == Start::At::sequence) return Step::done;
  if (start.at == Start::At::newest) {
    const Step step = pass(extent.tail, [&](const RecordHead& head) {
      return position_ + record_bytes(head.length) < extent.tail;
    });
    if (step != Step::done) return step;
  }
  // A number is believed when the checksum says so: one that is too high would hide everything after it.
  const std::uint64_t at = position_;
  Read known;
  const Step step = read(extent.tail, known);
  if (step != Step::done || start.at == Start::At::newest) return step;
  position_ = at;
  expected_ = known.record.sequence;
  return step;
}

// --- One call ----------------------------------------------------------------------------------------------

Read JsonRingReader::next() {
  constexpr int kAttempts = 16;
  for (int i = 0; i < kAttempts; ++i) {
    const std::optional<Extent> extent = map_.extent();
    if (!extent || position_ > extent->tail) {
      position_ = extent ? extent->tail : position_;
      return is_named(file_, path_) ? Read{.outcome = Outcome::damaged} : follow_path();
    }
    if (position_ == extent->tail) {
      if (is_named(file_, path_)) return {};
      // The old writer had ended before the new file got its name, so that its last record is to be seen now.
      if (map_.header().tail.load(std::memory_order_acquire) != extent->tail) continue;
      return follow_path();
    }
    Read out;
    Step step = position_ < extent->oldest ? leave_lapped_part(*extent) : Step::done;
    if (step == Step::done) step = read(extent->tail, out);
    if (step == Step::done && out.outcome != Outcome::nothing) return out;
    if (step == Step::damaged) {
      position_ = extent->tail;
      return {.outcome = Outcome::damaged};
    }
  }
  return {};
}

/// Whatever is wrong with the file that has the path now, this reader stays where it is and looks again
/// later.
Read JsonRingReader::follow_path() {
  Result<JsonRingReader> next = open(path_);
  if (!next) return {};
  const auto series = [](const JsonRingReader& reader) {
    return reader.map_.header().series.load(std::memory_order_relaxed);
  };
  const bool goes_on = series(next.value()) == series(*this);
  const std::uint64_t expected = goes_on ? expected_ : next.value().expected_;
  *this = std::move(next).value();
  expected_ = expected;
  return {.outcome = goes_on ? Outcome::replaced : Outcome::renumbered};
}

// --- From record to record ---------------------------------------------------------------------------------

JsonRingReader::Step JsonRingReader::leave_lapped_part(Extent extent) {
  position_ = extent.oldest;
  const std::uint64_t target = extent.oldest + map_.data_bytes() / kHeadStart;
  return pass(extent.tail, [this, target](const RecordHead&) { return position_ < target; });
}

/// Goes from head to head up to `tail`, as long as `passes(head)`.
template <class Passes>
JsonRingReader::Step JsonRingReader::pass(std::uint64_t tail, Passes passes) {
  while (position_ < tail) {
    const RecordHead head = map_.head(position_);
    if (!map_.still_holds(position_)) return Step::lapped;
    if (!map_.fits(head, position_, tail)) return Step::damaged;
    if (!passes(head)) break;
    position_ += record_bytes(head.length);
  }
  return Step::done;
}

/// The first record with the expected number or a higher one. `out` stays `nothing` if there is none before
/// `tail`.
JsonRingReader::Step JsonRingReader::read(std::uint64_t tail, Read& out) {
  const Step step = pass(tail, [this](const RecordHead& head) { return head.sequence < expected_; });
  if (step != Step::done || position_ == tail) return step;
  const RecordHead head = map_.head(position_);
  const bool fits = map_.fits(head, position_, tail);
  if (fits) copied_.take(map_, position_, head);
  if (!map_.still_holds(position_)) return Step::lapped;
  if (!fits || head.sequence > kMaxSequence || record_crc(head, copied_.payload()) != head.crc)
    return Step::damaged;
  if (expected_ != 0 && head.sequence > expected_) {
    out.outcome = Outcome::lost;
    out.lost = {expected_, head.sequence - 1};
    expected_ = head.sequence;
    return Step::done;
  }
  out.outcome = Outcome::record;
  out.record = {static_cast<RecordType>(head.type), head.epoch, head.sequence, copied_.payload()};
  position_ += record_bytes(head.length);
  expected_ = head.sequence + 1;
  return Step::done;
}

}  // namespace mirrorscan::ring
