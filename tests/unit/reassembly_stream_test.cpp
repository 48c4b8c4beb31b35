// In-order bytes from segments that come in any order, late, twice, cut or not at all.

#include <string>

#include "support/catch.h"
#include "support/tcp_talk.h"

using namespace mirrorscan;
using namespace mirrorscan::reassembly;
using mirrorscan::test::Say;
using mirrorscan::test::TcpTalk;

namespace {

constexpr auto kClient = Direction::to_client;
constexpr std::uint32_t kC = 1000, kS = 5000;
constexpr std::uint32_t k0 = kC + 1;  // sequence number of the client's offset 0

/// A talk after its handshake, windows known.
struct Shaken : TcpTalk {
  explicit Shaken(const Settings& settings = {}) : TcpTalk(settings) {
    say({.seq = kC, .flags = "S", .window_scale = 0});
    say({.direction = kClient, .seq = kS, .flags = "SA", .ack = k0, .window_scale = 0});
    say({.seq = k0, .flags = "A", .ack = kS + 1});
  }
};

}  // namespace

TEST_CASE("in-order payload is delivered where it lies, and nothing is held") {
  Shaken talk;
  const Outcome out = talk.say({.seq = k0, .payload = "hello"});
  CHECK(out.deliver_offset == 0);
  CHECK(out.deliver_length == 5);
  CHECK(out.held == 0);
  CHECK_FALSE(out.out_of_order);
  CHECK(talk.chunks == 0);
}

TEST_CASE("a segment that came early comes out after the bytes it waited for") {
  Shaken talk;
  const Outcome early = talk.say({.seq = k0 + 3, .payload = "def"});
  CHECK(early.out_of_order);
  CHECK(early.held == 3);
  CHECK(talk.assembler.held_bytes() == 3);
  CHECK(talk.text() == "");
  talk.say({.seq = k0, .payload = "abc"});
  CHECK(talk.text() == "abcdef");
  CHECK(talk.assembler.held_pages() == 0);
}

TEST_CASE("a segment around held bytes gives its head at once and its tail after them") {
  Shaken talk;
  talk.say({.seq = k0 + 2, .payload = "cd"});
  const Outcome around = talk.say({.seq = k0, .payload = "abcdef"});
  CHECK(around.deliver_length == 2);
  CHECK(around.retransmitted == 2);
  CHECK(around.held == 2);
  CHECK(talk.text() == "abcdef");
}

TEST_CASE("only the new part of a segment is delivered") {
  Shaken talk;
  talk.say({.seq = k0, .payload = "abcd"});
  const Outcome out = talk.say({.seq = k0 + 2, .payload = "cdef"});
  CHECK(out.retransmitted == 2);
  CHECK(out.deliver_offset == 2);
  CHECK(out.stream_offset == 4);
  CHECK(talk.text() == "abcdef");
}

TEST_CASE("a whole segment seen again is a retransmission, delivered or held") {
  Shaken talk;
  talk.say({.seq = k0, .payload = "abc"});
  CHECK(talk.say({.seq = k0, .payload = "abc"}).retransmitted == 3);
  talk.say({.seq = k0 + 9, .payload = "later"});
  CHECK(talk.say({.seq = k0 + 9, .payload = "later"}).retransmitted == 5);
}

TEST_CASE("a keep-alive probe is a retransmission, before and after data") {
  Shaken talk;
  CHECK(talk.say({.seq = k0 - 1, .payload = "?"}).retransmitted == 1);
  talk.say({.seq = k0, .payload = "abc"});
  CHECK(talk.say({.seq = k0 + 2, .payload = "?"}).retransmitted == 1);
  CHECK(talk.text() == "abc");
}

TEST_CASE("sequence numbers wrap inside a segment, a hole and a held run") {
  TcpTalk talk{Settings{}};
  talk.say({.seq = 0xfffffff0, .flags = "S"});
  talk.say({.seq = 0xfffffff1, .payload = "0123456789"});
  talk.say({.seq = 3, .payload = "ijkl"});
  CHECK(talk.say({.seq = 0xfffffffb, .payload = "abcdefgh"}).deliver_length == 8);
  CHECK(talk.text() == "0123456789abcdefghijkl");
}

