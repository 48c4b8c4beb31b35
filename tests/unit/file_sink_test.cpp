#include "exporter/file_sink.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "support/catch.h"
#include "support/scratch_folder.h"

using namespace mirrorscan;
using namespace mirrorscan::exporter;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;
constexpr auto kEvent = ring::RecordType::alert;

std::string contents(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

std::string line(int n) {
  return R"({"n":)" + std::to_string(n) + R"(,"fill":")" + std::string(100, 'x') + R"("})";
}

/// A sink on a path in a folder of its own, with a clock that the test moves.
struct Bench {
  support::ScratchFolder scratch;
  std::string path = scratch.folder + "/eve.json";
  std::unique_ptr<FileSink> sink;
  Sink::Clock::time_point now = Sink::Clock::now();
  std::uint64_t given_bytes = 0;

  Bench() { open(path); }
  void open(const std::string& where) {
    auto opened = FileSink::open(where);
    REQUIRE(opened.ok());
    sink = std::move(opened).value();
  }
  void write(const std::string& json) {
    sink->write(kEvent, json);
    given_bytes += json.size() + 1;
  }
  void second() {
    now += 1s;
    sink->tick(now);
  }
};

/// A file system of 64 KiB in its own folder; not there without root.
struct SmallDisk {
  explicit SmallDisk(std::string where) : folder(std::move(where)) {
    fs::create_directory(folder);
    mounted = mount("none", folder.c_str(), "tmpfs", 0, "size=64k") == 0;
  }
  ~SmallDisk() {
    if (mounted) (void)umount2(folder.c_str(), MNT_DETACH);
  }
  std::string folder;
  bool mounted = false;
};

/// The numbers of whole lines; a torn one fails the test unless it is told of.
std::vector<int> numbers(const std::string& text, int torn_allowed = 0) {
  std::vector<int> out;
  std::istringstream lines(text);
  for (std::string each; std::getline(lines, each);) {
    const int n = each.starts_with(R"({"n":)") ? std::atoi(each.c_str() + 5) : -1;
    if (each == line(n))
      out.push_back(n);
    else
      CHECK(--torn_allowed >= 0);
  }
  return out;
}

}  // namespace

TEST_CASE("events are appended within a second, each a line") {
  Bench bench;
  bench.second();
  bench.write("one");
  CHECK(contents(bench.path).empty());
  bench.second();
  CHECK(contents(bench.path) == "one\n");
  bench.sink.reset();
  bench.open(bench.path);
  bench.write("two");
  bench.sink->close();
  CHECK(contents(bench.path) == "one\ntwo\n");
  CHECK(bench.sink->stats().written_events == 1);
  CHECK(bench.sink->stats().written_bytes == 4);
  CHECK(bench.sink->stats().state == "ok");
}

