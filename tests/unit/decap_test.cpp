#include "decap/decap.h"

#include <random>

#include "decap_case.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::decap_test;
using ledger::PacketEnd;
using support::Bytes;
using support::MbufChain;
using support::Mirror;
using support::Packet;
using support::pattern;

TEST_CASE("VXLAN: the inner frame and the mirror session come out") {
  const Bytes inner = inner_frame();
  const Outcome out = decapsulate(Mirror().vxlan(inner));
  CHECK(out.end == PacketEnd::none);
  CHECK(out.bytes == inner);
  CHECK(out.tunnel.vni == 4'711);
  CHECK(out.tunnel.version == IpVersion::v4);
  CHECK(out.tunnel.src == support::address("172.31.0.238"));
  CHECK(out.tunnel.dst == support::address("172.31.5.9"));
  CHECK(out.tunnel.src_port == 65'474);
  CHECK(out.tunnel.dst_port == 4'789);
  CHECK(out.tunnel.encap == packet::Encap::vxlan);
  CHECK_FALSE(out.observed.vxlan_reserved_bits);
}

TEST_CASE("VXLAN over IPv6") {
  Mirror mirror;
  mirror.source = "2001:db8::1";
  mirror.target = "2001:db8::2";
  const Outcome out = decapsulate(mirror.vxlan(inner_frame()));
  CHECK(out.end == PacketEnd::none);
  CHECK(out.bytes == inner_frame());
  CHECK(out.tunnel.version == IpVersion::v6);
  CHECK(out.tunnel.src == support::address("2001:db8::1"));
  CHECK(out.tunnel.dst == support::address("2001:db8::2"));
}

TEST_CASE("outer IPv4 options and IPv6 extension headers are skipped") {
  CHECK(decapsulate(Mirror().vxlan_packet(inner_frame()).ip_options(40).bytes()).bytes == inner_frame());
  Mirror mirror;
  mirror.source = mirror.target = "2001:db8::1";
  const Bytes frame = mirror.vxlan_packet(inner_frame()).hop_by_hop().destination_options().bytes();
  CHECK(decapsulate(frame).bytes == inner_frame());
}

TEST_CASE("up to two outer VLAN tags are taken off and counted, a third is refused") {
  Mirror mirror;
  for (std::uint8_t tags = 0; tags <= 2; ++tags) {
    const Outcome out = decapsulate(mirror.vxlan(inner_frame()));
    CHECK(out.bytes == inner_frame());
    CHECK(out.tunnel.outer_vlans == tags);
    CHECK(out.observed.outer_vlans == tags);
    mirror.vlans.push_back(100);
  }
  CHECK(decapsulate(mirror.vxlan(inner_frame())).end == PacketEnd::outer_vlan_depth);
}

TEST_CASE("the I flag is required, and no reserved bit is a reason to refuse") {
  Mirror mirror;
  for (int flags = 0; flags < 256; ++flags) {
    mirror.flags = static_cast<std::uint8_t>(flags);
    const Outcome out = decapsulate(mirror.vxlan(inner_frame()));
    const bool valid = (flags & 0x08) != 0;
    CHECK(out.end == (valid ? PacketEnd::none : PacketEnd::vxlan_no_vni));
    CHECK(out.observed.vxlan_reserved_bits == (valid && flags != 0x08));
  }
}

TEST_CASE("only configured ports are decapsulated") {
  Mirror mirror;
  mirror.dst_port = 8'472;
  CHECK(decapsulate(mirror.vxlan(inner_frame())).end == PacketEnd::outer_other_port);
  decap::Settings settings;
  REQUIRE(settings.vxlan_ports.add(8'472));
  CHECK(decapsulate(mirror.vxlan(inner_frame()), {}, settings).bytes == inner_frame());
  CHECK(decapsulate(Mirror().vxlan(inner_frame()), {}, settings).bytes == inner_frame());
}

TEST_CASE("a set of ports says when it is full") {
  decap::PortSet ports(1);
  for (std::uint16_t port = 2; port <= 8; ++port) CHECK(ports.add(port));
  CHECK_FALSE(ports.add(9));
  CHECK(ports.contains(8));
  CHECK_FALSE(ports.contains(9));
  CHECK_FALSE(decap::PortSet().contains(0));
}

TEST_CASE("what is not UDP over IP is refused by name") {
  CHECK(decapsulate(Packet().ether_type(0x0806).payload(Bytes(46)).bytes()).end == PacketEnd::outer_not_ip);
  CHECK(decapsulate(Packet().ip("10.0.0.1", "10.0.0.2").tcp(1, 4'789).bytes()).end ==
        PacketEnd::outer_not_udp);
  CHECK(decapsulate(Mirror().vxlan_packet(inner_frame()).ip_version(6).bytes()).end ==
        PacketEnd::outer_bad_ip_header);
  CHECK(decapsulate(Mirror().vxlan_packet(inner_frame()).ip_length(19).bytes()).end ==
        PacketEnd::outer_bad_ip_header);
}

TEST_CASE("outer fragments are refused, first and later ones, IPv4 and IPv6") {
  Mirror mirror;
  for (const Bytes& fragment : mirror.vxlan_packet(inner_frame()).fragments(32))
    CHECK(decapsulate(fragment).end == PacketEnd::outer_fragment);
  mirror.source = mirror.target = "2001:db8::1";
  for (const Bytes& fragment : mirror.vxlan_packet(inner_frame()).fragments(32))
    CHECK(decapsulate(fragment).end == PacketEnd::outer_fragment);
}

TEST_CASE("Ethernet padding behind the outer datagram never counts as inner bytes") {
  const Bytes inner = pattern(3);
  CHECK(decapsulate(Mirror().vxlan_packet(inner).pad_to(60).bytes()).bytes == inner);
  CHECK(decapsulate(Mirror().vxlan_packet(inner).pad_to(60).bytes(), {55}).bytes == inner);
}

TEST_CASE("a frame that was cut is told from a packet that the mirror truncated") {
  const Bytes inner = inner_frame();
  for (const Bytes& whole : {Mirror().vxlan(inner), Mirror().gwlb(inner)}) {
    CHECK(decapsulate(whole).observed.cut_bytes == 0);
    for (const std::size_t missing : {1u, 7u, 18u}) {
      const Bytes frame(whole.begin(), whole.end() - static_cast<std::ptrdiff_t>(missing));
      const Outcome out = decapsulate(frame, {frame.size() / 2});
      CHECK(out.end == PacketEnd::none);
      CHECK(out.observed.cut_bytes == missing);
    }
  }
  const Bytes truncated(inner.begin(), inner.end() - 9);
  CHECK(decapsulate(Mirror().vxlan(truncated)).observed.cut_bytes == 0);
  CHECK(decapsulate(Mirror().vxlan_packet(pattern(3)).pad_to(60).bytes()).observed.cut_bytes == 0);
}

TEST_CASE("a refused frame that was cut is told too, and nonsense is not") {
  const Bytes whole = Mirror().vxlan(inner_frame());
  const Bytes frame(whole.begin(), whole.begin() + 45);  // inside the VXLAN header
  const Outcome out = decapsulate(frame);
  CHECK(out.end == PacketEnd::vxlan_truncated);
  CHECK(out.observed.cut_bytes == whole.size() - 45);
  CHECK(decapsulate(Bytes(whole.begin(), whole.begin() + 20)).observed.cut_bytes == 0);
  CHECK(decapsulate(Mirror().vxlan_packet(inner_frame()).ip_length(19).bytes()).observed.cut_bytes == 0);
}

TEST_CASE("bytes between UDP length and IP length are no inner bytes") {
  const Bytes inner = inner_frame();
  const auto length = static_cast<std::uint16_t>(16 + inner.size() - 5);
  const Outcome out = decapsulate(Mirror().vxlan_packet(inner).udp_length(length).bytes());
  CHECK(out.bytes == Bytes(inner.begin(), inner.end() - 5));
}

TEST_CASE("a UDP length without room for its header, or beyond the IP length, is refused") {
  const Bytes inner = inner_frame();
  const auto exact = static_cast<std::uint16_t>(16 + inner.size());
  const auto end_with = [&](std::uint16_t length) {
    return decapsulate(Mirror().vxlan_packet(inner).udp_length(length).bytes()).end;
  };
  CHECK(end_with(0) == PacketEnd::outer_bad_ip_header);
  CHECK(end_with(7) == PacketEnd::outer_bad_ip_header);
  CHECK(end_with(8) == PacketEnd::vxlan_truncated);
  CHECK(end_with(15) == PacketEnd::vxlan_truncated);
  CHECK(end_with(16) == PacketEnd::none);
  CHECK(end_with(exact) == PacketEnd::none);
  CHECK(end_with(static_cast<std::uint16_t>(exact + 1)) == PacketEnd::outer_bad_ip_header);
  CHECK(decapsulate(Mirror().vxlan_packet(inner).ip_length(27).bytes()).end ==
        PacketEnd::outer_bad_ip_header);
}

TEST_CASE("a frame cut at any byte is named by the header it ends in") {
  const Bytes inner = inner_frame();
  for (const bool v6 : {false, true}) {
    Mirror mirror;
    if (v6) mirror.source = mirror.target = "2001:db8::1";
    mirror.vlans = {5};
    const std::size_t vxlan = 18 + (v6 ? 40 : 20) + 8;
    const Bytes frame = mirror.vxlan(inner);
    for (std::size_t length = 0; length <= frame.size(); ++length) {
      const Outcome out =
          decapsulate(Bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(length)));
      const PacketEnd wanted = length < vxlan       ? PacketEnd::outer_truncated
                               : length < vxlan + 8 ? PacketEnd::vxlan_truncated
                                                    : PacketEnd::none;
      CHECK(out.end == wanted);
      if (wanted == PacketEnd::none)
        CHECK(out.bytes ==
              Bytes(inner.begin(), inner.begin() + static_cast<std::ptrdiff_t>(length - vxlan - 8)));
    }
  }
}

TEST_CASE("a refused packet keeps its bytes") {
  const Bytes frame = Mirror{.flags = 0}.vxlan_packet(inner_frame()).pad_to(300).bytes();
  CHECK(decapsulate(frame, {20, 30}).bytes == frame);
}

TEST_CASE("segments split anywhere give the answer of one segment") {
  const Bytes inner = inner_frame();
  const Bytes frame = Mirror{.vlans = {1, 2}}.vxlan_packet(inner).pad_to(400).bytes();
  for (std::size_t first = 0; first <= frame.size(); ++first) {
    const Outcome out = decapsulate(frame, {first, 0, 3});
    CHECK(out.end == PacketEnd::none);
    CHECK(out.tunnel.vni == 4'711);
    CHECK(out.bytes == inner);
  }
  CHECK(decapsulate(frame, std::vector<std::size_t>(frame.size(), 1)).bytes == inner);
}

TEST_CASE("a frame of 65,535 bytes in 2 KB segments is decapsulated in place") {
  const Bytes inner = pattern(65'535 - 50);
  const Bytes frame = Mirror().vxlan(inner);
  REQUIRE(frame.size() == 65'535);
  CHECK(decapsulate(frame, support::pieces_of(frame.size(), 2'048)).bytes == inner);
}

TEST_CASE("an mbuf that promises a segment it does not have is decapsulated as far as it goes") {
  const Bytes frame = Mirror().vxlan(inner_frame());
  MbufChain chain(ByteView(frame).first(frame.size() - 10));
  chain->nb_segs = 2;
  chain->pkt_len = static_cast<std::uint32_t>(frame.size());
  packet::Tunnel tunnel;
  decap::Observed observed;
  CHECK(decap::decapsulate(*chain, {}, tunnel, observed) == PacketEnd::none);
  CHECK(chain->nb_segs == 1);
  CHECK(chain->pkt_len == inner_frame().size() - 10);
}

TEST_CASE("no bytes, random or nearly right, make decapsulation fail otherwise than by name") {
  std::mt19937 random(3);
  const std::vector<Bytes> good{Mirror().vxlan(inner_frame()), Mirror().gwlb(inner_frame())};
  for (int round = 0; round < 20'000; ++round) {
    Bytes frame = good[round % 2];
    if (round % 4 == 0) std::generate(frame.begin(), frame.end(), std::ref(random));
    for (int i = 0; i < 3; ++i) frame[random() % frame.size()] = static_cast<std::uint8_t>(random());
    frame.resize(random() % (frame.size() + 1));
    const Outcome whole = decapsulate(frame);
    const Outcome split = decapsulate(frame, {random() % 60, random() % 60});
    CHECK(whole.end < PacketEnd::inner_truncated);
    REQUIRE(whole.end == split.end);
    REQUIRE(whole.bytes == split.bytes);
    REQUIRE(whole.bytes.size() <= frame.size());
  }
}
