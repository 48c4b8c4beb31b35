#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "exporter/ndjson_file.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::exporter;

namespace {

/// A path of this process, removed at the end.
struct Scratch {
  std::string path = "ndjson_test." + std::to_string(getpid()) + ".json";
  ~Scratch() { std::remove(path.c_str()); }
  [[nodiscard]] std::string contents() const {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
  }
};

NdjsonFile opened(const std::string& path, Existing existing = Existing::replace) {
  auto file = NdjsonFile::open(path, existing);
  REQUIRE(file.ok());
  return std::move(file).value();
}

}  // namespace

TEST_CASE("lines are buffered until flushed or closed") {
  const Scratch scratch;
  NdjsonFile file = opened(scratch.path);
  CHECK(file.write("one\n").ok());
  CHECK(scratch.contents().empty());
  CHECK(file.flush().ok());
  CHECK(scratch.contents() == "one\n");
  CHECK(file.write("two\n").ok());
  CHECK(file.close().ok());
  CHECK(scratch.contents() == "one\ntwo\n");
}

TEST_CASE("a full buffer is written, and what remains comes with the destructor") {
  const Scratch scratch;
  std::string expected;
  {
    NdjsonFile file = opened(scratch.path);
    for (int i = 0; i < 2'000; ++i) {
      const std::string line = std::string(100, 'x') + "\n";
      expected += line;
      REQUIRE(file.write(line).ok());
    }
    CHECK(scratch.contents().size() >= 65'536);
  }
  CHECK(scratch.contents() == expected);
}

TEST_CASE("an existing file is replaced or continued as asked") {
  const Scratch scratch;
  CHECK(opened(scratch.path).write("a\n").ok());
  CHECK(opened(scratch.path, Existing::append).write("b\n").ok());
  CHECK(scratch.contents() == "a\nb\n");
  CHECK(opened(scratch.path, Existing::replace).write("c\n").ok());
  CHECK(scratch.contents() == "c\n");
}

TEST_CASE("a moved sink goes on writing and the old one is empty") {
  const Scratch scratch;
  NdjsonFile first = opened(scratch.path);
  CHECK(first.write("a\n").ok());
  NdjsonFile second = std::move(first);
  CHECK(second.write("b\n").ok());
  CHECK(second.close().ok());
  CHECK(scratch.contents() == "a\nb\n");
}

TEST_CASE("a new file is not for everyone's eyes") {
  const Scratch scratch;
  const NdjsonFile file = opened(scratch.path);
  struct stat info {};
  REQUIRE(stat(scratch.path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0137) == 0);
}

TEST_CASE("a path that cannot be opened is an error with its name") {
  const auto file = NdjsonFile::open("/nonexistent/eve.json", Existing::replace);
  REQUIRE_FALSE(file.ok());
  CHECK(file.error().where == "/nonexistent/eve.json");
}

TEST_CASE("a full device is an error, and stays one") {
  NdjsonFile file = opened("/dev/full");
  CHECK(file.write("one\n").ok());
  const Status flushed = file.flush();
  REQUIRE_FALSE(flushed.ok());
  CHECK(flushed.error().where == "/dev/full");
  CHECK(flushed.error().what.find("No space left") != std::string::npos);
  CHECK_FALSE(file.write("two\n").ok());
  CHECK_FALSE(file.close().ok());
}
