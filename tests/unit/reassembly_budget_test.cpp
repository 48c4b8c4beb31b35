// What happens when the memory for held bytes is used up.

#include <array>
#include <string>
#include <vector>

#include "support/catch.h"
#include "support/tcp_talk.h"

using namespace mirrorscan;
using namespace mirrorscan::reassembly;
using mirrorscan::test::Say;
using mirrorscan::test::TcpTalk;

namespace {

constexpr std::uint32_t kPage = 1024;

Settings pages(std::uint32_t all, std::uint32_t per_stream) {
  Settings s;
  s.max_held_bytes = all * kPage;
  s.max_held_bytes_per_stream = per_stream * kPage;
  return s;
}

}  // namespace

TEST_CASE("65,536 one-byte segments out of order fit into the pages of their bytes") {
  TcpTalk talk{Settings{}};
  talk.say({.seq = 0xffffffff, .flags = "S"});
  const std::string byte = "x";
  for (std::uint32_t i = 65'536; i > 0; --i) talk.say({.seq = i, .payload = byte});
  CHECK(talk.assembler.held_bytes() == 65'536);
  CHECK(talk.assembler.held_pages() == 65);
  talk.say({.seq = 0, .payload = byte});
  CHECK(talk.text() == std::string(65'537, 'x'));
  CHECK(talk.broken() == "");
}

TEST_CASE("every other byte of 65,536 costs no more pages") {
  TcpTalk talk{Settings{}};
  talk.say({.seq = 0xffffffff, .flags = "S"});
  for (std::uint32_t i = 1; i < 65'536; i += 2) talk.say({.seq = i, .payload = "x"});
  CHECK(talk.assembler.held_bytes() == 32'768);
  CHECK(talk.assembler.held_pages() == 64);
  talk.close();
  CHECK(talk.broken() == "");
}

TEST_CASE("a stream over its budget gives up its first hole, and loses no byte that came") {
  TcpTalk talk{pages(100, 3)};
  talk.say({.seq = 0xffffffff, .flags = "S"});
  for (std::uint32_t i = 1; i <= 3; ++i) talk.say({.seq = i * kPage, .payload = std::to_string(i)});
  CHECK(talk.text() == "");
  const Outcome out = talk.say({.seq = 4 * kPage, .payload = "4"});
  CHECK(out.held == 1);
  CHECK(talk.text() == "<1024>1");
  CHECK(talk.assembler.held_pages() == 3);
  CHECK(talk.assembler.counters().budget_gaps == 1);
  talk.say({.seq = kPage + 1, .payload = std::string(kPage - 1, 'x')});
  CHECK(talk.text() == "<1024>1" + std::string(kPage - 1, 'x') + "2");
  CHECK(talk.broken() == "");
}

TEST_CASE("a stream that holds nothing while others use up the budget is delivered with a gap at once") {
  Assembler assembler{pages(2, 2)};
  std::array<Connection, 3> connections{};
  const auto say = [&](std::uint32_t id, std::uint32_t seq) {
    static constexpr std::array<std::uint8_t, 1> kByte{'x'};
    const std::array<ByteView, 1> pieces{ByteView(kByte)};
    const packet::Tcp tcp{.seq = seq, .flags = 0x10};
    const Outcome out = assembler.segment(connections[id], id, {Direction::to_server, tcp, 1, 1, {}}, pieces);
    Chunk chunk;
    CHECK_FALSE(assembler.next_chunk(connections[id], Direction::to_server, chunk));
    return out;
  };
  for (std::uint32_t id = 0; id < 3; ++id) say(id, 1);
  CHECK(say(0, 5).held == 1);
  CHECK(say(1, 5).held == 1);
  const Outcome third = say(2, 5);
  CHECK(third.deliver_length == 1);
  CHECK(third.gap_before == 3);
  CHECK(assembler.counters().budget_gaps == 1);
  for (Connection& c : connections) assembler.release(c);
  CHECK(assembler.counters().dropped_bytes == 2);
  CHECK(assembler.held_pages() == 0);
  CHECK(assembler.held_bytes() == 0);
}

TEST_CASE("a segment that needs no further page is held however full the budget is") {
  TcpTalk talk{pages(100, 1)};
  talk.say({.seq = 0xffffffff, .flags = "S"});
  talk.say({.seq = 10, .payload = "a"});
  CHECK(talk.say({.seq = 20, .payload = "b"}).held == 1);
  CHECK(talk.text() == "");
  CHECK(talk.assembler.counters().budget_gaps == 0);
}

TEST_CASE("a segment larger than a stream's whole budget is still taken") {
  TcpTalk talk{pages(4, 1)};
  talk.say({.seq = 0xffffffff, .flags = "S"});
  talk.say({.seq = 10, .payload = "a"});
  const std::string large(60'000, 'b');
  const Outcome out = talk.say({.seq = 20, .payload = large});
  CHECK(out.over_budget == 0);
  talk.close();
  CHECK(talk.text() == "<10>a<9>" + large);
  CHECK(talk.broken() == "");
}

TEST_CASE("a caller that does not drain runs out of pages, by count and without harm") {
  Assembler assembler{pages(1, 1)};
  Connection connection;
  const std::vector<std::uint8_t> bytes(60'000, 'x');
  const std::array<ByteView, 1> pieces{ByteView(bytes)};
  std::uint64_t over_budget = 0;
  for (const std::uint32_t seq : {0u, 100u, 100'000u, 200'000u, 300'000u}) {
    const packet::Tcp tcp{.seq = seq, .flags = 0x10};
    const std::uint32_t length = seq <= 100 ? 1 : 60'000;
    const Outcome out =
        assembler.segment(connection, 1, {Direction::to_server, tcp, length, length, {}}, pieces);
    CHECK(std::uint64_t{out.deliver_length} + out.held + out.over_budget == length);
    over_budget += out.over_budget;
  }
  CHECK(over_budget > 0);
  CHECK(assembler.counters().over_budget_bytes == over_budget);
  assembler.release(connection);
  CHECK(assembler.held_pages() == 0);
}

TEST_CASE("a released connection has no timer left") {
  Assembler assembler{Settings{}};
  Connection connection;
  const std::array<std::uint8_t, 1> byte{'x'};
  const std::array<ByteView, 1> pieces{ByteView(byte)};
  for (const std::uint32_t seq : {1u, 9u}) {
    const packet::Tcp tcp{.seq = seq, .flags = 0x10};
    (void)assembler.segment(connection, 1, {Direction::to_server, tcp, 1, 1, {}}, pieces);
  }
  assembler.release(connection);
  CHECK_FALSE(assembler.due(Timestamp{1'000'000'000}).has_value());
}
