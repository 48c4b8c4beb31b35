#include "packet/layers.h"

#include "support/catch.h"
#include "support/mbufs.h"
#include "support/packet_builder.h"

using namespace mirrorscan;
using packet::IpLayer;
using packet::LayerFault;
using packet::LinkLayer;
using support::Bytes;
using support::MbufChain;
using support::Packet;

namespace {

LayerFault ip_of(const Bytes& bytes, IpLayer& out, IpVersion expected = IpVersion::none) {
  MbufChain chain(bytes);
  return packet::read_ip(*chain, 0, chain->pkt_len, expected, out);
}
LayerFault fault_of(const Bytes& bytes, IpVersion expected = IpVersion::none) {
  IpLayer out;
  return ip_of(bytes, out, expected);
}
Packet v4() {
  return Packet().ip("10.0.0.1", "10.0.0.2").udp(1, 2).payload("0123456789");
}
Packet v6() {
  return Packet().ip("2001:db8::1", "2001:db8::2").udp(1, 2).payload("0123456789");
}

}  // namespace

TEST_CASE("up to two VLAN tags of any kind are walked") {
  LinkLayer link;
  MbufChain none(v4().bytes());
  CHECK(packet::read_link(*none, link) == LayerFault::none);
  CHECK(link.vlans == 0);
  CHECK(link.end == 14);
  for (const std::uint16_t type : std::initializer_list<std::uint16_t>{0x8100, 0x88a8, 0x9100}) {
    MbufChain two(v4().vlan(0xf123, type).vlan(0x0456).bytes());
    CHECK(packet::read_link(*two, link) == LayerFault::none);
    CHECK(link.vlans == 2);
    CHECK(link.vlan[0] == 0x123);
    CHECK(link.vlan[1] == 0x456);
    CHECK(link.ether_type == 0x0800);
    CHECK(link.end == 22);
  }
  MbufChain three(v4().vlan(1).vlan(2).vlan(3).bytes());
  CHECK(packet::read_link(*three, link) == LayerFault::vlan_depth);
}

TEST_CASE("a link header cut at any byte is truncated") {
  const Bytes frame = v4().vlan(1).vlan(2).bytes();
  LinkLayer link;
  for (std::size_t length = 0; length < 22; ++length) {
    MbufChain cut(ByteView(frame).first(length));
    CHECK(packet::read_link(*cut, link) == LayerFault::truncated);
  }
}

TEST_CASE("an IP packet of the other version than announced is refused") {
  CHECK(fault_of(v4().ip_bytes(), IpVersion::v4) == LayerFault::none);
  CHECK(fault_of(v4().ip_bytes(), IpVersion::v6) == LayerFault::bad_header);
  CHECK(fault_of(v6().ip_bytes(), IpVersion::v4) == LayerFault::bad_header);
  CHECK(fault_of(v4().ip_version(5).ip_bytes()) == LayerFault::bad_header);
}

TEST_CASE("IPv4 lengths that contradict each other are refused") {
  CHECK(fault_of(v4().ip_header_words(4).ip_bytes()) == LayerFault::bad_header);
  CHECK(fault_of(v4().ip_length(19).ip_bytes()) == LayerFault::bad_header);
  CHECK(fault_of(v4().ip_options(4).ip_length(23).ip_bytes()) == LayerFault::bad_header);
  IpLayer ip;
  CHECK(ip_of(v4().ip_options(4).ip_length(24).ip_bytes(), ip) == LayerFault::none);
  CHECK(ip.payload_stated == 0);
}

TEST_CASE("the payload ends where the IP length says") {
  IpLayer ip;
  Bytes padded = v4().ip_options(8).ip_bytes();
  padded.resize(padded.size() + 6);
  CHECK(ip_of(padded, ip) == LayerFault::none);
  CHECK(ip.payload_offset == 28);
  CHECK(ip.payload_stated == 18);
  CHECK(ip.payload_captured == 18);
  CHECK_FALSE(ip.truncated);
}

TEST_CASE("an IPv4 total length of 0 stands for the captured length") {
  IpLayer ip;
  CHECK(ip_of(v4().ip_length(0).ip_bytes(), ip) == LayerFault::none);
  CHECK(ip.payload_stated == 18);
  CHECK_FALSE(ip.truncated);
}

