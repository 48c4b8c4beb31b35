// Which connection a segment belongs to, and what it does to it.

#include "reassembly/tracker.h"

#include <string>

#include "support/catch.h"
#include "support/tcp_talk.h"

using namespace mirrorscan;
using namespace mirrorscan::reassembly;
using mirrorscan::test::Say;
using mirrorscan::test::TcpTalk;

namespace {

constexpr auto kServer = Direction::to_server;  // what the client sends
constexpr auto kClient = Direction::to_client;
constexpr std::uint32_t kC = 1000, kS = 5000;  // initial sequence numbers

/// The settings of profile `reference`.
Settings strict() {
  Settings s;
  s.midstream = Midstream::ignore;
  s.established = Established::by_handshake;
  return s;
}

void shake(TcpTalk& talk) {
  talk.say({.seq = kC, .flags = "S", .window_scale = 0});
  talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 1, .window_scale = 0});
  talk.say({.seq = kC + 1, .flags = "A", .ack = kS + 1});
}

bool tracked(const Outcome& out) {
  return out.kind == Outcome::Kind::tracked;
}

}  // namespace

TEST_CASE("a three-way handshake establishes with its third segment") {
  TcpTalk talk{strict()};
  const Outcome syn = talk.say({.seq = kC, .flags = "S"});
  CHECK(syn.new_connection);
  CHECK(talk.connection.state == TcpState::syn_sent);
  const Outcome syn_ack = talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 1});
  CHECK_FALSE(syn_ack.new_connection);
  CHECK(talk.connection.state == TcpState::syn_received);
  const Outcome ack = talk.say({.seq = kC + 1, .flags = "A", .ack = kS + 1});
  CHECK(ack.established_now);
  CHECK(talk.connection.state == TcpState::established);
  CHECK_FALSE(talk.say({.seq = kC + 1, .flags = "A", .ack = kS + 1}).established_now);
}

TEST_CASE("data with an ACK ends the handshake too") {
  TcpTalk talk{strict()};
  talk.say({.seq = kC, .flags = "S"});
  talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 1});
  const Outcome data = talk.say({.seq = kC + 1, .payload = "GET", .ack = kS + 1});
  CHECK(data.established_now);
  CHECK(talk.text() == "GET");
}

TEST_CASE("payload establishes where the setting says so, and nowhere else") {
  for (const auto by : {Established::by_payload, Established::by_handshake}) {
    Settings settings = strict();
    settings.established = by;
    TcpTalk talk{settings};
    talk.say({.seq = kC, .flags = "S"});
    const Outcome data = talk.say({.seq = kC + 1, .payload = "GET", .ack = kS + 1});
    CHECK(data.established_now == (by == Established::by_payload));
    CHECK(talk.text() == "GET");
  }
}

TEST_CASE("without midstream pick-up nothing is tracked before the SYN") {
  TcpTalk talk{strict()};
  CHECK_FALSE(tracked(talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 1})));
  CHECK_FALSE(tracked(talk.say({.seq = kC + 1, .payload = "data", .ack = kS + 1})));
  CHECK_FALSE(tracked(talk.say({.seq = kC + 5, .flags = "FA"})));
  CHECK_FALSE(tracked(talk.say({.seq = kC + 5, .flags = "R"})));
  CHECK(talk.connection.state == TcpState::none);
  CHECK(talk.text() == "");
}

TEST_CASE("without midstream pick-up the server's data needs the server's SYN") {
  TcpTalk talk{strict()};
  talk.say({.seq = kC, .flags = "S"});
  CHECK_FALSE(tracked(talk.say({.direction = kClient, .seq = kS + 1, .payload = "hello", .ack = kC + 1})));
  CHECK(talk.connection.state == TcpState::syn_sent);
}

TEST_CASE("midstream pick-up starts each direction at its first segment") {
  TcpTalk talk{Settings{}};
  const Outcome first = talk.say({.seq = 77, .payload = "request", .ack = 900});
  CHECK(first.new_connection);
  CHECK(first.midstream);
  CHECK(first.established_now);
  const Outcome second = talk.say({.direction = kClient, .seq = 900, .payload = "answer", .ack = 84});
  CHECK_FALSE(second.new_connection);
  CHECK_FALSE(second.midstream);
  CHECK(talk.text(kServer) == "request");
  CHECK(talk.text(kClient) == "answer");
}

