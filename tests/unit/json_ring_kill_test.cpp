// Writers that are killed: at random moments, and after every single instruction of a write.

#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

#include "support/catch.h"
#include "support/ring_scratch.h"

using namespace mirrorscan;
using namespace mirrorscan::ring;
using namespace mirrorscan::support;

namespace {

/// Writes as fast as it can until it is killed. Never returns.
[[noreturn]] void write_for_ever(const std::string& path, std::uint64_t bytes) {
  auto writer = JsonRingWriter::open(path, bytes);
  while (writer.ok())
    if (!writer.value().write(RecordType::flow, ring_payload(writer.value().next_sequence()))) break;
  ::_exit(1);
}

pid_t start_writer(const std::string& path, std::uint64_t bytes) {
  const pid_t pid = ::fork();
  if (pid == 0) write_for_ever(path, bytes);
  return pid;
}

/// Reads for so many microseconds, or until the record `number` came.
void drain_for(JsonRingReader& reader, RingTally& tally, std::uint64_t us, std::uint64_t number) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(us);
  while (tally.last < number && std::chrono::steady_clock::now() < end) tally.take(reader.next());
}

std::string bytes_of(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

/// A reader sees whole records only, and a new writer goes on with the next number. \return that number
std::uint64_t is_whole(const std::string& path) {
  RingTally tally;
  JsonRingReader reader = ring_reader(path, Start::since(1));
  tally.drain(reader);
  JsonRingWriter writer = ring_writer(path, 4'096);
  const std::uint64_t next = writer.next_sequence();
  CHECK(writer.note().empty());
  CHECK(tally.last == next - 1);
  for (int i = 0; i < 20; ++i) write_records(writer, 1), tally.drain(reader);
  CHECK(tally.wrong == 0);
  CHECK(tally.damaged == 0);
  CHECK(tally.last == next + 19);
  return next;
}

constexpr std::uint64_t kBefore = 50, kStepped = 3;

/// The child of the test below: stops before the first write and after the last one.
[[noreturn]] void write_under_trace(const std::string& path) {
  JsonRingWriter writer = ring_writer(path, 4'096);
  std::string payloads[kStepped];
  for (std::uint64_t i = 0; i < kStepped; ++i) payloads[i] = ring_payload(writer.next_sequence() + i);
  if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(77);
  ::raise(SIGSTOP);
  for (const std::string& payload : payloads) (void)writer.write(RecordType::flow, payload);
  ::_exit(0);
}

}  // namespace

TEST_CASE("a writer killed at 200 random moments: no torn record, no number twice, each start an epoch") {
  const RingScratch scratch;
  std::mt19937 random(20'231'115);
  constexpr std::uint64_t kKills = 200;
  { const JsonRingWriter first = ring_writer(scratch.path); }
  JsonRingReader reader = ring_reader(scratch.path);
  RingTally tally;
  std::uint64_t wrote = 0;
  for (std::uint64_t i = 0; i < kKills; ++i) {
    // Mostly the same size; now and then a kill may hit the making of a new file.
    const pid_t pid = start_writer(scratch.path, random() % 8 == 0 ? 131'072 : 65'536);
    REQUIRE(pid > 0);
    // Three of four are killed while they write, the others while they begin.
    const std::uint64_t before = tally.last;
    const bool writes = random() % 4 != 0;
    drain_for(reader, tally, writes ? 30'000'000 : 0, before + 1);
    drain_for(reader, tally, random() % 3'000, RingTally::kNever);
    ::kill(pid, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    REQUIRE(WIFSIGNALED(status));
    tally.drain(reader);
    if (tally.last > before) ++wrote;
  }
  JsonRingWriter writer = ring_writer(scratch.path);
  write_records(writer, 1);
  tally.drain(reader);
  CHECK(tally.wrong == 0);
  CHECK(tally.damaged == 0);
  CHECK(tally.renumbered == 0);
  CHECK(tally.received + tally.lost == writer.next_sequence() - 1);
  CHECK(wrote >= kKills / 2);
  CHECK(writer.epoch() >= wrote + 2);
  CHECK(writer.epoch() <= kKills + 2);  // a kill may come before the writer has opened the ring
  CHECK(tally.last_epoch == writer.epoch());
}

TEST_CASE("a writer killed after any instruction of write() leaves a whole ring") {
  const RingScratch scratch, copy;
  {
    JsonRingWriter writer = ring_writer(scratch.path, 4'096);
    write_records(writer,
                  kBefore);  // the ring is full: each write makes room first, and some go around its end
  }
  const pid_t pid = ::fork();
  if (pid == 0) write_under_trace(scratch.path);
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  if (WIFEXITED(status)) {
    WARN("SKIPPED: single steps: ptrace is not permitted here");
    return;
  }
  std::string seen;
  std::uint64_t last = kBefore + 1, states = 0, steps = 0;
  while (::ptrace(PTRACE_SINGLESTEP, pid, nullptr, nullptr) == 0 && ::waitpid(pid, &status, 0) == pid &&
         WIFSTOPPED(status)) {
    ++steps;
    std::string now = bytes_of(scratch.path);
    if (now == seen) continue;
    seen = std::move(now);
    std::ofstream(copy.path, std::ios::binary) << seen;
    const std::uint64_t next = is_whole(copy.path);
    REQUIRE((next == last || next == last + 1));
    last = next;
    ++states;
  }
  CHECK(WIFEXITED(status));
  CHECK(last == kBefore + 1 + kStepped);
  CHECK(steps > states);
  CHECK(states > 3 * kStepped);
}