TEST_CASE("an IPv6 payload length of 0 stands for the captured length in a jumbogram only") {
  IpLayer ip;
  CHECK(ip_of(v6().hop_by_hop().ip_length(0).ip_bytes(), ip) == LayerFault::none);
  CHECK(ip.payload_stated == 18);
  CHECK(ip_of(v6().ip_length(0).ip_bytes(), ip) == LayerFault::none);
  CHECK(ip.payload_stated == 0);
}

TEST_CASE("IPv6 extension headers lead to the transport") {
  IpLayer ip;
  const Bytes packet = v6().hop_by_hop()
                           .destination_options(16)
                           .routing(24)
                           .authentication(20)
                           .destination_options()
                           .ip_bytes();
  CHECK(ip_of(packet, ip) == LayerFault::none);
  CHECK(ip.protocol == 17);
  CHECK(ip.payload_offset == 40 + 8 + 16 + 24 + 20 + 8);
  CHECK(ip.payload_stated == 18);
}

TEST_CASE("a chain of 256 extension headers is walked, one of 257 refused") {
  Packet packet = v6();
  for (int i = 0; i < 256; ++i) packet.destination_options();
  CHECK(fault_of(packet.ip_bytes()) == LayerFault::none);
  CHECK(fault_of(packet.destination_options().ip_bytes()) == LayerFault::bad_extensions);
}

TEST_CASE("malformed extension chains are refused") {
  CHECK(fault_of(v6().destination_options().hop_by_hop().ip_bytes()) == LayerFault::bad_extensions);
  CHECK(fault_of(v6().extension(60, {0, 255, 0, 0, 0, 0, 0, 0}).ip_bytes()) == LayerFault::bad_extensions);
  CHECK(fault_of(v6().extension(51, {0, 0, 0, 0, 0, 0, 0, 0}).ip_bytes()) == LayerFault::bad_extensions);
  CHECK(fault_of(v6().destination_options().ip_length(7).ip_bytes()) == LayerFault::bad_extensions);
  CHECK(fault_of(v6().destination_options(16).ip_length(15).ip_bytes()) == LayerFault::bad_extensions);
  CHECK(fault_of(v6().destination_options(16).ip_length(16).ip_bytes()) == LayerFault::none);
}

TEST_CASE("an extension chain cut by truncation is known up to the cut") {
  const Bytes packet = v6().hop_by_hop(8).routing(24).ip_bytes();
  for (std::size_t length = 40; length < packet.size(); ++length) {
    IpLayer ip;
    CHECK(ip_of(Bytes(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(length)), ip) ==
          LayerFault::none);
    CHECK(ip.truncated);
    CHECK(ip.extensions_cut == (length < 72));
    CHECK(ip.protocol == (length < 48 ? 0 : length < 72 ? 43 : 17));
    CHECK(ip.payload_stated == (length < 48 ? 50u : length < 72 ? 42u : 18u));
    CHECK(ip.payload_captured == (length < 72 ? 0 : length - 72));
  }
}

TEST_CASE("fragments are told from atomic fragments") {
  IpLayer ip;
  CHECK(ip_of(v6().id(77).atomic_fragment().ip_bytes(), ip) == LayerFault::none);
  CHECK_FALSE(ip.fragment);
  CHECK(ip.protocol == 17);
  CHECK(ip.id == 77);
  const Bytes frame = v6().id(78).fragment(8, 8);
  CHECK(ip_of(Bytes(frame.begin() + 14, frame.end()), ip) == LayerFault::none);
  CHECK(ip.fragment);
  CHECK(ip.more_fragments);
  CHECK(ip.fragment_offset == 8);
  CHECK(ip.id == 78);
  CHECK(ip.protocol == 17);
  CHECK(ip.payload_offset == 48);
  CHECK(ip.payload_stated == 8);
}

TEST_CASE("an IP header that would lie beyond 16-bit offsets is refused") {
  const Bytes ip = v4().ip_bytes();
  Bytes bytes(65'500);
  support::append(bytes, ip);
  MbufChain chain(bytes, {60'000});
  IpLayer out;
  CHECK(packet::read_ip(*chain, 65'500, chain->pkt_len, IpVersion::v4, out) == LayerFault::bad_header);

  Packet far = v6();
  for (int i = 0; i < 16; ++i) far.destination_options(2'048);
  Bytes late(65'535 - 60 - 20'000);
  support::append(late, far.ip_bytes());
  MbufChain long_chain(late, {60'000});
  CHECK(packet::read_ip(*long_chain, 65'535 - 60 - 20'000, long_chain->pkt_len, IpVersion::v6, out) ==
        LayerFault::bad_extensions);
}
