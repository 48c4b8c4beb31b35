#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "support/catch.h"
#include "support/ring_scratch.h"

using namespace mirrorscan;
using namespace mirrorscan::ring;
using namespace mirrorscan::support;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777;
}

std::string contents(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

void overwrite(const std::string& path, std::size_t offset, const std::string& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(offset));
  file << bytes;
  REQUIRE(file.good());
}

Error refusal(const std::string& path, std::uint64_t bytes = 65'536) {
  const auto writer = JsonRingWriter::open(path, bytes);
  REQUIRE_FALSE(writer.ok());
  return writer.error();
}

}  // namespace

TEST_CASE("a new ring and its folder are for the owner and the group, whatever the umask is") {
  const RingScratch scratch;
  const std::string path = scratch.folder + "/run/events.ring";
  const mode_t before = umask(0077);
  const JsonRingWriter writer = ring_writer(path);
  umask(before);
  CHECK(mode_of(path) == 0640);
  CHECK(mode_of(scratch.folder + "/run") == 0750);
  CHECK(writer.next_sequence() == 1);
  CHECK(writer.epoch() == 1);
  CHECK(writer.note().empty());
  CHECK(writer.made_folder() == scratch.folder + "/run");
  CHECK(ring_writer(scratch.path).made_folder().empty());
}

TEST_CASE("records come out as they were written, types that nobody knows too") {
  const RingScratch scratch;
  JsonRingWriter writer = ring_writer(scratch.path);
  const auto unknown = static_cast<RecordType>(77);
  REQUIRE(writer.write(RecordType::stats, "{}\n"));
  REQUIRE(writer.write(unknown, ""));
  REQUIRE(writer.write(RecordType::flow, "{\"a\":1}"));
  JsonRingReader reader = ring_reader(scratch.path);
  const Read first = reader.next();
  REQUIRE(first.outcome == Outcome::record);
  CHECK(first.record.type == RecordType::stats);
  CHECK(first.record.sequence == 1);
  CHECK(first.record.epoch == 1);
  CHECK(first.record.json == "{}");
  const Read second = reader.next();
  CHECK(second.record.type == unknown);
  CHECK(second.record.json.empty());
  CHECK(reader.next().record.json == "{\"a\":1}");
  CHECK(reader.next().outcome == Outcome::nothing);
}