TEST_CASE("midstream pick-up needs neither acknowledgements nor the other direction") {
  TcpTalk talk{Settings{}};
  talk.say({.seq = 77, .flags = "", .payload = "one "});
  talk.say({.seq = 81, .flags = "", .payload = "two "});
  CHECK(talk.text() == "one two ");
}

TEST_CASE("a picked-up stream extends backwards while nothing of it was delivered") {
  TcpTalk talk{Settings{}};
  talk.say({.seq = 2000, .flags = "A"});
  const Outcome earlier = talk.say({.seq = 1990, .payload = "0123456789"});
  CHECK(earlier.deliver_length == 10);
  CHECK(talk.text() == "0123456789");
}

TEST_CASE("bytes before a picked-up stream are late within 64 KiB, and outside the window before that") {
  TcpTalk talk{Settings{}};
  talk.say({.seq = 200'000, .payload = "start"});
  CHECK(talk.say({.seq = 199'998, .payload = "ab"}).late == 2);
  CHECK(talk.say({.seq = 200'000 - 65'536, .payload = "ab"}).late == 2);
  CHECK(talk.say({.seq = 200'000 - 65'537, .payload = "ab"}).late == 1);
  CHECK(talk.say({.seq = 100'000, .payload = "ab"}).out_of_window == 2);
  CHECK(talk.text() == "start");
}

TEST_CASE("with pick-up the handshake may come in any order") {
  TcpTalk talk{Settings{}};
  const Outcome syn_ack = talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 1});
  CHECK(syn_ack.new_connection);
  CHECK(talk.connection.state == TcpState::syn_received);
  CHECK(talk.connection.opener == kServer);
  CHECK(tracked(talk.say({.seq = kC, .flags = "S"})));
  CHECK(talk.say({.seq = kC + 1, .flags = "A", .ack = kS + 1}).established_now);
  talk.say({.seq = kC + 1, .payload = "GET", .ack = kS + 1});
  CHECK(talk.text() == "GET");
}

TEST_CASE("a SYN with data that comes after its answer still begins the stream") {
  TcpTalk talk{Settings{}};
  talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 4});
  talk.say({.seq = kC, .flags = "S", .payload = "Hi!"});
  talk.say({.seq = kC + 4, .payload = "more", .ack = kS + 1});
  CHECK(talk.text() == "Hi!more");
}

TEST_CASE("data on a SYN begins the stream at offset 0") {
  TcpTalk talk{strict()};
  const Outcome syn = talk.say({.seq = kC, .flags = "S", .payload = "Hi!"});
  CHECK(syn.stream_offset == 0);
  CHECK(syn.deliver_length == 3);
  talk.say({.direction = kClient, .seq = kS, .flags = "SA", .payload = "Yes", .ack = kC + 4});
  talk.say({.seq = kC + 4, .payload = "bye", .ack = kS + 4});
  CHECK(talk.text(kServer) == "Hi!bye");
  CHECK(talk.text(kClient) == "Yes");
}

TEST_CASE("where the setting says so, data on a SYN is a stream's with TCP Fast Open alone") {
  for (const bool fast_open : {false, true}) {
    Settings settings = strict();
    settings.syn_data = SynData::with_fast_open;
    TcpTalk talk{settings};
    const Outcome syn = talk.say({.seq = kC, .flags = "S", .payload = "Hi!", .fast_open = fast_open});
    CHECK(tracked(syn));
    CHECK(syn.late == (fast_open ? 0 : 3));
    const std::uint32_t next = kC + (fast_open ? 4 : 1);
    talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = next});
    talk.say({.seq = next, .payload = "bye", .ack = kS + 1});
    CHECK(talk.text() == (fast_open ? "Hi!bye" : "bye"));
  }
}

TEST_CASE("more than a probe in the place of the SYN is outside the window") {
  TcpTalk talk{strict()};
  talk.say({.seq = kC, .flags = "S"});
  talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 1});
  CHECK(talk.say({.seq = kC, .payload = "?", .ack = kS + 1}).out_of_window == 0);
  CHECK(talk.say({.seq = kC, .payload = "?bye", .ack = kS + 1}).out_of_window == 1);
  CHECK(talk.text() == "bye");
}

