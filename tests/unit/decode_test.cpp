#include "decode/decode.h"

#include <algorithm>
#include <random>

#include "decode_case.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::decode_test;
using ledger::PacketEnd;
using packet::Meta;
using packet::MirrorDirection;
using packet::Transport;
using support::Bytes;
using support::MbufChain;
using support::Packet;

namespace {

Bytes cut(const Bytes& frame, std::size_t length) {
  return Bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(length));
}

/// Whether two decodings found the same (Meta has padding, so that memcmp does not tell).
bool same(const Meta& a, const Meta& b) {
  return a.src == b.src && a.dst == b.dst && a.src_port == b.src_port && a.dst_port == b.dst_port &&
         a.l3_offset == b.l3_offset && a.l4_offset == b.l4_offset && a.payload_offset == b.payload_offset &&
         a.payload_captured == b.payload_captured && a.payload_stated == b.payload_stated &&
         a.vlan == b.vlan && a.vlans == b.vlans && a.version == b.version && a.protocol == b.protocol &&
         a.transport == b.transport && a.ttl == b.ttl && a.tos == b.tos && a.icmp_type == b.icmp_type &&
         a.icmp_code == b.icmp_code && a.truncated == b.truncated && a.fragment == b.fragment &&
         a.more_fragments == b.more_fragments && a.fragment_offset == b.fragment_offset &&
         a.ip_id == b.ip_id && a.tcp.seq == b.tcp.seq && a.tcp.ack == b.tcp.ack &&
         a.tcp.window == b.tcp.window && a.tcp.flags == b.tcp.flags && a.tcp.mss == b.tcp.mss &&
         a.tcp.window_scale == b.tcp.window_scale && a.tcp.fast_open == b.tcp.fast_open &&
         a.mirror_direction == b.mirror_direction && a.reassembled == b.reassembled;
}

}  // namespace

