#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "defrag/defragmenter.h"
#include "support/catch.h"
#include "support/defrag_books.h"
#include "support/packet_builder.h"

using namespace mirrorscan;
using defrag::Settings;
using defrag::Verdict;
using ledger::PacketEnd;
using ledger::PayloadEnd;
using support::Bytes;
using support::DefragBooks;
using support::Packet;
using support::pattern;
using Arrival = DefragBooks::Arrival;

namespace {

support::Mempool& pool() {
  static support::Mempool mbufs(255);
  return mbufs;
}

Timestamp at(std::int64_t seconds) {
  return {1'000'000'000 + seconds * 1'000'000};
}

Packet udp4(std::size_t payload, std::uint32_t id = 77) {
  return Packet().ip("10.0.0.1", "10.0.0.2").id(id).udp(5'000, 53).payload(pattern(payload));
}
Packet udp6(std::size_t payload, std::uint32_t id = 77) {
  return Packet().ip("2001:db8::1", "2001:db8::2").id(id).udp(5'000, 53).payload(pattern(payload));
}

/// Adds all; the verdict of the last.
Verdict add_all(DefragBooks& books, const std::vector<Bytes>& frames, const Arrival& arrival = {}) {
  Verdict last = Verdict::bad;
  for (const Bytes& frame : frames) last = books.add(frame, arrival);
  return last;
}

struct Bench {
  explicit Bench(const Settings& settings = {}) : books(settings, pool()) {}
  ~Bench() {
    CHECK(books.balances());
    CHECK(pool().in_use() == 0);
  }
  DefragBooks books;
};

}  // namespace

TEST_CASE("two IPv4 fragments become the datagram they were cut from") {
  Bench bench;
  const Packet packet = udp4(1'000);
  const auto fragments = packet.fragments(512);
  CHECK(bench.books.add(fragments[0], {}) == Verdict::held);
  CHECK(bench.books.add(fragments[1], {}) == Verdict::complete);
  REQUIRE(bench.books.whole());
  CHECK(bench.books.whole()->ip_packet == packet.ip_bytes());
  CHECK(bench.books.defragmenter().datagrams() == 0);
  CHECK(bench.books.defragmenter().datagrams_reassembled() == 1);
}

TEST_CASE("the whole datagram decodes as if it had never been in pieces") {
  Bench bench;
  for (const Packet& packet : {udp4(900), udp6(900)}) {
    add_all(bench.books, packet.fragments(128), {.tenant = 3});
    REQUIRE(bench.books.whole());
    packet::Meta meta = bench.books.whole()->meta;
    support::MbufChain chain(bench.books.whole()->ip_packet, {});
    REQUIRE(decode::decode_ip(*chain, 0, meta) == PacketEnd::none);
    CHECK(meta.transport == packet::Transport::udp);
    CHECK(meta.src_port == 5'000);
    CHECK(meta.payload_captured == 900);
    CHECK(meta.tenant == 3);
    CHECK_FALSE(meta.fragment);
  }
}

TEST_CASE("fragments in any order and in mbufs of any size become the datagram") {
  Bench bench;
  std::mt19937 random(1);
  for (int round = 0; round < 60; ++round) {
    const std::size_t size = random() % 5'000 + 9;
    const Packet packet = round % 2 == 0 ? udp4(size) : udp6(size);
    auto fragments = packet.fragments(8 * (random() % 64 + 1));
    if (fragments.size() < 2) continue;
    std::shuffle(fragments.begin(), fragments.end(), random);
    REQUIRE(add_all(bench.books, fragments, {.segment = random() % 200 + 1}) == Verdict::complete);
    REQUIRE(bench.books.whole()->ip_packet == packet.ip_bytes());
  }
}

TEST_CASE("IPv4 options of the first fragment are kept") {
  Bench bench;
  const Packet packet = udp4(100).ip_options(40);
  CHECK(add_all(bench.books, packet.fragments(64)) == Verdict::complete);
  CHECK(bench.books.whole()->ip_packet == packet.ip_bytes());
}

TEST_CASE("IPv6 extension headers before the fragment header are kept, the fragment header is not") {
  Bench bench;
  const Packet packet = udp6(100).hop_by_hop(16).routing(24).destination_options(8).authentication(16);
  CHECK(add_all(bench.books, packet.fragments(64), {.segment = 7}) == Verdict::complete);
  CHECK(bench.books.whole()->ip_packet == packet.ip_bytes());
}

TEST_CASE("an atomic fragment header before the real one is passed over") {
  Bench bench;
  const Packet packet = udp6(100).atomic_fragment();
  CHECK(add_all(bench.books, packet.fragments(64)) == Verdict::complete);
  CHECK(bench.books.whole()->ip_packet == packet.ip_bytes());
}

TEST_CASE("extension headers that are too long to keep are left out, and the payload stays") {
  Bench bench;
  CHECK(add_all(bench.books, udp6(100).hop_by_hop(512).fragments(64)) == Verdict::complete);
  CHECK(bench.books.whole()->ip_packet == udp6(100).ip_bytes());
}

TEST_CASE("the longest headers that are kept are kept") {
  Bench bench;
  const Packet longest = udp6(100).hop_by_hop(216);
  CHECK(add_all(bench.books, longest.fragments(64)) == Verdict::complete);
  CHECK(bench.books.whole()->ip_packet == longest.ip_bytes());
  CHECK(add_all(bench.books, udp6(100).hop_by_hop(224).fragments(64)) == Verdict::complete);
  CHECK(bench.books.whole()->ip_packet == udp6(100).ip_bytes());
}

TEST_CASE("the whole datagram has the first fragment's Meta and the time of the one that completed it") {
  Bench bench;
  const Packet packet = udp4(1'000);
  const auto fragments = packet.fragments(512);
  bench.books.add(fragments[1], {.now = at(1), .slot = 5, .capture_index = 10});
  bench.books.add(fragments[0], {.now = at(2), .slot = 6, .capture_index = 20});
  const packet::Meta& meta = bench.books.whole()->meta;
  CHECK(meta.ledger_slot == 6);
  CHECK(meta.time == at(2));
  CHECK(meta.capture_index == 20);
  CHECK(meta.wire_bytes == packet.ip_bytes().size());

  bench.books.add(fragments[0], {.now = at(3), .slot = 6, .capture_index = 30});
  bench.books.add(fragments[1], {.now = at(4), .slot = 5, .capture_index = 40});
  CHECK(bench.books.whole()->meta.ledger_slot == 6);
  CHECK(bench.books.whole()->meta.time == at(4));
  CHECK(bench.books.whole()->meta.capture_index == 40);
}

TEST_CASE("each part of the identity keeps datagrams apart") {
  Bench bench;
  const auto fragments = udp4(1'000).fragments(512);
  REQUIRE(bench.books.add(fragments[0], {}) == Verdict::held);
  CHECK(bench.books.add(fragments[1], {.tenant = 1}) == Verdict::held);
  CHECK(bench.books.add(udp4(1'000, 78).fragments(512)[1], {}) == Verdict::held);
  CHECK(bench.books.add(udp6(1'000).fragments(512)[1], {}) == Verdict::held);
  const Packet other_protocol =
      Packet().ip("10.0.0.1", "10.0.0.2").id(77).protocol(99).payload(pattern(1'008));
  CHECK(bench.books.add(other_protocol.fragments(512)[1], {}) == Verdict::held);
  const Packet reply = Packet().ip("10.0.0.2", "10.0.0.1").id(77).udp(5'000, 53).payload(pattern(1'000));
  CHECK(bench.books.add(reply.fragments(512)[1], {}) == Verdict::held);
  CHECK(bench.books.defragmenter().datagrams() == 6);
  CHECK(bench.books.add(fragments[1], {}) == Verdict::complete);
}

TEST_CASE("IPv6 fragments that state different next headers belong together; the first one counts") {
  Bench bench;
  const Packet packet = udp6(1'000);
  Bytes second = packet.fragments(512)[1];
  second[packet.l3_offset() + 40] = 6;  // the fragment header's next header: TCP
  CHECK(bench.books.add(second, {}) == Verdict::held);
  CHECK(bench.books.add(packet.fragments(512)[0], {}) == Verdict::complete);
  CHECK(bench.books.whole()->ip_packet == packet.ip_bytes());
}

TEST_CASE("inner VLAN ids keep datagrams apart only when the setting says so") {
  const Packet one = udp4(1'000).vlan(10), two = udp4(1'000).vlan(20);
  Bench without;
  without.books.add(one.fragments(512)[0], {});
  CHECK(without.books.add(two.fragments(512)[1], {}) == Verdict::complete);
  Bench with(Settings{.vlan_in_key = defrag::VlanInKey::included});
  with.books.add(one.fragments(512)[0], {});
  CHECK(with.books.add(two.fragments(512)[1], {}) == Verdict::held);
  CHECK(with.books.add(one.fragments(512)[1], {}) == Verdict::complete);
}

TEST_CASE("with the policy `first` the first copy of a byte is kept, whichever order the copies come in") {
  Bench bench(Settings{.policies = {OverlapPolicy::first, OverlapPolicy::first}});
  const Packet one = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(Bytes(64, 'a'));
  const Packet two = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(Bytes(64, 'b'));
  bench.books.add(one.fragment(8, 16), {});
  bench.books.add(two.fragment(0, 32), {});
  CHECK(bench.books.add(one.fragment(16, 48), {}) == Verdict::complete);
  const Bytes& packet = bench.books.whole()->ip_packet;
  const std::string body(packet.begin() + 20, packet.end());
  CHECK(body == std::string(8, 'b') + std::string(16, 'a') + std::string(8, 'b') + std::string(32, 'a'));
  CHECK(bench.books.disposed(PayloadEnd::fragment_overlap) == 16 + 16);
}

TEST_CASE("which copy of a byte is kept follows the policy of the receivers") {
  // 'a' at [16, 32), then 'b': at the same place, earlier, earlier to the same end, over it whole, later.
  struct Case {
    OverlapPolicy policy;
    std::string_view same, earlier, earlier_to_end, whole, later;
  };
  // clang-format off
  static constexpr Case kCases[] = {
      {OverlapPolicy::windows,   "aa", "aa", "aa", "bb", "aa"},
      {OverlapPolicy::bsd,       "aa", "ba", "bb", "bb", "aa"},
      {OverlapPolicy::bsd_right, "bb", "aa", "aa", "aa", "ab"},
      {OverlapPolicy::linux_,    "bb", "ba", "bb", "bb", "aa"},
      {OverlapPolicy::solaris,   "aa", "aa", "bb", "bb", "aa"},
      {OverlapPolicy::first,     "aa", "aa", "aa", "aa", "aa"},
      {OverlapPolicy::last,      "bb", "ba", "bb", "bb", "ab"},
  };
  // clang-format on
  const Packet one = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(Bytes(64, 'a'));
  const Packet two = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(Bytes(64, 'b'));
  const auto kept = [&](OverlapPolicy policy, std::size_t offset, std::size_t length) {
    Bench bench(Settings{.policies = {policy, policy}});
    bench.books.add(one.fragment(16, 16), {});
    bench.books.add(two.fragment(offset, length), {});
    // Every policy keeps what is there against the rest, which comes in pieces that touch nothing.
    for (const auto& [from, size] : {std::pair{0U, 8U}, {8U, 8U}, {32U, 8U}, {40U, 24U}})
      bench.books.add(one.fragment(from, size), {});
    REQUIRE(bench.books.whole());
    CHECK(bench.books.defragmenter().overlaps_that_differ() >= 1);
    const Bytes& packet = bench.books.whole()->ip_packet;
    return std::string{static_cast<char>(packet[20 + 16]), static_cast<char>(packet[20 + 24])};
  };
  for (const Case& c : kCases) {
    CAPTURE(static_cast<int>(c.policy));
    CHECK(kept(c.policy, 16, 16) == c.same);
    CHECK(kept(c.policy, 8, 16) == c.earlier);
    CHECK(kept(c.policy, 8, 24) == c.earlier_to_end);
    CHECK(kept(c.policy, 8, 32) == c.whole);
    CHECK(kept(c.policy, 24, 16) == c.later);
  }
}

TEST_CASE("a fragment whose bytes are all there ends as overlapped") {
  Bench bench;
  const Packet packet = udp4(1'000);
  bench.books.add(packet.fragment(0, 512), {});
  CHECK(bench.books.add(packet.fragment(0, 512), {}) == Verdict::overlapped);
  CHECK(bench.books.add(packet.fragment(104, 8), {}) == Verdict::overlapped);
  CHECK(bench.books.ended(PacketEnd::fragment_overlapped) == 2);
  CHECK(bench.books.disposed(PayloadEnd::fragment_overlap) == 520);
}

TEST_CASE("a last fragment without new bytes still tells the end") {
  Bench bench;
  const Packet longer = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(pattern(64));
  const Packet shorter = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(pattern(32));
  CHECK(bench.books.add(longer.fragment(0, 32), {}) == Verdict::held);
  CHECK(bench.books.add(shorter.fragment(16, 16), {}) == Verdict::complete);
  CHECK(bench.books.whole()->ip_packet == shorter.ip_bytes());
  CHECK(bench.books.disposed(PayloadEnd::fragment_overlap) == 16);
}

TEST_CASE("fragments that contradict the end of their datagram are bad, and the datagram goes on") {
  Bench bench;
  const Packet packet = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(pattern(100));
  const Packet longer = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(pattern(200));
  const Packet shorter = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(pattern(90));
  bench.books.add(packet.fragment(96, 8), {});
  CHECK(bench.books.add(longer.fragment(96, 8), {}) == Verdict::bad);    // goes beyond the end
  CHECK(bench.books.add(longer.fragment(96, 104), {}) == Verdict::bad);  // another end
  CHECK(bench.books.add(shorter.fragment(80, 10), {}) == Verdict::bad);  // another end
  CHECK(bench.books.add(packet.fragment(0, 96), {}) == Verdict::complete);
  bench.books.add(packet.fragment(88, 8), {});
  CHECK(bench.books.add(shorter.fragment(80, 10), {}) == Verdict::bad);  // an end before bytes that are there
  CHECK(bench.books.ended(PacketEnd::fragment_bad) == 4);
}

TEST_CASE("impossible offsets and lengths are bad") {
  Bench bench;
  const Packet small = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(pattern(16));
  const Packet packet = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(pattern(64));
  CHECK(bench.books.add(packet.fragment(0, 13), {}) == Verdict::bad);  // no multiple of 8, with more to come
  CHECK(bench.books.add(packet.fragment(8, 0), {}) == Verdict::bad);   // empty
  CHECK(bench.books.add(Packet(packet).payload(Bytes{}).fragment(64, 0), {}) == Verdict::bad);  // empty, last
  Bytes high = small.fragment(0, 16);
  support::put16(high, small.l3_offset() + 6, 0x1fff);  // offset 65,528
  CHECK(bench.books.add(high, {}) == Verdict::bad);
  CHECK(bench.books.defragmenter().datagrams() == 0);
  CHECK(bench.books.ended(PacketEnd::fragment_bad) == 4);
  CHECK(bench.books.disposed(PayloadEnd::fragment_bad) == 13 + 16);
}

TEST_CASE("a fragment may end exactly where IP's longest packet ends, and not one byte further") {
  Bench bench;
  for (const std::size_t length : {7u, 8u}) {
    const Packet packet = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(pattern(length));
    Bytes v4 = packet.fragment(0, 8);
    support::put16(v4, packet.l3_offset() + 6, (65'535 - 20 - 7) / 8);
    CHECK(bench.books.add(v4, {}) == (length == 7 ? Verdict::held : Verdict::bad));

    const Packet packet6 = Packet().ip("2001:db8::1", "2001:db8::2").protocol(99).payload(pattern(length));
    Bytes v6 = packet6.fragment(0, 8);
    support::put16(v6, packet6.l3_offset() + 42, 65'528);
    CHECK(bench.books.add(v6, {}) == (length == 7 ? Verdict::held : Verdict::bad));
  }
}

TEST_CASE("the longest datagrams come out whole") {
  Bench bench;
  const Packet v4 = udp4(65'535 - 20 - 8), v6 = udp6(65'535 - 8);
  for (const Packet& packet : {v4, v6}) {
    CHECK(add_all(bench.books, packet.fragments(1'480)) == Verdict::complete);
    REQUIRE(bench.books.whole());
    CHECK(bench.books.whole()->ip_packet == packet.ip_bytes());
  }
}

TEST_CASE("a datagram whose first fragment has too long a header for its payload is bad as a whole") {
  Bench bench;
  const Packet plain = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(pattern(65'515));
  const Packet options = Packet(plain).ip_options(4).payload(pattern(65'511));
  for (std::size_t offset = 1'024; offset < 65'515; offset += 1'024)
    bench.books.add(plain.fragment(offset, 1'024), {});
  CHECK(bench.books.add(options.fragment(0, 1'024), {}) == Verdict::complete);
  CHECK_FALSE(bench.books.whole());
  CHECK(bench.books.ended(PacketEnd::fragment_bad) == 64);
  CHECK(bench.books.disposed(PayloadEnd::fragment_bad) == 65'515);
}

TEST_CASE("a fragment that the mirror cut is truncated, and its datagram waits for a whole copy") {
  Bench bench;
  const Packet packet = udp4(1'000);
  const auto fragments = packet.fragments(512);
  bench.books.add(fragments[1], {});
  CHECK(bench.books.add(fragments[0], {.snap = fragments[0].size() - 1}) == Verdict::truncated);
  CHECK(bench.books.ended(PacketEnd::fragment_truncated) == 1);
  CHECK(bench.books.disposed(PayloadEnd::fragment_truncated) == 511);
  CHECK(bench.books.add(fragments[0], {}) == Verdict::complete);
}

TEST_CASE("a datagram ends by timeout exactly, from its first fragment on") {
  Bench bench(Settings{.timeout = Duration::seconds(30)});
  const auto fragments = udp4(2'000).fragments(512);
  bench.books.add(fragments[0], {.now = at(0)});
  bench.books.add(fragments[1], {.now = at(29)});
  CHECK(bench.books.expire({at(30).us - 1}) == 0);
  CHECK(bench.books.expire(at(30)) == 1);
  CHECK(bench.books.ended(PacketEnd::fragment_timeout) == 2);
  CHECK(bench.books.disposed(PayloadEnd::fragment_timeout) == 1'024);
  CHECK(bench.books.total().held_defrag == ledger::Amount{});
}

TEST_CASE("a fragment for a datagram past its timeout starts a new one, also before expire") {
  Bench bench(Settings{.timeout = Duration::seconds(30)});
  const auto fragments = udp4(1'000).fragments(512);
  bench.books.add(fragments[0], {.now = at(0)});
  CHECK(bench.books.add(fragments[1], {.now = at(30)}) == Verdict::held);
  CHECK(bench.books.ended(PacketEnd::fragment_timeout) == 1);
  CHECK(bench.books.add(fragments[0], {.now = {at(60).us - 1}}) == Verdict::complete);
}

TEST_CASE("expire ends the oldest first and no more than it may") {
  Bench bench(Settings{.timeout = Duration::seconds(30)});
  for (std::uint32_t id = 0; id < 10; ++id)
    bench.books.add(udp4(1'000, id).fragments(512)[0], {.now = at(id), .slot = id});
  CHECK(bench.books.expire(at(100), 4) == 4);
  for (std::uint32_t id = 0; id < 10; ++id) CHECK(bench.books.of(id).held_defrag.packets == (id < 4 ? 0 : 1));
  CHECK(bench.books.expire({INT64_MAX}) == 6);
  CHECK(bench.books.expire({INT64_MAX}) == 0);
}

TEST_CASE("times at the ends of the range do not overflow") {
  Bench bench;
  bench.books.add(udp4(1'000, 1).fragments(512)[0], {.now = {INT64_MAX}});
  CHECK(bench.books.expire({INT64_MIN}) == 0);
  CHECK(bench.books.expire({INT64_MAX}) == 1);
}

TEST_CASE("above the budget of datagrams the oldest is evicted") {
  Bench bench(Settings{.max_datagrams = 4});
  for (std::uint32_t id = 0; id < 5; ++id) bench.books.add(udp4(1'000, id).fragments(512)[0], {.slot = id});
  CHECK(bench.books.defragmenter().datagrams() == 4);
  CHECK(bench.books.defragmenter().datagrams_evicted() == 1);
  CHECK(bench.books.of(0).ends[static_cast<std::size_t>(PacketEnd::fragment_evicted)].packets == 1);
  CHECK(bench.books.disposed(PayloadEnd::fragment_evicted) == 512);
  CHECK(bench.books.add(udp4(1'000, 1).fragments(512)[1], {}) == Verdict::complete);
}

TEST_CASE("above the budget of bytes the oldest are evicted, never the datagram itself") {
  Bench bench(Settings{.max_bytes = 0});  // raised to what one whole datagram needs: 64 KiB
  const Packet large = udp4(65'000, 500);
  bench.books.add(large.fragment(0, 1'024), {});
  for (std::uint32_t id = 0; id < 63; ++id)
    bench.books.add(udp4(2'000, id).fragment(0, 1'024), {.slot = id + 1});
  CHECK(bench.books.defragmenter().datagrams_evicted() == 0);
  CHECK(bench.books.add(large.fragment(1'024, 2'048), {}) == Verdict::held);
  CHECK(bench.books.defragmenter().datagrams_evicted() == 2);
  for (std::uint32_t id = 0; id < 63; ++id)
    CHECK(bench.books.of(id + 1).held_defrag.packets == (id < 2 ? 0 : 1));
  CHECK(bench.books.add(large.fragment(3'072, 65'000), {}) == Verdict::complete);
  CHECK(bench.books.whole()->ip_packet == large.ip_bytes());
  CHECK(bench.books.ended(PacketEnd::fragment_evicted) >= 60);
}

TEST_CASE("a datagram in the smallest fragments fits the smallest budget, in any order") {
  Bench bench(Settings{.max_datagrams = 1, .max_bytes = 0});
  const Packet packet = Packet().ip("10.0.0.1", "10.0.0.2").protocol(99).payload(pattern(65'515));
  auto fragments = packet.fragments(8);
  std::mt19937 random(4);
  std::shuffle(fragments.begin(), fragments.end(), random);
  CHECK(add_all(bench.books, fragments) == Verdict::complete);
  CHECK(bench.books.whole()->ip_packet == packet.ip_bytes());
  CHECK(bench.books.ended(PacketEnd::fragment_reassembled) == fragments.size());
}

TEST_CASE("a flood of smallest fragments stays within its budget") {
  Bench bench(Settings{.max_bytes = 0});
  for (std::uint32_t id = 0; id < 12'000; ++id)
    REQUIRE(bench.books.add(udp4(100, id).fragment(8 * (id % 3), 8), {}) == Verdict::held);
  CHECK(bench.books.defragmenter().datagrams() <= 64);
  CHECK(bench.books.ended(PacketEnd::fragment_evicted) >= 12'000 - 64);
}

TEST_CASE("a datagram for which no mbuf is free ends as such, and leaves no mbuf behind") {
  support::Mempool few(3, 128);
  DefragBooks books(Settings{}, few);
  CHECK(add_all(books, udp4(1'000).fragments(512)) == Verdict::complete);
  CHECK_FALSE(books.whole());
  CHECK(few.in_use() == 0);
  CHECK(books.ended(PacketEnd::datagram_no_mbuf) == 2);
  CHECK(books.disposed(PayloadEnd::no_mbuf) == 1'008);
  CHECK(books.balances());
  CHECK(add_all(books, udp4(200).fragments(104)) == Verdict::complete);
  CHECK(books.whole());
}

TEST_CASE("a datagram that nobody takes is evicted by the next fragment") {
  defrag::Defragmenter defragmenter{Settings{}};
  packet::Meta meta;
  const auto add = [&](const Bytes& frame) {
    support::MbufChain chain(frame, {});
    REQUIRE(decode::decode(*chain, meta) == PacketEnd::none);
    return defragmenter.add(*chain, meta, {});
  };
  const auto fragments = udp4(1'000).fragments(512);
  add(fragments[0]);
  CHECK(add(fragments[1]) == Verdict::complete);
  CHECK(add(fragments[0]) == Verdict::held);
  defrag::Released released;
  REQUIRE(defragmenter.next_released(released));
  CHECK(released.packet_end == PacketEnd::fragment_evicted);
  CHECK(released.amount.packets == 2);
  CHECK_FALSE(defragmenter.next_released(released));
  CHECK(defragmenter.take(*pool()) == nullptr);
  CHECK(defragmenter.held().packets == 1);
}

TEST_CASE("fragments of one datagram go back to the slots they were booked on") {
  Bench bench;
  const Packet packet = udp4(1'400);
  const auto fragments = packet.fragments(512);
  bench.books.add(fragments[0], {.slot = 1});
  bench.books.add(fragments[1], {.slot = 2});
  bench.books.add(fragments[2], {.slot = 1});
  for (const std::uint32_t slot : {1u, 2u}) CHECK(bench.books.of(slot).balances());
  CHECK(bench.books.of(2).payload_handed_out == 512);
  CHECK(bench.books.of(1).payload_handed_out == 1'408 - 512);
  CHECK(bench.books.of(1).payload_handed_in == 1'408);
  CHECK(bench.books.of(1).handed_in == ledger::Amount{1, packet.ip_bytes().size()});
}
