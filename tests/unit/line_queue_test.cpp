#include "exporter/line_queue.h"

#include <algorithm>
#include <random>
#include <string>

#include "support/catch.h"

using namespace mirrorscan::exporter;

namespace {

std::string waiting(const LineQueue& queue) {
  std::string out;
  for (const auto piece : queue.pieces()) out.append(piece.begin(), piece.end());
  return out;
}

}  // namespace

TEST_CASE("a line fits exactly with its newline, or not at all") {
  LineQueue queue(4);
  CHECK_FALSE(queue.push("four"));
  CHECK(queue.push("thr"));
  CHECK(waiting(queue) == "thr\n");
  CHECK_FALSE(queue.push(""));
  CHECK(queue.pop(4).lines == 1);
  CHECK(queue.empty());
  CHECK(queue.push(""));
}

TEST_CASE("what is left of a line taken in part can be taken off, and nothing else") {
  LineQueue queue(16);
  REQUIRE(queue.push("first"));
  REQUIRE(queue.push("second"));
  CHECK(queue.pop_torn_line().bytes == 0);
  CHECK(queue.pop(8).lines == 1);
  CHECK(queue.mid_line());
  const LineQueue::Taken torn = queue.pop_torn_line();
  CHECK((torn.bytes == 5 && torn.lines == 1));
  CHECK((queue.empty() && !queue.mid_line()));
}

TEST_CASE("a queue of lines is a plain queue of bytes that refuses what is too much") {
  std::minstd_rand random(1);
  LineQueue queue(97);
  std::string twin;
  for (int step = 0; step < 20'000; ++step) {
    if (random() % 2 == 0) {
      const std::string line(random() % 40, static_cast<char>('a' + random() % 26));
      const bool fits = twin.size() + line.size() + 1 <= 97;
      REQUIRE(queue.push(line) == fits);
      if (fits) twin += line + "\n";
    } else {
      const std::size_t n = random() % (twin.size() + 1);
      const std::string gone = twin.substr(0, n);
      const LineQueue::Taken taken = queue.pop(n);
      REQUIRE(taken.lines == static_cast<std::size_t>(std::count(gone.begin(), gone.end(), '\n')));
      twin.erase(0, n);
    }
    REQUIRE(queue.bytes() == twin.size());
    REQUIRE(waiting(queue) == twin);
  }
}
