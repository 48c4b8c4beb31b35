#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.h"
#include "support/ring_scratch.h"

using namespace mirrorscan;
using namespace mirrorscan::ring;
using namespace mirrorscan::support;

namespace {

/// Follows until the record `last` came or was lost; sleeps `pause` after each `every` records.
RingTally follow(const std::string& path, std::uint64_t last, std::uint64_t every,
                 std::chrono::microseconds pause) {
  JsonRingReader reader = ring_reader(path, Start::since(1));
  RingTally tally;
  while (tally.last < last && tally.damaged == 0) {
    const Read read = reader.next();
    tally.take(read);
    if (read.outcome == Outcome::nothing) std::this_thread::yield();
    if (tally.received % every == 0) std::this_thread::sleep_for(pause);
  }
  return tally;
}

}  // namespace

TEST_CASE("a reader begins at the oldest record, at the newest, or at a number") {
  const RingScratch scratch;
  JsonRingWriter writer = ring_writer(scratch.path, 4'096);
  JsonRingReader at_the_start = ring_reader(scratch.path, Start::newest());
  write_records(writer, 100);
  JsonRingReader oldest = ring_reader(scratch.path), newest = ring_reader(scratch.path, Start::newest());
  const Read first = oldest.next();
  REQUIRE(first.outcome == Outcome::record);
  CHECK(first.record.sequence > 1);
  CHECK(newest.next().outcome == Outcome::nothing);
  CHECK(ring_reader(scratch.path, Start::since(99)).next().record.sequence == 99);
  CHECK(ring_reader(scratch.path, Start::since(101)).next().outcome == Outcome::nothing);
  write_records(writer, 1);
  CHECK(newest.next().record.sequence == 101);
  const Read lost = at_the_start.next();
  CHECK(lost.outcome == Outcome::lost);
  CHECK(lost.lost.first == 1);
}

TEST_CASE("a number that is gone already is told as lost") {
  const RingScratch scratch;
  JsonRingWriter writer = ring_writer(scratch.path, 4'096);
  write_records(writer, 100);
  JsonRingReader reader = ring_reader(scratch.path, Start::since(10));
  const Read lost = reader.next();
  REQUIRE(lost.outcome == Outcome::lost);
  CHECK(lost.lost.first == 10);
  CHECK(reader.next().record.sequence == lost.lost.last + 1);
}

TEST_CASE("a number of the future is waited for") {
  const RingScratch scratch;
  JsonRingWriter writer = ring_writer(scratch.path);
  JsonRingReader reader = ring_reader(scratch.path, Start::since(5));
  write_records(writer, 4);
  CHECK(reader.next().outcome == Outcome::nothing);
  write_records(writer, 1);
  CHECK(reader.next().record.sequence == 5);
}

TEST_CASE("a reader that was lapped is told how many records it lost, exactly") {
  const RingScratch scratch;
  JsonRingWriter writer = ring_writer(scratch.path, 4'096);
  JsonRingReader reader = ring_reader(scratch.path);
  RingTally tally;
  std::minstd_rand random(5);
  for (int round = 0; round < 500; ++round) {
    write_records(writer, random() % 60);
    for (std::size_t left = random() % 20; left > 0; --left) tally.take(reader.next());
  }
  tally.drain(reader);
  CHECK(tally.wrong == 0);
  CHECK(tally.damaged == 0);
  CHECK(tally.lost > 0);
  CHECK(tally.received + tally.lost == writer.next_sequence() - 1);
}

TEST_CASE("a fast writer: eight readers, slow and fast, receive or miss every record and no torn one") {
  const RingScratch scratch;
  constexpr std::uint64_t kRecords = 60'000;
  JsonRingWriter writer = ring_writer(scratch.path);
  std::array<RingTally, 8> tallies;
  std::vector<std::thread> readers;
  for (std::size_t i = 0; i < tallies.size(); ++i)
    readers.emplace_back([&, i] {
      tallies[i] = follow(scratch.path, kRecords, 1 + i * 40, std::chrono::microseconds(i < 4 ? 0 : 300));
    });
  write_records(writer, kRecords);
  for (std::thread& reader : readers) reader.join();
  for (const RingTally& tally : tallies) {
    CHECK(tally.wrong == 0);
    CHECK(tally.damaged == 0);
    CHECK(tally.received > 0);
    CHECK(tally.received + tally.lost == kRecords);
  }
}

TEST_CASE("a reader goes on across restarts and new sizes of the ring") {
  const RingScratch scratch;
  std::uint64_t written = 0;
  RingTally tally;
  {
    JsonRingWriter first = ring_writer(scratch.path);
    write_records(first, 10);
  }
  JsonRingReader reader = ring_reader(scratch.path);
  for (const std::uint64_t bytes : {65'536u, 131'072u, 131'072u, 4'096u, 65'536u}) {
    JsonRingWriter writer = ring_writer(scratch.path, bytes);
    write_records(writer, 7);
    written = writer.next_sequence() - 1;
    if (bytes != 4'096) tally.drain(reader);  // two new files while nobody looks
  }
  CHECK(written == 45);
  CHECK(tally.wrong == 0);
  CHECK(tally.replaced == 2);
  CHECK(tally.received == 38);
  CHECK(tally.lost == 7);
  CHECK(tally.last_epoch == 6);
}

TEST_CASE("what was written before a new file took the place of the old one is read first") {
  const RingScratch scratch;
  JsonRingReader reader = [&] {
    JsonRingWriter writer = ring_writer(scratch.path);
    JsonRingReader opened = ring_reader(scratch.path);
    write_records(writer, 3);
    return opened;
  }();
  JsonRingWriter writer = ring_writer(scratch.path, 131'072);
  write_records(writer, 2);
  RingTally tally;
  tally.drain(reader);
  CHECK(tally.received == 5);
  CHECK(tally.lost == 0);
  CHECK(tally.wrong == 0);
}

TEST_CASE("a ring that was deleted and made anew is another series") {
  const RingScratch scratch;
  JsonRingReader reader = [&] {
    JsonRingWriter writer = ring_writer(scratch.path);
    write_records(writer, 3);
    return ring_reader(scratch.path, Start::newest());
  }();
  std::filesystem::remove(scratch.path);
  CHECK(reader.next().outcome == Outcome::nothing);
  JsonRingWriter writer = ring_writer(scratch.path);
  write_records(writer, 1);
  CHECK(reader.next().outcome == Outcome::renumbered);
  CHECK(reader.next().record.sequence == 1);
}

TEST_CASE("a damaged record is passed over and counted as lost") {
  const RingScratch scratch;
  JsonRingWriter writer = ring_writer(scratch.path);
  write_records(writer, 3);
  JsonRingReader reader = ring_reader(scratch.path);
  {
    std::fstream file(scratch.path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(4'096 + record_bytes(ring_payload(1).size()) + 30));
    file << '!';
  }
  CHECK(reader.next().record.sequence == 1);
  CHECK(reader.next().outcome == Outcome::damaged);
  CHECK(reader.next().outcome == Outcome::nothing);
  write_records(writer, 1);
  const Read lost = reader.next();
  REQUIRE(lost.outcome == Outcome::lost);
  CHECK(lost.lost.count() == 2);
  CHECK(reader.next().record.sequence == 4);
}

TEST_CASE("a number that is damaged hides no later record") {
  const Start start = GENERATE(Start::oldest(), Start::newest(), Start::since(1));
  const RingScratch scratch;
  JsonRingWriter writer = ring_writer(scratch.path);
  write_records(writer, 1);
  {
    std::fstream file(scratch.path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(4'096 + offsetof(RecordHead, sequence) + 2);
    file << '!';
  }
  JsonRingReader reader = ring_reader(scratch.path, start);
  CHECK(reader.next().outcome == Outcome::damaged);
  CHECK(reader.next().outcome == Outcome::nothing);
  write_records(writer, 1);
  RingTally tally;
  tally.drain(reader);
  CHECK(tally.received == 1);
}

TEST_CASE("what is not a ring is not opened") {
  const RingScratch scratch;
  CHECK_FALSE(JsonRingReader::open(scratch.path).ok());
  CHECK_FALSE(JsonRingReader::open(scratch.folder).ok());
  std::ofstream(scratch.path) << "";
  CHECK_FALSE(JsonRingReader::open(scratch.path).ok());
  std::filesystem::resize_file(scratch.path, 4'096 + 65'536);
  CHECK_FALSE(JsonRingReader::open(scratch.path).ok());
  std::filesystem::remove(scratch.path);
  { const JsonRingWriter writer = ring_writer(scratch.path); }
  std::filesystem::resize_file(scratch.path, 4'096 + 65'535);
  const auto cut = JsonRingReader::open(scratch.path);
  REQUIRE_FALSE(cut.ok());
  CHECK(cut.error().where == scratch.path);
}

TEST_CASE("a ring that this user may not read is an error that says who may") {
  constexpr uid_t kNobody = 65'534;
  const RingScratch scratch;
  const JsonRingWriter writer = ring_writer(scratch.path, 4'096);
  std::filesystem::permissions(scratch.path, std::filesystem::perms::none);
  const uid_t self = ::geteuid();
  if (self == 0) REQUIRE(::seteuid(kNobody) == 0);
  const auto reader = JsonRingReader::open(scratch.path, Start::oldest());
  if (self == 0) REQUIRE(::seteuid(self) == 0);
  REQUIRE_FALSE(reader);
  CHECK(reader.error().text().find("run as root") != std::string::npos);
}