TEST_CASE("data on a SYN that the server refused is late when it comes again, since it may differ") {
  TcpTalk talk{strict()};
  talk.say({.seq = kC, .flags = "S", .payload = "good"});
  talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 1});
  const Outcome again = talk.say({.seq = kC + 1, .payload = "evilmore", .ack = kS + 1});
  CHECK(again.late == 4);
  CHECK(again.deliver_length == 4);
}

TEST_CASE("four- and five-way split handshakes are tracked, and the first SYN's sender stays the client") {
  for (const bool five : {false, true}) {
    for (const auto midstream : {Midstream::ignore, Midstream::pick_up}) {
      Settings settings = strict();
      settings.midstream = midstream;
      TcpTalk talk{settings};
      talk.say({.seq = 1000, .flags = "S"});
      if (five) talk.say({.direction = kClient, .seq = 2000, .flags = "A", .ack = 1001});
      CHECK(tracked(talk.say({.direction = kClient, .seq = 3000, .flags = "S"})));
      talk.say({.seq = 1000, .flags = "SA", .ack = 3001});
      CHECK(talk.connection.opener == kServer);
      const Outcome last = talk.say({.direction = kClient, .seq = 3001, .flags = "A", .ack = 1001});
      CHECK(talk.connection.state == TcpState::established);
      CHECK((last.established_now || five));
      talk.say({.seq = 1001, .payload = "EVIL", .ack = 3001});
      CHECK(talk.text() == "EVIL");
    }
  }
}

TEST_CASE("a SYN that comes again is nothing new") {
  TcpTalk talk{strict()};
  talk.say({.seq = kC, .flags = "S"});
  CHECK_FALSE(talk.say({.seq = kC, .flags = "S"}).new_connection);
  talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 1});
  talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 1});
  talk.say({.seq = kC + 1, .payload = "data", .ack = kS + 1});
  const Outcome again = talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 1});
  CHECK_FALSE(again.tuple_reused);
  CHECK(talk.connection.state == TcpState::established);
  talk.say({.seq = kC + 5, .payload = "more", .ack = kS + 1});
  CHECK(talk.text() == "datamore");
}

TEST_CASE("another SYN before the answer replaces the first") {
  TcpTalk talk{strict()};
  talk.say({.seq = 42, .flags = "S"});
  CHECK_FALSE(talk.say({.seq = kC, .flags = "S"}).tuple_reused);
  talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 1});
  talk.say({.seq = kC + 1, .payload = "data", .ack = kS + 1});
  CHECK(talk.text() == "data");
}

TEST_CASE("of two SYNs the answered one counts") {
  TcpTalk talk{strict()};
  talk.say({.seq = kC, .flags = "S"});
  talk.say({.seq = 42, .flags = "S"});  // forged: it never reached the server
  talk.say({.direction = kClient, .seq = kS, .flags = "SA", .ack = kC + 1});
  talk.say({.seq = kC + 1, .payload = "data", .ack = kS + 1});
  CHECK(talk.text() == "data");
}

TEST_CASE("a forged SYN does not end an established connection") {
  TcpTalk talk{strict()};
  shake(talk);
  const Outcome forged = talk.say({.seq = 900'000'000, .flags = "S", .payload = "x"});
  CHECK_FALSE(forged.tuple_reused);
  CHECK_FALSE(tracked(forged));
  talk.say({.seq = kC + 1, .payload = "EVIL", .ack = kS + 1});
  CHECK(talk.text() == "EVIL");
}

TEST_CASE("an answered SYN reuses the tuple of an established connection") {
  TcpTalk talk{strict()};
  shake(talk);
  CHECK_FALSE(talk.say({.seq = 900'000'000, .flags = "S", .window_scale = 3}).tuple_reused);
  const Say answer{.direction = kClient, .seq = 70, .flags = "SA", .ack = 900'000'001};
  CHECK(talk.say(answer).tuple_reused);
  talk.connection = successor_of(talk.connection);
  const Outcome out = talk.say(answer);
  CHECK(out.new_connection);
  CHECK(talk.connection.stream(kServer).window_scale == 3);
  CHECK(talk.say({.seq = 900'000'001, .flags = "A", .ack = 71}).established_now);
  talk.say({.seq = 900'000'001, .payload = "new", .ack = 71});
  CHECK(talk.text() == "new");
}

