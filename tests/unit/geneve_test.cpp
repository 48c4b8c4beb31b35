#include "decap_case.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::decap_test;
using ledger::PacketEnd;
using support::Bytes;
using support::GeneveOption;
using support::Mirror;
using support::Packet;

namespace {

/// A GENEVE frame around `packet`, which is an IP packet by the EtherType `protocol`.
Packet geneve(const Bytes& packet, std::uint16_t protocol = 0x0800,
              const std::vector<GeneveOption>& options = {}) {
  Packet out;
  return out.ip("10.9.0.1", "10.9.0.2")
      .udp(61'000, 6'081)
      .payload(support::geneve_payload(options, protocol, packet));
}

Bytes transport() {
  return Mirror().vxlan_packet(inner_frame()).ip_bytes();
}

}  // namespace

TEST_CASE("GENEVE as the Gateway Load Balancer sends it: session, options and inner frame come out") {
  const Outcome out = decapsulate(Mirror().gwlb(inner_frame()));
  CHECK(out.end == PacketEnd::none);
  CHECK(out.bytes == inner_frame());
  CHECK(out.tunnel.encap == packet::Encap::geneve);
  CHECK(out.tunnel.vni == 4'711);
  CHECK(out.tunnel.src == support::address("172.31.0.238"));
  CHECK(out.tunnel.dst == support::address("172.31.5.9"));
  CHECK(out.tunnel.src_port == 65'474);
  CHECK(out.tunnel.dst_port == 4'789);
  CHECK(out.tunnel.gwlb_endpoint == 0x0a1b2c3d4e5f6071);
  CHECK(out.tunnel.gwlb_attachment == 0x1122334455667788);
  CHECK(out.tunnel.gwlb_flow_cookie == 0xcafef00d);
  CHECK(out.observed.geneve_unknown_options == 0);
}

TEST_CASE("GENEVE with 32 bytes of AWS options adds the 68 bytes that AWS documents") {
  CHECK(Mirror().gwlb(inner_frame()).size() == Mirror().vxlan(inner_frame()).size() + 68);
}

TEST_CASE("GENEVE around IPv6") {
  Mirror mirror;
  mirror.source = "2001:db8::1";
  mirror.target = "2001:db8::2";
  const Outcome out = decapsulate(mirror.gwlb(inner_frame()));
  CHECK(out.bytes == inner_frame());
  CHECK(out.tunnel.version == IpVersion::v6);
}

TEST_CASE("GENEVE without options is decapsulated") {
  const Outcome out = decapsulate(geneve(transport()).bytes());
  CHECK(out.bytes == inner_frame());
  CHECK(out.tunnel.gwlb_endpoint == 0);
}

TEST_CASE("options that are none of AWS's are counted and skipped") {
  Mirror mirror;
  mirror.more_options = {{0x0109, 1, Bytes(8)}, {0x0108, 4, Bytes(4)}, {0x0108, 1, Bytes(4)}, {0, 0, {}}};
  const Outcome out = decapsulate(mirror.gwlb(inner_frame()));
  CHECK(out.bytes == inner_frame());
  CHECK(out.observed.geneve_unknown_options == 4);
  CHECK(out.tunnel.gwlb_endpoint == mirror.endpoint);
}

TEST_CASE("O and C bits and reserved bits are ignored") {
  const Bytes frame = Mirror().gwlb(inner_frame());
  for (const std::size_t at : {43u, 49u}) {  // control byte, reserved byte
    Bytes changed = frame;
    changed[at] = 0xff;
    CHECK(decapsulate(changed).bytes == inner_frame());
  }
  Bytes critical = frame;
  critical[50 + 2] |= 0x80;  // of the first option's type
  CHECK(decapsulate(critical).tunnel.gwlb_endpoint == Mirror().endpoint);
}

TEST_CASE("a GENEVE version other than 0 is refused") {
  Bytes frame = Mirror().gwlb(inner_frame());
  frame[42] |= 0x40;
  CHECK(decapsulate(frame).end == PacketEnd::geneve_bad_version);
}

TEST_CASE("a GENEVE option that goes beyond the options' length is refused") {
  Bytes frame = Mirror().gwlb(inner_frame());
  frame[50 + 12 + 12 + 3] = 2;  // the last option says 8 bytes and has 4
  CHECK(decapsulate(frame).end == PacketEnd::geneve_bad_options);
}

TEST_CASE("GENEVE that does not carry VXLAN in UDP in IP is refused by name") {
  const Bytes other_port = Mirror{.dst_port = 53}.vxlan_packet(inner_frame()).ip_bytes();
  const Bytes tcp = Packet().ip("10.0.0.1", "10.0.0.2").tcp(1, 4'789).ip_bytes();
  CHECK(decapsulate(geneve(inner_frame(), 0x6558).bytes()).end == PacketEnd::geneve_not_ip);
  CHECK(decapsulate(geneve(other_port).bytes()).end == PacketEnd::geneve_not_vxlan);
  CHECK(decapsulate(geneve(tcp).bytes()).end == PacketEnd::geneve_not_vxlan);
  CHECK(decapsulate(geneve(transport(), 0x86dd).bytes()).end == PacketEnd::outer_bad_ip_header);
  CHECK(decapsulate(geneve(Mirror{.flags = 0}.vxlan_packet(inner_frame()).ip_bytes()).bytes()).end ==
        PacketEnd::vxlan_no_vni);
}

TEST_CASE("a mirrored packet that was fragmented before GENEVE is refused as a fragment") {
  const Bytes fragment = Mirror().vxlan_packet(inner_frame()).fragment(0, 64);
  CHECK(decapsulate(geneve(Bytes(fragment.begin() + 14, fragment.end())).bytes()).end ==
        PacketEnd::outer_fragment);
}

TEST_CASE("a GENEVE frame cut at any byte is named by the header it ends in") {
  const Bytes inner = inner_frame();
  const Bytes frame = Mirror().gwlb(inner);
  for (std::size_t length = 0; length <= frame.size(); ++length) {
    const Outcome out =
        decapsulate(Bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(length)));
    const PacketEnd wanted = length < 42             ? PacketEnd::outer_truncated
                             : length < 42 + 40      ? PacketEnd::geneve_truncated
                             : length < 42 + 40 + 28 ? PacketEnd::outer_truncated
                             : length < 42 + 40 + 36 ? PacketEnd::vxlan_truncated
                                                     : PacketEnd::none;
    CHECK(out.end == wanted);
    if (wanted == PacketEnd::none) CHECK(out.bytes.size() == length - 118);
  }
}

TEST_CASE("GENEVE options as long as they can be are read across segments split anywhere") {
  std::vector<GeneveOption> options{{0x0108, 3, {1, 2, 3, 4}}};
  for (int i = 0; i < 2; ++i) options.push_back({0x0999, 9, Bytes(112)});
  options.push_back({0x0999, 9, Bytes(8)});
  const Bytes frame = geneve(transport(), 0x0800, options).bytes();
  REQUIRE((frame[42] & 0x3f) == 63);
  for (std::size_t first = 0; first < 340; ++first) {
    const Outcome out = decapsulate(frame, {first, 7});
    CHECK(out.bytes == inner_frame());
    CHECK(out.tunnel.gwlb_flow_cookie == 0x01020304);
    CHECK(out.observed.geneve_unknown_options == 3);
  }
}
