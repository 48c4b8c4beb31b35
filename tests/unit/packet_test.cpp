#include <algorithm>
#include <random>

#include "packet/access.h"
#include "support/catch.h"
#include "support/mbufs.h"
#include "support/wire_bytes.h"

using namespace mirrorscan;
using support::Bytes;
using support::MbufChain;
using support::pattern;

namespace {

Bytes slice(const Bytes& bytes, std::size_t offset, std::size_t length) {
  const std::size_t from = std::min(offset, bytes.size());
  const std::size_t to = std::min(from + length, bytes.size());
  return Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(from),
               bytes.begin() + static_cast<std::ptrdiff_t>(to));
}

/// What read() gives, as bytes; an empty result also for a refusal.
Bytes read_bytes(const rte_mbuf& m, std::uint32_t offset, std::uint32_t length) {
  Bytes scratch(length + 1);
  const std::uint8_t* at = packet::read(m, offset, length, scratch.data());
  return at == nullptr ? Bytes{} : Bytes(at, at + length);
}

/// Random segment sizes, empty ones among them.
std::vector<std::size_t> random_sizes(std::mt19937& random, std::size_t total) {
  std::vector<std::size_t> out;
  for (std::size_t left = total; left > 0;) {
    const std::size_t size = random() % 4 == 0 ? 0 : std::min<std::size_t>(random() % 20, left);
    out.push_back(size);
    left -= size;
  }
  return out;
}

}  // namespace

TEST_CASE("the first mbuf's private area carries what is known about the packet") {
  MbufChain chain(pattern(10));
  packet::meta(*chain).tenant = 7;
  const rte_mbuf& constant = *chain;
  CHECK(packet::meta(constant).tenant == 7);
}

TEST_CASE("bytes in one segment are read in place") {
  MbufChain chain(pattern(30), {10, 20});
  std::uint8_t scratch[32];
  CHECK(packet::read(*chain, 2, 8, scratch) == static_cast<std::uint8_t*>(chain->buf_addr) + 2);
  CHECK(packet::read(*chain, 10, 20, scratch) == static_cast<std::uint8_t*>(chain->next->buf_addr));
  CHECK(packet::read(*chain, 9, 2, scratch) == scratch);
}

TEST_CASE("reading stops at the packet's end, byte for byte") {
  const Bytes bytes = pattern(30);
  MbufChain chain(bytes, {10, 0, 20});
  CHECK(read_bytes(*chain, 0, 30) == bytes);
  CHECK(read_bytes(*chain, 0, 31).empty());
  CHECK(read_bytes(*chain, 29, 1) == slice(bytes, 29, 1));
  CHECK(read_bytes(*chain, 30, 1).empty());
  CHECK(read_bytes(*chain, 0xffffffff, 2).empty());  // the sum must not wrap
  std::uint8_t scratch[1];
  CHECK(packet::read(*chain, 30, 0, scratch) != nullptr);
  CHECK(packet::read(*chain, 31, 0, scratch) == nullptr);
}

TEST_CASE("a chain shorter than its pkt_len is not read beyond its end") {
  MbufChain chain(pattern(30), {10, 20});
  chain->pkt_len = 40;
  CHECK(read_bytes(*chain, 25, 6).empty());
  CHECK(read_bytes(*chain, 25, 5).size() == 5);
  Bytes out(40);
  CHECK(packet::copy_out(*chain, 20, 20, out.data()) == 10);
}

TEST_CASE("bytes beyond pkt_len are not read, though a segment holds them") {
  MbufChain chain(pattern(30));
  chain->pkt_len = 20;
  CHECK(read_bytes(*chain, 0, 21).empty());
  CHECK(packet::for_each_piece(*chain, 15, 10, [](ByteView) {}) == 5);
}

TEST_CASE("a chain without the segments that nb_segs promises is settled") {
  MbufChain chain(pattern(30));
  chain->nb_segs = 2;
  chain->pkt_len = 45;
  packet::settle_chain(*chain);
  CHECK(chain->nb_segs == 1);
  CHECK(chain->pkt_len == 30);
}

TEST_CASE("settling cuts segments that go beyond pkt_len") {
  MbufChain chain(pattern(30), {10, 10, 10});
  chain->nb_segs = 1;
  chain->pkt_len = 15;
  packet::settle_chain(*chain);
  CHECK(chain->nb_segs == 3);
  CHECK(chain->next->data_len == 5);
  CHECK(chain->next->next->data_len == 0);
  CHECK(chain.bytes() == slice(pattern(30), 0, 15));
}

TEST_CASE("a header is a view in place, or a copy when it straddles segments") {
  const Bytes bytes = pattern(40);
  struct Header {
    std::array<std::uint8_t, 8> bytes;
  };
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    MbufChain chain(bytes, {split});
    packet::HeaderScratch scratch;
    const auto* header = packet::view<Header>(*chain, 16, scratch);
    REQUIRE(header != nullptr);
    CHECK(std::equal(header->bytes.begin(), header->bytes.end(), bytes.begin() + 16));
    CHECK(packet::view<Header>(*chain, 33, scratch) == nullptr);
  }
}

TEST_CASE("reading and shortening random chains agrees with a plain vector") {
  std::mt19937 random(1);
  for (int round = 0; round < 2'000; ++round) {
    Bytes twin = pattern(random() % 200);
    MbufChain chain(twin, random_sizes(random, twin.size()));
    chain->nb_segs = static_cast<std::uint16_t>(random());
    for (int step = 0; step < 6; ++step) {
      const auto offset = static_cast<std::uint32_t>(random() % 220);
      const auto length = static_cast<std::uint32_t>(1 + random() % 60);
      const Bytes wanted = slice(twin, offset, length);
      CHECK(read_bytes(*chain, offset, length) == (wanted.size() == length ? wanted : Bytes{}));
      Bytes pieces;
      const std::uint32_t visited = packet::for_each_piece(
          *chain, offset, length, [&](ByteView piece) { support::append(pieces, piece); });
      CHECK(visited == wanted.size());
      CHECK(pieces == wanted);
      Bytes copy(length);
      copy.resize(packet::copy_out(*chain, offset, length, copy.data()));
      CHECK(copy == wanted);

      const auto n = static_cast<std::uint32_t>(random() % 40);
      if (random() % 2 == 0) {
        packet::trim_front(*chain, n);
        twin = slice(twin, n, twin.size());
      } else {
        packet::keep_front(*chain, n * 6);
        twin = slice(twin, 0, n * 6);
      }
      REQUIRE(chain->pkt_len == twin.size());
      REQUIRE(chain.bytes() == twin);
    }
  }
}

TEST_CASE("a frame of 65,535 bytes in 2 KB segments reads like one piece") {
  const Bytes bytes = pattern(65'535);
  MbufChain chain(bytes, support::pieces_of(bytes.size(), 2'048));
  CHECK(chain->nb_segs == 32);
  CHECK(read_bytes(*chain, 0, 65'535) == bytes);
  packet::trim_front(*chain, 5'000);
  packet::keep_front(*chain, 60'000);
  CHECK(chain.bytes() == slice(bytes, 5'000, 60'000));
}