TEST_CASE("a ring of the same size is continued: the sequence goes on and the epoch counts") {
  const RingScratch scratch;
  for (std::uint32_t epoch = 1; epoch <= 3; ++epoch) {
    JsonRingWriter writer =
        ring_writer(scratch.path, 60'000);  // rounded up to the same power of two each time
    CHECK(writer.epoch() == epoch);
    CHECK(writer.next_sequence() == (epoch - 1) * 300 + 1);
    write_records(writer, 300);
  }
  JsonRingReader reader = ring_reader(scratch.path, Start::since(1));
  RingTally tally;
  tally.drain(reader);
  CHECK(tally.wrong == 0);
  CHECK(tally.received + tally.lost == 900);
  CHECK(tally.last_epoch == 3);
}

TEST_CASE("a second writer is refused with the path and the first one's process id") {
  const RingScratch scratch;
  JsonRingWriter writer = ring_writer(scratch.path);
  for (const std::uint64_t bytes : {65'536u, 131'072u}) {
    const Error error = refusal(scratch.path, bytes);
    CHECK(error.where == scratch.path);
    CHECK(error.what.find("process " + std::to_string(getpid())) != std::string::npos);
  }
  write_records(writer, 1);
  JsonRingReader reader = ring_reader(scratch.path);
  CHECK(reader.next().outcome == Outcome::record);
}

TEST_CASE("a ring moves with its lock") {
  const RingScratch scratch;
  {
    JsonRingWriter first = ring_writer(scratch.path);
    JsonRingWriter second = std::move(first);
    write_records(second, 1);
    (void)refusal(scratch.path);
  }
  CHECK(ring_writer(scratch.path).epoch() == 2);
}

TEST_CASE("another size is a new file whose numbers go on") {
  const RingScratch scratch;
  {
    JsonRingWriter writer = ring_writer(scratch.path);
    write_records(writer, 10);
  }
  JsonRingWriter writer = ring_writer(scratch.path, 131'072);
  CHECK(writer.next_sequence() == 11);
  CHECK(writer.epoch() == 2);
  CHECK(writer.note().find("65536") != std::string::npos);
  CHECK(mode_of(scratch.path) == 0640);
  CHECK(std::filesystem::file_size(scratch.path) == 4'096 + 131'072);
  CHECK_FALSE(std::filesystem::exists(scratch.path + ".new"));
  (void)refusal(scratch.path, 131'072);
}

TEST_CASE("an eighth of the ring is the largest record, and a larger one changes nothing") {
  const RingScratch scratch;
  JsonRingWriter writer = ring_writer(scratch.path);
  const std::string largest(writer.largest_json(), 'x');
  CHECK(largest.size() == 65'536 / 8 - 24);
  CHECK_FALSE(writer.write(RecordType::alert, largest + "x"));
  CHECK(writer.next_sequence() == 1);
  for (int i = 0; i < 20; ++i) REQUIRE(writer.write(RecordType::alert, largest));
  JsonRingReader reader = ring_reader(scratch.path, Start::since(1));
  CHECK(reader.next().lost.count() == 12);
  for (int i = 0; i < 8; ++i) REQUIRE(reader.next().record.json == largest);
  CHECK(reader.next().outcome == Outcome::nothing);
}

TEST_CASE("a file that is not a ring is refused and left as it is") {
  const RingScratch scratch;
  for (const char* notes : {"somebody's notes", "short"}) {
    std::ofstream(scratch.path) << notes;
    CHECK(refusal(scratch.path).what == "is not a ring");
    CHECK(contents(scratch.path) == notes);
    CHECK_FALSE(std::filesystem::exists(scratch.path + ".unreadable"));
  }
}

TEST_CASE("a ring whose head was cut, or is the zeros of a power failure, is kept aside") {
  const RingScratch scratch;
  ring_writer(scratch.path);
  const std::string head = GENERATE(std::string(), std::string(100'000, '\0'));
  if (head.empty())
    std::filesystem::resize_file(scratch.path, 100);
  else
    std::ofstream(scratch.path) << head;
  const std::string before = contents(scratch.path);
  CHECK(ring_writer(scratch.path).note().find("was damaged") != std::string::npos);
  CHECK(contents(scratch.path + ".unreadable") == before);
}

TEST_CASE("a damaged ring is kept aside, and the new one is of another series") {
  const RingScratch scratch;
  {
    JsonRingWriter writer = ring_writer(scratch.path);
    write_records(writer, 3);
  }
  // A length, a number, the last record's payload, an end, the epoch: each alone.
  const auto [offset, bytes] = GENERATE(table<std::size_t, std::string>({
      {4'096, "\xff\xff\xff\xff"},
      {4'104, "\x09"},
      {4'096 + record_bytes(ring_payload(1).size()) + record_bytes(ring_payload(2).size()) + 40, "!"},
      {offsetof(JsonRingHeader, tail), "\x01"},
      {offsetof(JsonRingHeader, oldest) + 7, "\x01"},
      {offsetof(JsonRingHeader, epoch) + 6, "\x01"},
  }));
  overwrite(scratch.path, offset, bytes);
  JsonRingReader reader = ring_reader(scratch.path);
  JsonRingWriter writer = ring_writer(scratch.path);
  CHECK(writer.note().find("was damaged") != std::string::npos);
  CHECK(std::filesystem::exists(scratch.path + ".unreadable"));
  REQUIRE(writer.write(RecordType::alert, "new"));
  Outcome last = Outcome::nothing;
  for (int i = 0; i < 10 && last != Outcome::renumbered; ++i) last = reader.next().outcome;
  REQUIRE(last == Outcome::renumbered);
  CHECK(reader.next().record.json == "new");
}

TEST_CASE("what cannot be a ring is an error with its path") {
  const RingScratch scratch;
  CHECK(refusal(scratch.folder).where == scratch.folder);
  REQUIRE(mkfifo((scratch.folder + "/fifo").c_str(), 0600) == 0);
  CHECK(refusal(scratch.folder + "/fifo").what.find("regular file") != std::string::npos);
  std::filesystem::create_symlink("events.ring", scratch.folder + "/link");
  CHECK(refusal(scratch.folder + "/link").where == scratch.folder + "/link");
  CHECK(refusal(scratch.folder + "/no/such/folder/ring").where == scratch.folder + "/no/such/folder/ring");
  CHECK(refusal(scratch.path, std::uint64_t{1} << 50).what.find("large") != std::string::npos);
}

TEST_CASE("a ring for which there is no room is an error, and the old one stays") {
  const RingScratch scratch;
  {
    JsonRingWriter writer = ring_writer(scratch.path);
    write_records(writer, 1);
  }
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit small = before;
  small.rlim_cur = 100'000;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const Error error = refusal(scratch.path, 131'072);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(error.what.find("no room") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(scratch.path + ".new"));
  CHECK(ring_writer(scratch.path).next_sequence() == 2);
}

TEST_CASE("a writer whose records were overwritten by others goes on with its numbers") {
  const RingScratch scratch;
  JsonRingWriter writer = ring_writer(scratch.path, 4'096);
  write_records(writer, 5);
  overwrite(scratch.path, 4'096, std::string(4'096, '\xff'));
  for (int i = 0; i < 100; ++i) write_records(writer, 1);
  JsonRingReader reader = ring_reader(scratch.path);
  const Read read = reader.next();
  REQUIRE(read.outcome == Outcome::record);
  CHECK(read.record.json == ring_payload(read.record.sequence));
}

TEST_CASE("write() makes no system call") {
  const RingScratch scratch;
  JsonRingWriter writer = ring_writer(scratch.path);
  const std::string payload = ring_payload(1);
  const pid_t pid = fork();
  if (pid == 0) {
    // From here on the kernel ends this process at any system call but read, write, exit and sigreturn.
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(77);
    bool written = true;
    for (int i = 0; i < 5'000; ++i) written = written && writer.write(RecordType::alert, payload);
    syscall(SYS_exit, written ? 0 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
    WARN("SKIPPED: system calls of write(): seccomp is not permitted here");
    return;
  }
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(ring_reader(scratch.path, Start::since(5'000)).next().record.json == payload);
}