TEST_CASE("a stream goes on beyond 4 GiB") {
  TcpTalk talk{Settings{}};
  talk.say({.seq = kC, .flags = "S"});
  // As after 4 GiB less two bytes in order.
  talk.connection.stream(Direction::to_server).next = 0xfffffffe;
  const Outcome out = talk.say({.seq = kC - 1, .payload = "abcd"});
  CHECK(out.stream_offset == 0xfffffffe);
  CHECK(out.deliver_length == 4);
  const Outcome held = talk.say({.seq = kC + 5, .payload = "z"});
  CHECK(held.payload_offset == 0x100000004);
  CHECK(held.held == 1);
}

TEST_CASE("a hole that nobody acknowledged is given up after gap_timeout, not before") {
  Shaken talk;
  talk.say({.seq = k0 + 4, .payload = "GOOD"});
  talk.wait(Duration::milliseconds(1'950));
  CHECK(talk.text() == "");
  talk.wait(Duration::milliseconds(100));
  CHECK(talk.text() == "<4>GOOD");
  CHECK(talk.assembler.counters().gaps == 1);
  CHECK(talk.assembler.counters().gap_bytes == 4);
}

TEST_CASE("a hole that the receiver acknowledged is given up after acked_gap_timeout") {
  Shaken talk;
  talk.say({.seq = k0 + 4, .payload = "GOOD"});
  talk.say({.direction = kClient, .seq = kS + 1, .flags = "A", .ack = k0 + 3});  // not all of it
  talk.wait(Duration::milliseconds(500));
  CHECK(talk.text() == "");
  talk.say({.direction = kClient, .seq = kS + 1, .flags = "A", .ack = k0 + 8});
  talk.wait(Duration::milliseconds(220));
  CHECK(talk.text() == "");
  talk.wait(Duration::milliseconds(60));
  CHECK(talk.text() == "<4>GOOD");
}

TEST_CASE("an acknowledgement that came before the segments behind the hole counts as well") {
  Shaken talk;
  talk.say({.direction = kClient, .seq = kS + 1, .flags = "A", .ack = k0 + 8});
  talk.say({.seq = k0 + 4, .payload = "GOOD"});
  talk.wait(Duration::milliseconds(280));
  CHECK(talk.text() == "<4>GOOD");
}

TEST_CASE("each hole of a lossy stream waits for its own time, not for the holes before it") {
  Shaken talk;
  for (std::uint32_t i = 0; i < 5; ++i) {
    talk.say({.seq = k0 + 2'000 * (i + 1), .payload = "x"});
    talk.wait(Duration::milliseconds(100));
  }
  talk.wait(Duration::milliseconds(1'550));  // 2,050 ms after the first
  CHECK(talk.text() == "<2000>x");
  talk.wait(Duration::milliseconds(400));
  CHECK(talk.text() == "<2000>x<1999>x<1999>x<1999>x<1999>x");
}

TEST_CASE("a hole that opens behind another one, in the same page, has its full time") {
  Shaken talk;
  talk.say({.seq = k0 + 10, .payload = "k"});
  talk.say({.seq = k0 + 20, .payload = "u"});
  talk.wait(Duration::milliseconds(1'900));
  talk.say({.seq = k0, .payload = "abcdefghij"});
  CHECK(talk.text() == "abcdefghijk");
  talk.wait(Duration::milliseconds(1'950));
  CHECK(talk.text() == "abcdefghijk");
  talk.wait(Duration::milliseconds(100));
  CHECK(talk.text() == "abcdefghijk<9>u");
}

TEST_CASE("filling a hole from behind does not restart its clock") {
  Shaken talk;
  talk.say({.seq = k0 + 9, .payload = "j"});
  talk.wait(Duration::milliseconds(1'900));
  talk.say({.seq = k0 + 8, .payload = "i"});
  talk.wait(Duration::milliseconds(150));
  CHECK(talk.text() == "<8>ij");
}

TEST_CASE("bytes for a hole that was given up are late, those before it are a retransmission") {
  Shaken talk;
  talk.say({.seq = k0, .payload = "abc"});
  talk.say({.seq = k0 + 7, .payload = "hij"});
  talk.wait(Duration::seconds(3));
  CHECK(talk.text() == "abc<4>hij");
  const Outcome out = talk.say({.seq = k0 + 1, .payload = "bcdefghijk"});
  CHECK(out.retransmitted == 5);
  CHECK(out.late == 4);
  CHECK(out.deliver_length == 1);
  CHECK(out.gap_before == 0);
}

TEST_CASE("late bytes are late once: what comes for them again is a retransmission") {
  Shaken talk;
  talk.say({.seq = k0, .payload = "a"});
  talk.say({.seq = k0 + 7, .payload = "h"});
  talk.wait(Duration::seconds(5));
  CHECK(talk.say({.seq = k0 + 1, .payload = "bc"}).late == 2);
  CHECK(talk.say({.seq = k0 + 1, .payload = "bcd"}).late == 1);
  CHECK(talk.say({.seq = k0 + 5, .payload = "fg"}).late == 2);
  const Outcome again = talk.say({.seq = k0 + 1, .payload = "bcdefg"});
  CHECK(again.late == 1);
  CHECK(again.retransmitted == 5);
}

TEST_CASE("a hole that was partly truncated and partly lost is late as one") {
  Shaken talk;
  talk.say({.seq = k0, .payload = "a", .cut = 2});
  talk.say({.seq = k0 + 6, .payload = "z"});
  talk.wait(Duration::seconds(3));
  CHECK(talk.say({.seq = k0 + 1, .payload = "bcdef"}).late == 5);
}

TEST_CASE("a flush gives up the holes with something behind them; a hole at the end is no gap") {
  Shaken talk;
  talk.say({.seq = k0, .payload = "abc"});
  talk.say({.seq = k0 + 5, .payload = "fgh"});
  talk.say({.seq = k0 + 9, .payload = "jkl"});
  talk.flush(Direction::to_server);
  CHECK(talk.text() == "abc<2>fgh<1>jkl");
  CHECK(talk.assembler.counters().gap_bytes == 3);
  CHECK(talk.assembler.held_pages() == 0);
}

TEST_CASE("what a truncated segment lacks is a hole of known size that nothing waits for") {
  Shaken talk;
  const Outcome cut = talk.say({.seq = k0, .payload = "abc", .cut = 5});
  CHECK(cut.truncated);
  CHECK(cut.deliver_length == 3);
  const Outcome next = talk.say({.seq = k0 + 8, .payload = "ijk"});
  CHECK(next.deliver_length == 3);
  CHECK(next.gap_before == 5);
  CHECK(next.gap_truncated == 5);
  CHECK(talk.assembler.counters().truncated_bytes == 5);
  CHECK(talk.assembler.counters().gaps == 0);
}

TEST_CASE("a truncated segment that came early leaves its hole when its turn comes, unless it was filled") {
  Shaken talk;
  talk.say({.seq = k0 + 3, .payload = "de", .cut = 3});
  talk.say({.seq = k0 + 6, .payload = "g"});
  talk.say({.seq = k0 + 8, .payload = "ijk"});
  const Outcome first = talk.say({.seq = k0, .payload = "abc"});
  CHECK(first.gap_before == 0);
  CHECK(talk.text() == "abcde<1>g<1>ijk");
  CHECK(talk.assembler.counters().gaps == 0);
}

TEST_CASE("a gap may be partly lost and partly truncated") {
  Shaken talk;
  talk.say({.seq = k0, .payload = "a", .cut = 2});
  talk.say({.seq = k0 + 6, .payload = "z"});
  talk.flush(Direction::to_server);
  CHECK(talk.text() == "a<5>z");
  CHECK(talk.assembler.counters().gap_bytes == 3);
  CHECK(talk.assembler.counters().truncated_bytes == 2);
}

TEST_CASE("bytes too far ahead of the receiver's window are not held") {
  Shaken talk;  // the server's last acknowledgement is offset 0, its window 65,535
  const std::uint32_t limit = 2 * 65'535 + 65'536;
  CHECK(talk.say({.seq = k0 + limit, .payload = "x"}).out_of_window == 1);
  const Outcome edge = talk.say({.seq = k0 + limit - 2, .payload = "xyz"});
  CHECK(edge.held == 2);
  CHECK(edge.out_of_window == 1);
}

TEST_CASE("a scaled window counts when both SYNs had the option") {
  for (const std::uint8_t client_scale : {std::uint8_t{0}, packet::Tcp::kNoWindowScale}) {
    TcpTalk talk{Settings{}};
    talk.say({.seq = kC, .flags = "S", .window_scale = client_scale});
    talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = k0, .window_scale = 7});
    talk.say({.direction = kClient, .seq = kS + 1, .flags = "A", .ack = k0});
    const bool scaled = client_scale == 0;
    CHECK(talk.say({.seq = k0 + 1'000'000, .payload = "x"}).held == (scaled ? 1 : 0));
  }
}

TEST_CASE("where the window is not known 64 MiB ahead is too far") {
  TcpTalk talk{Settings{}};
  talk.say({.seq = 1, .payload = "a"});
  CHECK(talk.say({.seq = 2 + (64u << 20), .payload = "x"}).out_of_window == 1);
  CHECK(talk.say({.seq = 1 + (64u << 20), .payload = "x"}).held == 1);
}

TEST_CASE("bytes in order are taken even when acknowledgements stopped coming") {
  Shaken talk;
  const std::string kilobytes(50'000, 'x');
  for (std::uint32_t i = 0; i < 10; ++i)
    REQUIRE(talk.say({.seq = k0 + i * 50'000, .payload = kilobytes}).deliver_length == 50'000);
}

TEST_CASE("a stream is followed again after an outage, with one gap") {
  Shaken talk;
  talk.say({.seq = k0, .payload = "abc"});
  std::uint32_t seq = k0 + 900'000'000;
  for (int i = 0; i < 7; ++i, seq += 2) CHECK(talk.say({.seq = seq, .payload = "xy"}).out_of_window == 2);
  CHECK(talk.say({.seq = seq, .payload = "go"}).deliver_length == 2);
  CHECK(talk.text() == "abc<900000011>go");
  CHECK(talk.assembler.counters().resynchronised == 1);
}

TEST_CASE("bytes beyond the depth are neither delivered nor held, in whatever order") {
  Settings settings;
  settings.depth_bytes = 6;
  Shaken talk{settings};
  CHECK(talk.say({.seq = k0 + 5, .payload = "fgh"}).beyond_depth == 2);
  const Outcome out = talk.say({.seq = k0, .payload = "abcde"});
  CHECK(out.deliver_length == 5);
  CHECK(talk.text() == "abcdef");
  CHECK(talk.say({.seq = k0 + 100, .payload = "far"}).beyond_depth == 3);
  CHECK(talk.say({.seq = k0 + 6, .payload = "g"}).beyond_depth == 1);
  CHECK(talk.assembler.held_pages() == 0);
}

TEST_CASE("segments with bytes beyond the depth are counted, and so are those with urgent data") {
  Settings settings;
  settings.depth_bytes = 6;
  Shaken talk{settings};
  talk.say({.seq = k0, .flags = "AU", .payload = "abc"});
  talk.say({.seq = k0 + 3, .flags = "AU"});
  talk.say({.seq = k0 + 3, .payload = "defg"});
  talk.say({.seq = k0 + 7, .flags = "AU", .payload = "h"});
  CHECK(talk.text() == "abcdef");
  CHECK(talk.assembler.counters().beyond_depth == 2);
  CHECK(talk.assembler.counters().urgent == 2);
}

TEST_CASE("the connection is followed beyond the depth") {
  Settings settings;
  settings.depth_bytes = 3;
  Shaken talk{settings};
  const std::string kilobytes(50'000, 'x');
  for (std::uint32_t i = 0; i < 10; ++i) talk.say({.seq = k0 + i * 50'000, .payload = kilobytes});
  CHECK(talk.say({.seq = k0 + 500'000, .flags = "R"}).closed_now);
}

TEST_CASE("beyond the depth only a segment in the window moves the stream on") {
  Settings settings;
  settings.depth_bytes = 3;
  TcpTalk talk{settings};
  talk.say({.seq = k0, .payload = "abc"});
  talk.say({.seq = k0 + 900'000'000, .payload = "nonsense"});
  CHECK(talk.say({.seq = k0 + 3, .flags = "R"}).closed_now);
}

TEST_CASE("segments without payload hold nothing, wherever they are") {
  Shaken talk;
  const Outcome out = talk.say({.seq = k0 + 500, .flags = "A"});
  CHECK(out.kind == Outcome::Kind::tracked);
  CHECK_FALSE(out.out_of_order);
  CHECK(talk.assembler.held_pages() == 0);
}

TEST_CASE("both directions of a connection may have a hole at the same time") {
  Shaken talk;
  talk.say({.seq = k0 + 1, .payload = "b", .ack = kS + 1});
  talk.say({.direction = kClient, .seq = kS + 2, .payload = "B", .ack = k0});
  talk.say({.direction = kClient, .seq = kS + 1, .payload = "A", .ack = k0});
  CHECK(talk.text(kClient) == "AB");
  CHECK(talk.text() == "");
  talk.say({.seq = k0, .payload = "a", .ack = kS + 3});
  CHECK(talk.text() == "ab");
  CHECK(talk.broken() == "");
}
