// Random walks: the assembler against a twin that keeps every byte in a map.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "support/catch.h"
#include "support/naive_stream.h"
#include "support/tcp_talk.h"

using namespace mirrorscan;
using namespace mirrorscan::reassembly;
using mirrorscan::test::NaiveStream;
using mirrorscan::test::Say;
using mirrorscan::test::TcpTalk;

namespace {

std::uint32_t below(std::mt19937& random, std::uint32_t bound) {
  return static_cast<std::uint32_t>(random() % bound);
}

std::string random_bytes(std::mt19937& random, std::size_t length, std::uint32_t letters = 26) {
  std::string bytes(length, '\0');
  for (char& b : bytes) b = static_cast<char>('a' + below(random, letters));
  return bytes;
}

struct Cut {
  std::uint32_t offset, length;
};

/// The stream in segments of 1 to `most` bytes, some of them twice, some reaching back, none in order.
std::vector<Cut> shuffled_cuts(std::mt19937& random, std::uint32_t length, std::uint32_t most,
                               std::uint32_t reach) {
  std::vector<Cut> cuts;
  for (std::uint32_t at = 0; at < length;) {
    const std::uint32_t n = std::min(length - at, 1 + below(random, most));
    const std::uint32_t back = std::min(at, below(random, 4) == 0 ? below(random, most) : 0);
    cuts.push_back({at - back, n + back});
    if (below(random, 8) == 0) cuts.push_back(cuts.back());
    at += n;
  }
  for (std::size_t i = 0; i < cuts.size(); ++i)
    std::swap(cuts[i], cuts[std::min(cuts.size() - 1, i + below(random, reach))]);
  return cuts;
}

/// Of every byte that was offered with several values one came out as the stream, and another as its second
/// version.
bool tells_others(const TcpTalk& talk, const NaiveStream& twin) {
  return std::all_of(twin.others().begin(), twin.others().end(), [&](const auto& expected) {
    const auto told = talk.others().find(expected.first);
    return told != talk.others().end() && expected.second.find(told->second) != std::string::npos;
  });
}

constexpr std::uint32_t kIsn = 0xffffe000;  // the sequence numbers wrap after 8 KiB

}  // namespace

TEST_CASE("any segmentation, order and repetition gives the stream's bytes") {
  std::mt19937 random(11);
  for (int round = 0; round < 60; ++round) {
    const std::string stream = random_bytes(random, 20'000);
    TcpTalk talk{Settings{}};
    talk.say({.seq = kIsn, .flags = "S"});
    const std::uint32_t most = round % 3 == 0 ? 3 : 1500;
    for (const Cut cut : shuffled_cuts(random, 20'000, most, 1 + below(random, 40))) {
      const auto payload = std::string_view(stream).substr(cut.offset, cut.length);
      const Outcome out = talk.say({.seq = kIsn + 1 + cut.offset,
                                    .payload = payload,
                                    .piece_bytes = below(random, 3) * below(random, 700)});
      CHECK_FALSE(out.overlap_differs);
    }
    REQUIRE(talk.broken() == "");
    REQUIRE((talk.text() == stream));
    REQUIRE(talk.assembler.held_pages() == 0);
  }
}

TEST_CASE("random segments with random bytes, holes, truncation and flushes end as in the twin") {
  std::mt19937 random(12);
  for (unsigned round = 0; round < 160; ++round) {
    const auto policy = static_cast<OverlapPolicy>(round % kOverlapPolicies);
    const std::uint32_t letters = round % 3 == 0 ? 2 : 26;
    TcpTalk talk{Settings{}, policy};
    NaiveStream twin(policy);
    talk.say({.seq = kIsn, .flags = "S"});
    for (int step = 0; step < 150; ++step) {
      const std::uint64_t near = twin.next() + below(random, 9'000);
      const std::uint64_t offset =
          below(random, 3) == 0 ? twin.next() : near - std::min<std::uint64_t>(near, 3'000);
      const std::string payload =
          random_bytes(random, below(random, below(random, 5) == 0 ? 4'000 : 200), letters);
      const std::uint32_t cut = below(random, 6) == 0 ? below(random, 600) : 0;
      const auto ends = twin.take(offset, payload, cut);
      const Outcome out = talk.say({.seq = kIsn + 1 + static_cast<std::uint32_t>(offset),
                                    .payload = payload,
                                    .cut = cut,
                                    .piece_bytes = below(random, 2) * 100});
      REQUIRE(out.retransmitted + out.late == ends.old + ends.again);
      REQUIRE(out.deliver_length + out.held == ends.fresh);
      REQUIRE(out.overlap_differs == ends.differs);
      REQUIRE(talk.assembler.held_bytes() == twin.held());
      if (below(random, 50) == 0) {
        twin.flush();
        talk.flush(Direction::to_server);
      }
      REQUIRE((talk.text() == twin.text()));
    }
    twin.flush();
    talk.close();
    REQUIRE((talk.text() == twin.text()));
    REQUIRE(tells_others(talk, twin));
    REQUIRE(talk.broken() == "");
  }
}

TEST_CASE("with small budgets and passing time nothing leaks and everything adds up") {
  std::mt19937 random(13);
  for (int round = 0; round < 60; ++round) {
    Settings settings;
    settings.max_held_bytes = 1024 * (1 + below(random, 8));
    settings.max_held_bytes_per_stream = 1024 * (1 + below(random, 8));
    settings.depth_bytes = round % 4 == 0 ? 30'000 : 0;
    TcpTalk talk{settings};
    talk.say({.seq = kIsn, .flags = "S"});
    std::uint32_t front = 0;
    for (int step = 0; step < 300; ++step) {
      talk.now = talk.now + Duration::milliseconds(below(random, 200));
      const std::uint32_t offset = front + below(random, 5'000);
      const std::string payload = random_bytes(random, below(random, 3'000));
      const Outcome out = talk.say({.seq = kIsn + 1 + offset, .payload = payload});
      REQUIRE(out.over_budget == 0);
      REQUIRE(talk.assembler.held_pages() <= settings.max_held_bytes / 1024);
      REQUIRE(talk.assembler.held_pages() <= settings.max_held_bytes_per_stream / 1024);
      front += below(random, 400);
    }
    talk.close();
    REQUIRE(talk.broken() == "");
  }
}
