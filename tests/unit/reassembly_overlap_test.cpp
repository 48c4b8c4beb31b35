// Segments that wait for the same place with different bytes: which of them leads, and that the other one is
// told.

#include <algorithm>
#include <map>
#include <string>

#include "support/catch.h"
#include "support/naive_stream.h"
#include "support/tcp_talk.h"

using namespace mirrorscan;
using namespace mirrorscan::reassembly;
using mirrorscan::test::TcpTalk;

namespace {

constexpr std::uint32_t k0 = 1001;  // sequence number of the client's offset 0

/// A talk whose SYN was seen.
struct Begun : TcpTalk {
  explicit Begun(OverlapPolicy policy = OverlapPolicy::windows) : TcpTalk({}, policy) {
    say({.seq = k0 - 1, .flags = "S"});
  }
};

}  // namespace

TEST_CASE("by policy first the first copy of a held byte leads, and other bytes are noticed") {
  Begun talk{OverlapPolicy::first};
  talk.say({.seq = k0 + 2, .payload = "XX"});
  CHECK_FALSE(talk.say({.seq = k0 + 2, .payload = "XX"}).overlap_differs);
  const Outcome other = talk.say({.seq = k0 + 1, .payload = "byyc", .piece_bytes = 2});
  CHECK(other.overlap_differs);
  CHECK(other.retransmitted == 2);
  CHECK(other.held == 2);
  talk.say({.seq = k0, .payload = "a"});
  CHECK(talk.text() == "abXXc");
  CHECK(talk.assembler.counters().overlap_differs == 1);
}

TEST_CASE("a copy that the policy lets in leads, and the one before it is the second version") {
  Begun talk;
  talk.say({.seq = k0 + 2, .payload = "XX"});
  const Outcome later = talk.say({.seq = k0 + 1, .payload = "byyc", .piece_bytes = 3});
  CHECK(later.overlap_differs);
  CHECK_FALSE(later.other_lost);
  CHECK(later.retransmitted == 2);
  CHECK(later.held == 2);
  talk.say({.seq = k0, .payload = "a"});
  CHECK(talk.text() == "abyyc");
  CHECK(talk.others() == std::map<std::uint64_t, char>{{1, 'b'}, {2, 'X'}, {3, 'X'}, {4, 'c'}});
  CHECK(talk.broken() == "");
}

TEST_CASE("a segment whose first bytes are delivered at once is judged by where it began") {
  for (const bool takes : {false, true}) {
    Begun talk{takes ? OverlapPolicy::windows : OverlapPolicy::first};
    talk.say({.seq = k0 + 2, .payload = "XX"});
    CHECK(talk.say({.seq = k0, .payload = "abyy"}).deliver_length == 2);
    CHECK(talk.text() == (takes ? "abyy" : "abXX"));
    CHECK(talk.others().at(2) == (takes ? 'X' : 'y'));
  }
}

TEST_CASE("each policy resolves each form of overlap of two waiting segments as Suricata 7.0.10 does") {
  constexpr std::uint32_t kBegins[] = {4, 8, 11}, kEnds[] = {13, 16, 20};  // the earlier segment is [8, 16)
  for (unsigned policy = 0; policy < kOverlapPolicies; ++policy) {
    for (int form = 0; form < 9; ++form) {
      const std::uint32_t begin = kBegins[form / 3], end = kEnds[form % 3];
      const bool takes =
          mirrorscan::test::later_takes(static_cast<OverlapPolicy>(policy), form / 3, form % 3);
      Begun talk{static_cast<OverlapPolicy>(policy)};
      talk.say({.seq = k0 + 8, .payload = "oooooooo"});
      const Outcome out = talk.say({.seq = k0 + begin, .payload = std::string(end - begin, 'n')});
      talk.flush(Direction::to_server);
      std::string expected = begin < 8 ? "<4>nnnn" : "<8>";
      for (std::uint32_t at = 8; at < std::max(16u, end); ++at)
        expected += at >= begin && at < end && (takes || at >= 16) ? 'n' : 'o';
      INFO("policy " << policy << ", form " << form);
      CHECK(talk.text() == expected);
      for (std::uint32_t at = std::max(8u, begin); at < std::min(16u, end); ++at)
        CHECK(talk.others().at(at) == (takes ? 'o' : 'n'));
      CHECK(out.overlap_differs);
      CHECK_FALSE(out.other_lost);
    }
  }
}

TEST_CASE("between the segments of TCP windows and bsd decide alike") {
  for (int form = 0; form < 9; ++form)
    CHECK(mirrorscan::test::later_takes(OverlapPolicy::windows, form / 3, form % 3) ==
          mirrorscan::test::later_takes(OverlapPolicy::bsd, form / 3, form % 3));
}

TEST_CASE(
    "each of several waiting segments is judged by itself, and so is what is left of one on both sides") {
  Begun talk;
  talk.say({.seq = k0 + 4, .payload = "aaaaaaaaaaaa"});   // [4, 16)
  talk.say({.seq = k0 + 20, .payload = "cccc"});          // [20, 24)
  talk.say({.seq = k0 + 10, .payload = "dddddddddddd"});  // [10, 22): behind the first, before the second
  talk.say({.seq = k0 + 21, .payload = "eeee"});          // [21, 25): behind d, but before what is left of c
  talk.flush(Direction::to_server);
  CHECK(talk.text() == "<4>aaaaaaaaaaaaddddddeee");
}

