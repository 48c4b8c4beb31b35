#include <string>

#include "support/catch.h"
#include "support/packet_builder.h"
#include "wire/ethernet.h"
#include "wire/geneve.h"
#include "wire/icmp.h"
#include "wire/ip_protocol.h"
#include "wire/ipv4.h"
#include "wire/ipv6.h"
#include "wire/sctp.h"
#include "wire/tcp.h"
#include "wire/udp.h"
#include "wire/view.h"
#include "wire/vxlan.h"

using namespace mirrorscan;
using namespace mirrorscan::wire;
using support::Bytes;
using support::Packet;

namespace {

struct Option {
  int kind;
  std::size_t bytes;
  friend bool operator==(Option, Option) = default;
};

std::vector<Option> options_of(const Bytes& bytes) {
  std::vector<Option> out;
  for_each_tcp_option(bytes, [&out](std::uint8_t kind, ByteView data) {
    out.push_back({kind, data.size()});
  });
  return out;
}

}  // namespace

TEST_CASE("numbers keep their value through network order") {
  for (const std::uint64_t value : {0ull, 1ull, 0x80ull, 0x1234ull, 0xfedcba98ull, 0x0123456789abcdefull}) {
    CHECK(Be16::from_host(static_cast<std::uint16_t>(value)).host() == (value & 0xffff));
    CHECK(Be24::from_host(static_cast<std::uint32_t>(value)).host() == (value & 0xffffff));
    CHECK(Be32::from_host(static_cast<std::uint32_t>(value)).host() == (value & 0xffffffff));
    CHECK(Be64::from_host(value).host() == value);
  }
}

TEST_CASE("the first byte on the wire is the most significant") {
  const Bytes bytes{1, 2, 3, 4, 5, 6, 7, 8};
  CHECK(view<Be16>(bytes)->host() == 0x0102);
  CHECK(view<Be24>(bytes)->host() == 0x010203);
  CHECK(view<Be32>(bytes)->host() == 0x01020304);
  CHECK(view<Be64>(bytes)->host() == 0x0102030405060708);
}

TEST_CASE("a view is made of exactly enough bytes and of no fewer") {
  const Bytes bytes(20);
  CHECK(view<Ipv4Header>(bytes) != nullptr);
  CHECK(view<Ipv4Header>(ByteView(bytes).first(19)) == nullptr);
  CHECK(view<Ipv4Header>({}) == nullptr);
}

TEST_CASE("an IPv4 frame reads as it was built") {
  const Bytes frame =
      Packet().vlan(0x0abc).ip("10.1.2.3", "10.4.5.6").ttl(7).tos(0x28).id(0xbeef).udp(1, 2).bytes();
  const auto* ethernet = view<EthernetHeader>(frame);
  CHECK(ether_type::is_vlan(ethernet->type.host()));
  const auto* tag = view<VlanTag>(ByteView(frame).subspan(14));
  CHECK(tag->id() == 0x0abc);
  CHECK(tag->type.host() == ether_type::kIpv4);
  const auto* ip = view<Ipv4Header>(ByteView(frame).subspan(18));
  CHECK(ip->version() == 4);
  CHECK(ip->header_bytes() == 20);
  CHECK(ip->total_length.host() == 28);
  CHECK(ip->id.host() == 0xbeef);
  CHECK(ip->ttl == 7);
  CHECK(ip->tos == 0x28);
  CHECK(ip->protocol == ip_protocol::kUdp);
  CHECK(ip->src[3] == 3);
  CHECK(ip->dst[3] == 6);
}

TEST_CASE("the VLAN id leaves out priority and drop eligibility") {
  const Bytes tag{0xff, 0xfe, 0x08, 0x00};
  CHECK(view<VlanTag>(tag)->id() == 0xffe);
}