TEST_CASE("of a one-sided flow the data after a new SYN reuses the tuple") {
  TcpTalk talk{Settings{}};
  talk.say({.seq = kC, .flags = "S"});
  talk.say({.seq = kC + 1, .payload = "old"});
  CHECK_FALSE(talk.say({.seq = 900'000'000, .flags = "S"}).tuple_reused);
  CHECK(talk.say({.seq = 900'000'001, .payload = "new"}).tuple_reused);
  CHECK(successor_of(talk.connection).state == TcpState::syn_sent);
}

TEST_CASE("a SYN on a closed connection reuses its tuple at once") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 1, .flags = "R"});
  REQUIRE(talk.connection.state == TcpState::closed);
  CHECK(talk.say({.seq = kC + 500, .flags = "S"}).tuple_reused);
  CHECK(successor_of(talk.connection).state == TcpState::none);
}

TEST_CASE("a SYN after both FINs reuses the tuple even if their acknowledgements were not seen") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 1, .flags = "FA", .ack = kS + 1});
  talk.say({.direction = kClient, .seq = kS + 1, .flags = "FA", .ack = kC + 1});
  CHECK(talk.connection.state == TcpState::closing);
  CHECK(talk.say({.seq = kC + 500, .flags = "S"}).tuple_reused);
}

TEST_CASE("a RST in the window closes, and its payload is not the stream's") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 1, .payload = "Please", .ack = kS + 1});
  const Outcome rst = talk.say({.seq = kC + 7, .flags = "RA", .payload = "Access Denied", .ack = kS + 1});
  CHECK(rst.closed_now);
  CHECK(rst.reset);
  CHECK_FALSE(tracked(rst));
  CHECK(talk.text() == "Please");
  CHECK(talk.say({.seq = kC + 7, .payload = "more", .ack = kS + 1}).out_of_window == 4);
  CHECK(talk.text() == "Please");
}

TEST_CASE("a RST further in the window is not what a receiver acts on, and changes nothing") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 1, .payload = "GET /EV", .ack = kS + 1});
  CHECK_FALSE(talk.say({.seq = kC + 108, .flags = "R"}).closed_now);
  talk.say({.seq = kC + 8, .payload = "IL", .ack = kS + 1});
  CHECK(talk.text() == "GET /EVIL");
}

TEST_CASE("data that a RST overtook is still the stream's") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 1, .payload = "GET /EV", .ack = kS + 1});
  talk.say({.seq = kC + 10, .flags = "R"});
  talk.say({.seq = kC + 8, .payload = "IL", .ack = kS + 1});
  CHECK(talk.text() == "GET /EVIL");
}

TEST_CASE("what the peer had in flight when a RST came is still its stream's, and repeats are repeats") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 1, .payload = "abc", .ack = kS + 1});
  REQUIRE(talk.say({.seq = kC + 4, .flags = "R"}).closed_now);
  CHECK(talk.connection.finished(Direction::to_server));
  CHECK_FALSE(talk.connection.finished(Direction::to_client));
  CHECK(talk.say({.seq = kC + 1, .payload = "abc", .ack = kS + 1}).retransmitted == 3);
  CHECK(talk.say({.direction = kClient, .seq = kS + 1, .payload = "xyz", .ack = kC + 4}).deliver_length == 3);
}

TEST_CASE("a RST outside the window changes nothing") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 1, .payload = "abc", .ack = kS + 1});
  CHECK_FALSE(talk.say({.seq = kC + 500'000'000, .flags = "R"}).closed_now);
  CHECK_FALSE(talk.say({.seq = kC - 10, .flags = "R"}).closed_now);
  CHECK(talk.connection.state == TcpState::established);
  talk.say({.seq = kC + 4, .payload = "def", .ack = kS + 1});
  CHECK(talk.text() == "abcdef");
}

TEST_CASE("a RST from a receiver that has not taken all we saw is plausible") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.direction = kClient, .seq = kS + 1, .payload = "unread", .ack = kC + 1});
  CHECK(talk.say({.direction = kClient, .seq = kS + 1, .flags = "R"}).closed_now);
}