TEST_CASE("a segment is judged by all of it, however many pages it lies in") {
  for (const bool takes : {false, true}) {
    Begun talk{OverlapPolicy::solaris};
    talk.say({.seq = k0 + 500, .payload = std::string(3'000, 'o')});  // [500, 3500)
    const std::uint32_t end = takes ? 3'501 : 3'499;
    talk.say({.seq = k0 + 2'000, .payload = std::string(end - 2'000, 'n')});
    talk.flush(Direction::to_server);
    CHECK((talk.text() ==
           "<500>" + (takes ? std::string(1'500, 'o') + std::string(1'501, 'n') : std::string(3'000, 'o'))));
  }
}

TEST_CASE(
    "a segment that begins with a page does not begin where one begins that came from the page before") {
  for (const std::uint32_t earlier : {500u, 1'024u}) {
    Begun talk{OverlapPolicy::linux_};
    talk.say({.seq = k0 + earlier, .payload = std::string(2'000, 'o')});
    talk.say({.seq = k0 + 1'024, .payload = std::string(2'001, 'n')});
    talk.flush(Direction::to_server);
    CHECK(talk.text().find('n') ==
          (earlier == 1'024 ? std::string("<1024>").size() : std::string("<500>").size() + 2'000));
  }
}

TEST_CASE("the other copy of held bytes comes out once the stream has reached it, and no third") {
  Begun talk;
  talk.say({.seq = k0 + 2, .payload = "PPP"});
  CHECK_FALSE(talk.say({.seq = k0 + 2, .payload = "yyy"}).other_lost);
  CHECK(talk.say({.seq = k0 + 2, .payload = "zzz"}).other_lost);
  CHECK(talk.others().empty());
  talk.say({.seq = k0, .payload = "ab"});
  CHECK(talk.others() == std::map<std::uint64_t, char>{{2, 'y'}, {3, 'y'}, {4, 'y'}});
  CHECK(talk.text() == "abPPP");
  CHECK(talk.broken() == "");
}

TEST_CASE("of two contents both are kept, however often and in whatever form they come") {
  Begun talk;
  talk.say({.seq = k0 + 2, .payload = "PPP"});
  CHECK_FALSE(talk.say({.seq = k0 + 2, .payload = "yyy"}).other_lost);
  CHECK_FALSE(
      talk.say({.seq = k0 + 1, .payload = "byyy"}).other_lost);  // leads now, and is no second version
  talk.say({.seq = k0, .payload = "a"});
  CHECK(talk.text() == "abyyy");
  CHECK(talk.others() == std::map<std::uint64_t, char>{{1, 'b'}, {2, 'P'}, {3, 'P'}, {4, 'P'}});
}

TEST_CASE("a stream has 128 KiB of second versions, and what is beyond them is told as lost") {
  Begun talk;
  const std::string first(1'000, 'o'), second(1'000, 'n');
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < 150; ++i) {
    talk.say({.seq = k0 + 1'024 * (i + 1), .payload = first});
    kept += talk.say({.seq = k0 + 1'024 * (i + 1), .payload = second}).other_lost ? 0 : 1;
  }
  CHECK(kept == 128);
  talk.close();
  CHECK(talk.others().size() == 128'000);
  CHECK(talk.broken() == "");
}

TEST_CASE("the connection that follows on a tuple has the same receivers") {
  Begun talk{OverlapPolicy::solaris};
  talk.end_flow();
  talk.connection = successor_of(talk.connection);
  for (const Direction d : {Direction::to_server, Direction::to_client}) {
    talk.say({.direction = d, .seq = 9'000, .flags = "S"});
    talk.say({.direction = d, .seq = 9'003, .payload = "PPPP"});
    talk.say({.direction = d, .seq = 9'002, .payload = "bcde"});  // of all policies solaris alone declines
    talk.say({.direction = d, .seq = 9'004, .payload = "fghi"});  // and takes this one
    talk.say({.direction = d, .seq = 9'001, .payload = "a"});
    CHECK(talk.text(d) == "abPfghi");
  }
}

TEST_CASE("the version of IP says which receivers a segment has") {
  Settings settings;
  settings.overlaps = {.ipv4 = OverlapPolicy::first, .ipv6 = OverlapPolicy::last};
  for (const IpVersion version : {IpVersion::v4, IpVersion::v6}) {
    TcpTalk talk{settings};
    talk.version = version;
    talk.say({.seq = k0 - 1, .flags = "S"});
    talk.say({.seq = k0 + 1, .payload = "PP"});
    talk.say({.seq = k0 + 1, .payload = "yy"});
    talk.say({.seq = k0, .payload = "a"});
    CHECK(talk.text() == (version == IpVersion::v4 ? "aPP" : "ayy"));
  }
}