TEST_CASE("an IPv4 packet is described field by field") {
  const Packet packet =
      v4().vlan(0x0123, 0x88a8).vlan(0x0456).ttl(7).tos(0x28).id(0xbeef).ip_options(8).udp(53, 1'024);
  const Bytes frame = Packet(packet).payload("answer").bytes();
  const Outcome out = decoded(frame);
  CHECK(out.end == PacketEnd::none);
  CHECK(out.meta.src == support::address("10.0.0.1"));
  CHECK(out.meta.dst == support::address("10.0.0.2"));
  CHECK(out.meta.version == IpVersion::v4);
  CHECK(out.meta.vlans == 2);
  CHECK(out.meta.vlan[0] == 0x123);
  CHECK(out.meta.vlan[1] == 0x456);
  CHECK(out.meta.l3_offset == 22);
  CHECK(out.meta.l4_offset == 50);
  CHECK(out.meta.protocol == 17);
  CHECK(out.meta.ttl == 7);
  CHECK(out.meta.tos == 0x28);
  CHECK(out.meta.ip_id == 0xbeef);
  CHECK_FALSE(out.meta.truncated);
  CHECK_FALSE(out.meta.fragment);
  CHECK_FALSE(out.meta.more_fragments);
  CHECK_FALSE(out.meta.reassembled);
  CHECK(out.meta.fragment_offset == 0);
  CHECK(payload_of(frame, out.meta) == "answer");
}

TEST_CASE("an IPv6 packet is described field by field, its extension headers walked") {
  const Bytes frame = v6().ttl(3)
                          .tos(0xb8)
                          .hop_by_hop()
                          .routing(24)
                          .authentication()
                          .destination_options()
                          .udp(1, 2)
                          .payload("x")
                          .bytes();
  const Outcome out = decoded(frame);
  CHECK(out.end == PacketEnd::none);
  CHECK(out.meta.src == support::address("2001:db8::1"));
  CHECK(out.meta.dst == support::address("2001:db8::2"));
  CHECK(out.meta.version == IpVersion::v6);
  CHECK(out.meta.vlans == 0);
  CHECK(out.meta.l3_offset == 14);
  CHECK(out.meta.l4_offset == 14 + 40 + 8 + 24 + 16 + 8);
  CHECK(out.meta.protocol == 17);
  CHECK(out.meta.transport == Transport::udp);
  CHECK(out.meta.ttl == 3);
  CHECK(out.meta.tos == 0xb8);
  CHECK(payload_of(frame, out.meta) == "x");
}

TEST_CASE("what is not IP is refused by name") {
  for (const std::uint16_t type :
       std::initializer_list<std::uint16_t>{0x0806, 0x8847, 0x8864, 0x0040, 0x88b5}) {
    const Outcome out = decoded(Packet().ether_type(type).payload(Bytes(46)));
    CHECK(out.end == PacketEnd::inner_not_ip);
    CHECK(out.meta.version == IpVersion::none);
    CHECK(out.meta.transport == Transport::none);
  }
}

TEST_CASE("a third inner VLAN tag is refused") {
  CHECK(decoded(v4().vlan(1).vlan(2).vlan(3).udp(1, 2)).end == PacketEnd::inner_vlan_depth);
}

TEST_CASE("an IP header that contradicts itself or its EtherType is refused") {
  CHECK(decoded(v4().udp(1, 2).ether_type(0x86dd)).end == PacketEnd::inner_bad_ip_header);
  CHECK(decoded(v6().udp(1, 2).ether_type(0x0800)).end == PacketEnd::inner_bad_ip_header);
  CHECK(decoded(v4().udp(1, 2).ip_header_words(4)).end == PacketEnd::inner_bad_ip_header);
  CHECK(decoded(v4().udp(1, 2).ip_length(19)).end == PacketEnd::inner_bad_ip_header);
}

TEST_CASE("a malformed extension chain is refused") {
  CHECK(decoded(v6().destination_options().hop_by_hop().udp(1, 2)).end ==
        PacketEnd::inner_bad_extension_chain);
  CHECK(decoded(v6().extension(43, {0, 200, 0, 0, 0, 0, 0, 0}).udp(1, 2)).end ==
        PacketEnd::inner_bad_extension_chain);
}

TEST_CASE("Ethernet padding is no payload") {
  const Bytes frame = v4().tcp(1, 2).payload("abc").pad_to(60).bytes();
  CHECK(payload_of(frame, decoded(frame).meta) == "abc");
  CHECK(decoded(v4().tcp(1, 2).pad_to(60)).meta.payload_captured == 0);
}

TEST_CASE("an IPv4 total length of 0 is a super-frame: the captured length counts") {
  const Bytes frame = v4().tcp(1, 2).payload("segmented later").ip_length(0).bytes();
  CHECK(payload_of(frame, decoded(frame).meta) == "segmented later");
  CHECK_FALSE(decoded(frame).meta.truncated);
}

TEST_CASE("every fragment carries its piece of the IP payload and no ports") {
  for (const Packet& packet : {v4(), v6()}) {
    const Packet whole = Packet(packet).id(0x4321).udp(7, 8).payload("0123456789abcdefghijklmnop");
    Bytes together;
    for (const Bytes& frame : whole.fragments(16)) {
      const Outcome out = decoded(frame);
      CHECK(out.end == PacketEnd::none);
      CHECK(out.meta.fragment);
      CHECK(out.meta.transport == Transport::none);
      CHECK(out.meta.protocol == 17);
      CHECK(out.meta.src_port == 0);
      CHECK(out.meta.ip_id == 0x4321);
      CHECK(out.meta.fragment_offset == together.size());
      CHECK(out.meta.payload_stated == out.meta.payload_captured);
      support::append(together, as_bytes(payload_of(frame, out.meta)));
      CHECK(out.meta.more_fragments == (together.size() < whole.ip_payload().size()));
    }
    CHECK(together == whole.ip_payload());
  }
}

TEST_CASE("an atomic IPv6 fragment is decoded as a whole packet") {
  const Bytes frame = v6().id(9).atomic_fragment().udp(7, 8).payload("whole").bytes();
  const Outcome out = decoded(frame);
  CHECK_FALSE(out.meta.fragment);
  CHECK(out.meta.transport == Transport::udp);
  CHECK(out.meta.dst_port == 8);
  CHECK(payload_of(frame, out.meta) == "whole");
}

TEST_CASE("the mirror source's address tells the direction") {
  packet::Tunnel tunnel;
  tunnel.version = IpVersion::v4;
  const auto direction = [&tunnel](std::string_view source, const Bytes& frame) {
    tunnel.src = support::address(source);
    return decoded(frame, {}, tunnel).meta.mirror_direction;
  };
  CHECK(direction("10.0.0.1", v4().udp(1, 2).bytes()) == MirrorDirection::out);
  CHECK(direction("10.0.0.2", v4().udp(1, 2).bytes()) == MirrorDirection::in);
  CHECK(direction("10.0.0.3", v4().udp(1, 2).bytes()) == MirrorDirection::unknown);
  CHECK(direction("10.0.0.1", v6().udp(1, 2).bytes()) == MirrorDirection::unknown);
  // 32.1.13.184 is how 2001:db8:: begins.
  CHECK(direction("32.1.13.184", Packet().ip("2001:db8::", "::").udp(1, 2).bytes()) ==
        MirrorDirection::unknown);
  CHECK(direction("0.0.0.0", Packet().ether_type(0x0806).bytes()) == MirrorDirection::unknown);
}

TEST_CASE("a frame cut within its link or IP header is refused, cut later it goes on") {
  for (const bool is_v6 : {false, true}) {
    const Packet packet =
        (is_v6 ? v6() : v4().ip_options(12)).vlan(1).tcp(1, 2).tcp_option(2, {5, 0xb4}).payload("0123456789");
    const Bytes frame = packet.bytes();
    const std::size_t l4 = packet.l4_offset();
    for (std::size_t length = 0; length <= frame.size(); ++length) {
      const Outcome out = decoded(cut(frame, length));
      if (length < l4) {
        CHECK(out.end == PacketEnd::inner_truncated);
        continue;
      }
      const bool header_there = length >= l4 + 24;
      CHECK(out.end == PacketEnd::none);
      CHECK(out.meta.truncated == (length < frame.size()));
      CHECK(out.meta.transport == (header_there ? Transport::tcp : Transport::none));
      CHECK(out.meta.payload_stated == (header_there ? 10u : 34u));
      CHECK(out.meta.payload_captured == (header_there ? length - l4 - 24 : 0));
    }
  }
}

TEST_CASE("an extension chain cut by truncation goes on without a transport") {
  const Bytes frame = v6().hop_by_hop(16).udp(1, 2).payload("abc").bytes();
  for (std::size_t length = 54; length < 70; ++length) {
    const Outcome out = decoded(cut(frame, length));
    CHECK(out.end == PacketEnd::none);
    CHECK(out.meta.transport == Transport::none);
    CHECK(out.meta.truncated);
    CHECK(out.meta.payload_captured == 0);
  }
}

TEST_CASE("segments split anywhere give the answer of one segment") {
  const std::vector<Packet> packets{
      v4().vlan(1)
          .vlan(2)
          .ip_options(8)
          .tcp(1, 2)
          .flags(support::kSyn)
          .tcp_option(2, {5, 0xb4})
          .tcp_option(3, {7})
          .payload("abc"),
      v6().hop_by_hop().routing(24).authentication().atomic_fragment().udp(1, 2).payload("abc"),
      v6().icmp(128, 3), v4().sctp(5, 6).payload("chunk")};
  for (const Packet& packet : packets) {
    const Bytes frame = packet.bytes();
    const Outcome whole = decoded(frame);
    REQUIRE(whole.end == PacketEnd::none);
    for (std::size_t first = 0; first <= frame.size(); ++first) {
      const Outcome split = decoded(frame, {first, 0, 3});
      CHECK(split.end == whole.end);
      CHECK(same(split.meta, whole.meta));
    }
    CHECK(same(decoded(frame, std::vector<std::size_t>(frame.size(), 1)).meta, whole.meta));
  }
}

TEST_CASE("a frame of 65,535 bytes in 2 KB segments is described like any other") {
  const Bytes frame = v4().tcp(1, 2).payload(support::pattern(65'535 - 54)).bytes();
  const Outcome out = decoded(frame, support::pieces_of(frame.size(), 2'048));
  CHECK(out.end == PacketEnd::none);
  CHECK(out.meta.payload_offset == 54);
  CHECK(out.meta.payload_captured == 65'535 - 54);
}

TEST_CASE("a datagram made whole is decoded from its IP header and keeps what the link told") {
  Bytes bytes(100);
  support::append(bytes, v6().udp(7, 8).payload("whole").ip_bytes());
  MbufChain chain(bytes);
  Meta meta = stale_meta();
  meta.vlans = 1;
  meta.vlan[0] = 5;
  meta.reassembled = true;
  CHECK(decode::decode_ip(*chain, 100, meta) == PacketEnd::none);
  CHECK(meta.l3_offset == 100);
  CHECK(meta.l4_offset == 140);
  CHECK(meta.dst_port == 8);
  CHECK(meta.vlans == 1);
  CHECK(meta.vlan[0] == 5);
  CHECK(meta.reassembled);
  CHECK(payload_of(bytes, meta) == "whole");
  CHECK(decode::decode_ip(*chain, 200, meta) == PacketEnd::inner_truncated);
}

TEST_CASE("no bytes, random or nearly right, make the payload leave the packet") {
  std::mt19937 random(5);
  const std::vector<Bytes> good{v4().ip_options(4).tcp(1, 2).tcp_option(2, {5, 0xb4}).payload("abc").bytes(),
                                v6().hop_by_hop().atomic_fragment().udp(1, 2).payload("abc").bytes()};
  for (int round = 0; round < 20'000; ++round) {
    Bytes frame = good[round % 2];
    if (round % 4 == 0) std::generate(frame.begin() + 14, frame.end(), std::ref(random));
    for (int i = 0; i < 3; ++i) frame[random() % frame.size()] = static_cast<std::uint8_t>(random());
    frame.resize(random() % (frame.size() + 1));
    const Outcome whole = decoded(frame);
    const Outcome split = decoded(frame, {random() % 60, random() % 60});
    REQUIRE(whole.end == split.end);
    REQUIRE(same(whole.meta, split.meta));
    if (whole.end != PacketEnd::none) continue;
    REQUIRE(whole.meta.payload_offset + whole.meta.payload_captured <= frame.size());
    REQUIRE(whole.meta.payload_captured <= whole.meta.payload_stated);
    REQUIRE(whole.meta.l3_offset < whole.meta.l4_offset);
    REQUIRE(whole.meta.l4_offset <= whole.meta.payload_offset);
  }
}