TEST_CASE("a refused connection closes when the RST acknowledges the SYN, and only then") {
  TcpTalk talk{strict()};
  talk.say({.seq = kC, .flags = "S"});
  CHECK_FALSE(talk.say({.direction = kClient, .seq = 0, .flags = "R"}).closed_now);
  CHECK_FALSE(talk.say({.direction = kClient, .seq = 0, .flags = "RA", .ack = kC + 99}).closed_now);
  const Outcome rst = talk.say({.direction = kClient, .seq = 0, .flags = "RA", .ack = kC + 1});
  CHECK(rst.closed_now);
  CHECK(rst.reset);
}

TEST_CASE("two acknowledged FINs close") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 1, .flags = "FA", .payload = "bye", .ack = kS + 1});
  CHECK(talk.connection.state == TcpState::closing);
  CHECK_FALSE(talk.say({.direction = kClient, .seq = kS + 1, .flags = "FA", .ack = kC + 5}).closed_now);
  const Outcome last = talk.say({.seq = kC + 5, .flags = "A", .ack = kS + 2});
  CHECK(last.closed_now);
  CHECK_FALSE(last.reset);
  CHECK(talk.connection.state == TcpState::closed);
  CHECK(talk.text() == "bye");
}

TEST_CASE("data that the closing overtook is the stream's, and then the connection is finished") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 4, .flags = "FA", .ack = kS + 1});
  talk.say({.direction = kClient, .seq = kS + 1, .flags = "FA", .ack = kC + 5});
  REQUIRE(talk.say({.seq = kC + 5, .flags = "A", .ack = kS + 2}).closed_now);
  CHECK_FALSE(talk.connection.finished(Direction::to_server));
  CHECK(tracked(talk.say({.seq = kC + 1, .payload = "bye", .ack = kS + 1})));
  CHECK(talk.text() == "bye");
  CHECK(talk.connection.finished(Direction::to_server));
}

TEST_CASE("data sent again after the close is a retransmission") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 1, .flags = "FA", .payload = "bye", .ack = kS + 1});
  talk.say({.direction = kClient, .seq = kS + 1, .flags = "FA", .ack = kC + 5});
  talk.say({.seq = kC + 5, .flags = "A", .ack = kS + 2});
  REQUIRE(talk.connection.finished(Direction::to_server));
  CHECK(talk.say({.seq = kC + 1, .payload = "bye", .ack = kS + 1}).retransmitted == 3);
  CHECK(talk.text() == "bye");
}

TEST_CASE("the stream ends at the FIN") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 1, .flags = "FA", .payload = "end", .ack = kS + 1});
  CHECK(talk.say({.seq = kC + 4, .payload = "beyond", .ack = kS + 1}).out_of_window == 6);
  CHECK(talk.text() == "end");
}

TEST_CASE("a FIN that comes early waits for the bytes before it") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 4, .flags = "FA", .payload = "def", .ack = kS + 1});
  talk.say({.seq = kC + 1, .payload = "abc", .ack = kS + 1});
  CHECK(talk.text() == "abcdef");
}

TEST_CASE("an acknowledgement beyond a FIN proves that the receiver never took it") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say({.seq = kC + 1, .flags = "FA", .ack = kS + 1});  // forged
  talk.say({.seq = kC + 1, .payload = "EV", .ack = kS + 1});
  talk.say({.direction = kClient, .seq = kS + 1, .flags = "A", .ack = kC + 3});
  CHECK(talk.connection.state == TcpState::established);
  talk.say({.seq = kC + 1, .payload = "EVIL", .ack = kS + 1});
  CHECK(talk.text() == "EVIL");
}

TEST_CASE("a FIN before what the receiver has acknowledged is not believed") {
  TcpTalk talk{strict()};
  shake(talk);
  talk.say(
      {.direction = kClient, .seq = kS + 1, .flags = "A", .ack = kC + 11});  // for bytes we did not see yet
  talk.say({.seq = kC + 1, .flags = "FA", .payload = "EV", .ack = kS + 1});
  CHECK(talk.connection.state == TcpState::established);
  talk.say({.seq = kC + 3, .payload = "IL", .ack = kS + 1});
  CHECK(talk.text() == "EVIL");
}