TEST_CASE("a new file is for its owner and group, and the descriptor is not inherited") {
  const mode_t before = umask(0);
  Bench bench;
  umask(before);
  struct stat about {};
  REQUIRE(stat(bench.path.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0640);
  for (const auto& entry : fs::directory_iterator("/proc/self/fd"))
    if (std::error_code error; fs::read_symlink(entry.path(), error) == bench.path)
      CHECK((fcntl(std::stoi(entry.path().filename()), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a full buffer is written before its second has passed, a line larger than it too") {
  Bench bench;
  bench.second();
  for (int i = 0; i < 1'000; ++i) bench.write(line(i));
  CHECK(contents(bench.path).size() > 60'000);
  bench.write(std::string(200'000, 'y'));
  bench.write("last");
  CHECK(contents(bench.path).size() > 200'000);
  bench.sink->close();
  CHECK(bench.sink->stats().written_events == 1'002);
  CHECK(bench.sink->stats().written_bytes == bench.given_bytes);
}

TEST_CASE("a path that cannot be opened at the start is an error that says why") {
  const support::ScratchFolder scratch;
  const auto missing = FileSink::open(scratch.folder + "/no/such/eve.json");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().text() == scratch.folder +
                                      "/no/such/eve.json: opening for appending failed: No such "
                                      "file or directory; name a file in a folder that can be "
                                      "written");
  const std::string pipe = scratch.folder + "/pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_FALSE(FileSink::open(pipe).ok());
  CHECK_FALSE(FileSink::open(scratch.folder).ok());
}

TEST_CASE("a second writer of a file is refused until the first has closed it") {
  Bench bench;
  const auto second = FileSink::open(bench.path);
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().text() ==
        bench.path + ": another process is writing events to this file; stop it, or name another file");
  CHECK(second.error().until == Until::it_passes);
  bench.sink->close();
  CHECK(FileSink::open(bench.path).ok());
}

TEST_CASE("after a rotation the lock is on the new file, and without one it stays") {
  Bench bench;
  CHECK(bench.sink->reopen().ok());
  CHECK_FALSE(FileSink::open(bench.path).ok());
  fs::rename(bench.path, bench.path + ".1");
  CHECK(bench.sink->reopen().ok());
  CHECK_FALSE(FileSink::open(bench.path).ok());
  CHECK(FileSink::open(bench.path + ".1").ok());
}

TEST_CASE("files that are rotated away while events come lose no line and tear none") {
  Bench bench;
  int n = 0;
  for (int file = 0; file < 20; ++file) {
    for (int i = 0; i < 700; ++i) bench.write(line(n++));
    fs::rename(bench.path, bench.path + "." + std::to_string(file));
    for (int i = 0; i < 300; ++i) bench.write(line(n++));
    (void)bench.sink->reopen();
  }
  bench.sink->close();
  int next = 0;
  for (int file = 0; file < 20; ++file)
    for (const int found : numbers(contents(bench.path + "." + std::to_string(file)))) CHECK(found == next++);
  CHECK(next == n);
  CHECK(contents(bench.path).empty());
  CHECK(bench.sink->stats().written_events == 20'000);
  CHECK(bench.sink->stats().lost_events == 0);
}

TEST_CASE("a file that is truncated in place goes on at its new end") {
  Bench bench;
  bench.write("old");
  bench.second();
  REQUIRE(truncate(bench.path.c_str(), 0) == 0);
  bench.write("new");
  bench.second();
  CHECK(contents(bench.path) == "new\n");
}

TEST_CASE("a file or folder that is deleted is missed within a second and made anew when that can be") {
  Bench bench;
  fs::remove(bench.path);
  bench.write("one");
  bench.second();
  CHECK(contents(bench.path) == "one\n");

  fs::remove_all(bench.scratch.folder);
  bench.write("two");
  bench.second();
  CHECK(bench.sink->stats().state == "opening for appending failed: No such file or directory");
  fs::create_directory(bench.scratch.folder);
  bench.second();
  CHECK(bench.sink->stats().state == "ok");
  CHECK(contents(bench.path) == "two\n");
  CHECK(bench.sink->stats().lost_events == 0);
}

TEST_CASE("while the path cannot be opened after a rotation, events go on into the old file") {
  Bench bench;
  const std::string old = bench.path + ".1";
  fs::rename(bench.path, old);
  fs::create_directory(bench.path);
  (void)bench.sink->reopen();
  for (int i = 0; i < 2'000; ++i) bench.write(line(i));
  bench.second();
  CHECK(bench.sink->stats().state == "opening for appending failed: Is a directory");
  CHECK(numbers(contents(old)).size() == 2'000);
  fs::remove(bench.path);
  bench.write("later");
  bench.second();
  bench.second();
  CHECK(bench.sink->stats().state == "ok");
  CHECK(bench.sink->stats().lost_events == 0);
  bench.write("new");
  bench.second();
  CHECK(contents(bench.path).ends_with("new\n"));
}

TEST_CASE("a line that another process left unfinished is not continued") {
  Bench bench;
  std::ofstream(bench.path) << "{\"half\":";
  (void)bench.sink->reopen();
  bench.write("whole");
  bench.second();
  CHECK(contents(bench.path) == "{\"half\":\nwhole\n");
  CHECK(bench.sink->stats().written_bytes == 6);
}

TEST_CASE("a line that another process left unfinished is not continued by a rotation either") {
  Bench bench;
  std::ofstream(bench.path) << "{\"half\":";
  (void)bench.sink->reopen();
  bench.write("whole");
  fs::rename(bench.path, bench.path + ".1");
  (void)bench.sink->reopen();
  CHECK(contents(bench.path + ".1") == "{\"half\":\nwhole\n");
}

TEST_CASE("a device that takes nothing costs the events that find no room, and each is counted") {
  Bench bench;
  bench.open("/dev/full");
  for (int i = 0; i < 2'000; ++i) bench.write(line(i));
  bench.second();
  const SinkStats now = bench.sink->stats();
  CHECK(now.state == "writing failed: No space left on device");
  CHECK(now.last_error == now.state);
  CHECK(now.written_events == 0);
  CHECK(now.lost_events > 1'000);
  CHECK(now.lost_bytes >= bench.given_bytes - FileSink::kBufferBytes);
  bench.sink->close();
  CHECK(bench.sink->stats().lost_events == 2'000);
  CHECK(bench.sink->stats().lost_bytes == bench.given_bytes);
}

/// A bench whose sink has filled a small disk up, in the middle of a line.
struct FullDisk : Bench {
  SmallDisk disk{scratch.folder + "/small"};

  FullDisk() {
    if (!disk.mounted) {
      WARN("SKIPPED: mounting a small disk needs root");
      return;
    }
    path = disk.folder + "/eve.json";
    open(path);
    for (int i = 0; i < 3'000; ++i) write(line(i));
    REQUIRE_FALSE(contents(path).ends_with("\n"));
  }
  ~FullDisk() { sink.reset(); }
  void make_room() const { REQUIRE(mount("none", disk.folder.c_str(), "tmpfs", MS_REMOUNT, "size=1m") == 0); }
};

TEST_CASE("a full disk is told and counted, and written to again when it has room, without a torn line") {
  FullDisk bench;
  if (!bench.disk.mounted) return;
  const SinkStats full = bench.sink->stats();
  CHECK(full.state == "writing failed: No space left on device");
  CHECK(full.lost_events > 1'000);
  bench.make_room();
  bench.second();
  bench.sink->close();
  const SinkStats last = bench.sink->stats();
  CHECK(numbers(contents(bench.path)).size() == last.written_events);
  CHECK(last.written_events > full.written_events);
  CHECK(last.written_events + last.lost_events == 3'000);
  CHECK(last.written_bytes + last.lost_bytes == bench.given_bytes);
}

TEST_CASE("a file rotated away in the middle of a line costs that line, and the new one begins whole") {
  FullDisk bench;
  if (!bench.disk.mounted) return;
  const std::uint64_t lost = bench.sink->stats().lost_events;
  fs::rename(bench.path, bench.path + ".1");
  (void)bench.sink->reopen();
  CHECK(bench.sink->stats().lost_events == lost + 1);
  CHECK(numbers(contents(bench.path + ".1"), 1).size() == bench.sink->stats().written_events);
  bench.make_room();
  bench.sink->close();
  const SinkStats last = bench.sink->stats();
  CHECK(numbers(contents(bench.path)).size() > 100);
  CHECK(last.written_events + last.lost_events == 3'000);
  CHECK(last.written_bytes + last.lost_bytes == bench.given_bytes);
}

TEST_CASE("a torn line whose file is truncated in place is given up") {
  FullDisk bench;
  if (!bench.disk.mounted) return;
  REQUIRE(truncate(bench.path.c_str(), 0) == 0);
  bench.make_room();
  bench.sink->close();
  CHECK(numbers(contents(bench.path)).size() > 100);
}