TEST_CASE("IPv4 fragment bits are told apart") {
  const auto header = [](std::uint16_t bits) {
    return Packet().ip("10.0.0.1", "10.0.0.2").udp(1, 2).fragment_bits(bits).ip_bytes();
  };
  CHECK(view<Ipv4Header>(header(0x4000))->dont_fragment());
  CHECK_FALSE(view<Ipv4Header>(header(0x4000))->more_fragments());
  CHECK(view<Ipv4Header>(header(0x2000))->more_fragments());
  CHECK(view<Ipv4Header>(header(0x2001))->fragment_offset_bytes() == 8);
  CHECK(view<Ipv4Header>(header(0x1fff))->fragment_offset_bytes() == 65'528);
}

TEST_CASE("an IPv6 packet reads as it was built") {
  const Bytes packet =
      Packet().ip("2001:db8::1", "2001:db8::2").tos(0xb8).ttl(3).hop_by_hop(16).tcp(1, 2).ip_bytes();
  const auto* ip = view<Ipv6Header>(packet);
  CHECK(ip->version() == 6);
  CHECK(ip->traffic_class() == 0xb8);
  CHECK(ip->hop_limit == 3);
  CHECK(ip->payload_length.host() == 36);
  CHECK(ip->next_header == ip_protocol::kHopByHop);
  const auto* extension = view<Ipv6Extension>(ByteView(packet).subspan(40));
  CHECK(extension->bytes() == 16);
  CHECK(extension->next_header == ip_protocol::kTcp);
  CHECK(Ipv6Extension{0, 2}.bytes_of_ah() == 16);
}

TEST_CASE("an IPv6 fragment header tells offset, flag and id") {
  const Bytes frame =
      Packet().ip("2001:db8::1", "2001:db8::2").id(0x01020304).udp(1, 2).payload(Bytes(40)).fragment(16, 8);
  const auto* fragment = view<Ipv6Fragment>(ByteView(frame).subspan(54));
  CHECK(fragment->fragment_offset_bytes() == 16);
  CHECK(fragment->more_fragments());
  CHECK(fragment->id.host() == 0x01020304);
}

TEST_CASE("transport headers read as they were built") {
  const Bytes tcp =
      Packet().tcp(1, 2).seq(3).ack(4).window(5).flags(0x12).tcp_option(2, {5, 0xb4}).ip_payload();
  CHECK(view<TcpHeader>(tcp)->seq.host() == 3);
  CHECK(view<TcpHeader>(tcp)->ack.host() == 4);
  CHECK(view<TcpHeader>(tcp)->window.host() == 5);
  CHECK(view<TcpHeader>(tcp)->flags == 0x12);
  CHECK(view<TcpHeader>(tcp)->header_bytes() == 24);
  const Bytes udp = Packet().udp(53, 1024).payload("abc").ip_payload();
  CHECK(view<UdpHeader>(udp)->src_port.host() == 53);
  CHECK(view<UdpHeader>(udp)->length.host() == 11);
  CHECK(view<IcmpHeader>(Packet().icmp(3, 13).ip_payload())->code == 13);
  CHECK(view<SctpHeader>(Packet().sctp(7, 8).ip_payload())->dst_port.host() == 8);
}

TEST_CASE("TCP options are walked over padding up to the end of the list") {
  CHECK(options_of({}).empty());
  CHECK(options_of({1, 1, 2, 4, 5, 0xb4, 1, 3, 3, 7}) == std::vector<Option>{{2, 2}, {3, 1}});
  CHECK(options_of({34, 2, 0, 3, 3, 7}) == std::vector<Option>{{34, 0}});
}

TEST_CASE("TCP options end at the first malformed one") {
  CHECK(options_of({3, 3, 7, 2, 1, 0, 0}) == std::vector<Option>{{3, 1}});    // a length below its own header
  CHECK(options_of({3, 3, 7, 2, 0, 0, 0}) == std::vector<Option>{{3, 1}});    // one that would never advance
  CHECK(options_of({3, 3, 7, 2, 4, 5}) == std::vector<Option>{{3, 1}});       // one byte short
  CHECK(options_of({3, 3, 7, 2}) == std::vector<Option>{{3, 1}});             // no length
  CHECK(options_of({3, 3, 7, 8, 255, 0, 0}) == std::vector<Option>{{3, 1}});  // far beyond
}

TEST_CASE("VXLAN: the I flag, the VNI and everything reserved") {
  VxlanHeader header{0x08, {}, Be24::from_host(0xabcdef), 0};
  CHECK(header.vni_valid());
  CHECK(header.vni.host() == 0xabcdef);
  CHECK_FALSE(header.any_reserved_bit());
  for (int bit = 0; bit < 64; ++bit) {
    Bytes bytes{0x08, 0, 0, 0, 1, 2, 3, 0};
    bytes[static_cast<std::size_t>(bit / 8)] ^= static_cast<std::uint8_t>(0x80 >> bit % 8);
    const bool meaningful = bit == 4 || (bit >= 32 && bit < 56);
    CHECK(view<VxlanHeader>(bytes)->any_reserved_bit() == !meaningful);
    CHECK(view<VxlanHeader>(bytes)->vni_valid() == (bit != 4));
  }
}

TEST_CASE("GENEVE: version, option length, and a type without its critical bit") {
  const Bytes header{0x48, 0xc0, 0x08, 0x00, 0, 0, 0, 0};
  CHECK(view<GeneveHeader>(header)->version() == 1);
  CHECK(view<GeneveHeader>(header)->option_bytes() == 32);
  CHECK(view<GeneveHeader>(header)->protocol.host() == ether_type::kIpv4);
  const Bytes option{0x01, 0x08, 0x81, 0xe2};
  CHECK(view<wire::GeneveOption>(option)->type() == 1);
  CHECK(view<wire::GeneveOption>(option)->data_bytes() == 8);
  CHECK(view<wire::GeneveOption>(option)->option_class.host() == gwlb_option::kClass);
}

TEST_CASE("checksums of built packets verify") {
  const Bytes v4 = Packet().ip("10.0.0.1", "10.0.0.2").ip_options(8).tcp(1, 2).payload("odd").ip_bytes();
  CHECK(support::internet_checksum(ByteView(v4).first(28)) == 0);
  // RFC 9293 section 3.1: the pseudo-header is source, destination, protocol and TCP length.
  Bytes pseudo(v4.begin() + 12, v4.begin() + 20);
  support::add32(pseudo, 6u << 16 | 23u);
  support::append(pseudo, ByteView(v4).subspan(28));
  CHECK(support::internet_checksum(pseudo) == 0);
  CHECK(support::crc32c(as_bytes("123456789")) ==
        __builtin_bswap32(0xe3069283));  // RFC 3720 appendix B.4's check value
}
