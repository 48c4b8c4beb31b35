// The JSON ring over arbitrary file bytes: a reader ends, stays in bounds and sees rising numbers; a writer
// goes on.

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "json_ring_input.h"
#include "support/ring_scratch.h"

using namespace mirrorscan;
using namespace mirrorscan::ring;

namespace {

/// Records that fit a ring of 4,096 bytes, and what may be said between them.
constexpr int kMostCalls = 4'096 / 24 + 16;

/// Numbers rise; there is an end, or a ring that says with each call that it is damaged.
void read_all(JsonRingReader& reader) {
  std::uint64_t last = 0;
  for (int calls = 0, damaged = 0; damaged < 3; ++calls) {
    const Read read = reader.next();
    if (calls > kMostCalls) std::abort();
    if (read.outcome == Outcome::nothing) return;
    if (read.outcome == Outcome::damaged) ++damaged;
    if (read.outcome == Outcome::lost && read.lost.last < read.lost.first) std::abort();
    if (read.outcome != Outcome::record) continue;
    if (read.record.sequence <= last || read.record.json.size() > 512) std::abort();
    last = read.record.sequence;
  }
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A writer on the same file: continued or replaced, its records come out; refused as no ring, it is left as
/// it was.
void write_and_read(const std::string& path, const std::string& before, JsonRingReader* follower) {
  auto opened = JsonRingWriter::open(path, 4'096);
  if (!opened) {
    if (bytes_of(path) != before) std::abort();
    return;
  }
  JsonRingWriter writer = std::move(opened).value();
  JsonRingReader reader = support::ring_reader(path, Start::newest());
  for (int i = 0; i < 5; ++i) {
    const std::uint64_t sequence = writer.next_sequence();
    support::write_records(writer, 1);
    const Read read = reader.next();
    if (read.outcome != Outcome::record || read.record.sequence != sequence) std::abort();
    if (read.record.json != support::ring_payload(sequence)) std::abort();
    if (follower != nullptr) read_all(*follower);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const support::RingScratch scratch;
  const fuzz::JsonRingInput input({data, size});
  const std::string file = input.file();
  std::ofstream(scratch.path, std::ios::binary) << file;
  const Start start{static_cast<Start::At>((input.how & fuzz::kStartMask) % 3), input.numbers[3]};
  auto reader = JsonRingReader::open(scratch.path, start);
  if (reader) read_all(reader.value());
  write_and_read(scratch.path, file, reader ? &reader.value() : nullptr);
  return 0;
}
