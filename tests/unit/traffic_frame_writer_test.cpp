#include "traffic/frame_writer.h"

#include <algorithm>
#include <set>
#include <vector>

#include "decap/decap.h"
#include "decode/decode.h"
#include "support/catch.h"
#include "support/mbufs.h"
#include "support/packet_builder.h"
#include "support/wire_bytes.h"
#include "traffic/frame_length.h"
#include "traffic/sources.h"

using namespace mirrorscan;
using namespace mirrorscan::traffic;
using ledger::PacketEnd;
using support::Bytes;

namespace {

constexpr std::uint8_t kTcp = 6, kUdp = 17;
constexpr std::size_t kEthernet = 14;
const Bytes kText = support::pattern(9'000);

/// The shapes of frames that a profile can ask for.
enum class Shape { plain, vxlan, geneve };
constexpr std::array kShapes = {Shape::plain, Shape::vxlan, Shape::geneve};

Mirrors mirrors_of(Shape shape) {
  return {.first_vni = 0xabc000,
          .vnis = 5,
          .sources_per_vni = 3,
          .encap = shape == Shape::geneve ? packet::Encap::geneve : packet::Encap::vxlan,
          .encapsulated = shape != Shape::plain};
}

FrameWriter writer_of(Shape shape) {
  Profile profile;
  profile.mirrors = mirrors_of(shape);
  return FrameWriter(profile);
}

PacketPlan plan_of(IpVersion version, std::uint8_t protocol, std::size_t payload = 100) {
  PacketPlan plan;
  const bool v4 = version == IpVersion::v4;
  plan.ends = {.client = support::address(v4 ? "10.1.2.3" : "2001:db8::1:3"),
               .server = support::address(v4 ? "203.0.113.9" : "2001:db8:7::ffff:9"),
               .client_port = 41'001,
               .server_port = 443,
               .version = version,
               .protocol = protocol};
  plan.tcp_flags = 0x18;
  plan.ip_id = 0xbeef;
  plan.seq = 0xfffe'fdfc;
  plan.ack = 0x0102'8384;
  plan.payload = ByteView(kText).first(payload);
  plan.source = 7;
  return plan;
}

/// Plans of both versions, protocols and directions.
std::vector<PacketPlan> all_kinds(std::size_t payload = 100) {
  std::vector<PacketPlan> plans;
  for (const IpVersion version : {IpVersion::v4, IpVersion::v6})
    for (const std::uint8_t protocol : {kTcp, kUdp})
      for (const Direction direction : {Direction::to_server, Direction::to_client}) {
        plans.push_back(plan_of(version, protocol, payload));
        plans.back().direction = direction;
      }
  return plans;
}

Bytes written(const PacketPlan& plan, Shape shape) {
  Bytes out(FrameWriter::kMostFrameBytes, 0xee);
  out.resize(writer_of(shape).write(plan, out));
  return out;
}

/// A frame as the sensor reads it: decapsulated where it is encapsulated, and decoded.
struct Read {
  PacketEnd end;
  packet::Meta meta;
  decap::Observed observed;
  Bytes inner;
};

Read read(const Bytes& frame, Shape shape) {
  support::MbufChain chain(frame);
  Read out{};
  if (shape != Shape::plain) out.end = decap::decapsulate(*chain, {}, out.meta.tunnel, out.observed);
  if (out.end == PacketEnd::none) out.end = decode::decode(*chain, out.meta);
  out.inner = chain.bytes();
  return out;
}

Bytes payload_of(const Read& read) {
  const auto begin = read.inner.begin() + read.meta.payload_offset;
  return {begin, begin + read.meta.payload_captured};
}

/// Over pseudo-header and the whole of the segment in `packet`; 0 when its checksum is right. `packet` begins
/// with its IP header and ends with its last byte.
std::uint16_t transport_check(ByteView packet) {
  const bool v4 = packet[0] >> 4 == 4;
  const ByteView segment = packet.subspan(v4 ? 20 : 40);
  Bytes covered;
  support::append(covered, v4 ? packet.subspan(12, 8) : packet.subspan(8, 32));
  support::add16(covered, v4 ? packet[9] : packet[6]);
  support::add16(covered, segment.size());
  support::append(covered, segment);
  return support::internet_checksum(covered);
}

ByteView packet_in(const Bytes& inner, std::size_t padding = 0) {
  return ByteView(inner).subspan(kEthernet, inner.size() - kEthernet - padding);
}

bool ipv4_header_right(ByteView packet) {
  return support::internet_checksum(packet.first(20)) == 0;
}

std::uint16_t outer_port(const PacketPlan& plan, Shape shape = Shape::vxlan) {
  return read(written(plan, shape), shape).meta.tunnel.src_port;
}

}  // namespace

TEST_CASE("a frame is read back as its plan") {
  for (const Shape shape : kShapes)
    for (const PacketPlan& plan : all_kinds()) {
      const Read back = read(written(plan, shape), shape);
      REQUIRE(back.end == PacketEnd::none);
      const packet::Meta& m = back.meta;
      const bool up = plan.direction == Direction::to_server, tcp = plan.ends.protocol == kTcp;
      CHECK(m.version == plan.ends.version);
      CHECK(m.protocol == plan.ends.protocol);
      CHECK(m.src == (up ? plan.ends.client : plan.ends.server));
      CHECK(m.dst == (up ? plan.ends.server : plan.ends.client));
      CHECK(m.src_port == (up ? 41'001 : 443));
      CHECK(m.dst_port == (up ? 443 : 41'001));
      CHECK(m.ip_id == (plan.ends.version == IpVersion::v4 ? 0xbeef : 0));
      CHECK(m.tcp.seq == (tcp ? plan.seq : 0));
      CHECK(m.tcp.ack == (tcp ? plan.ack : 0));
      CHECK(m.tcp.flags == (tcp ? 0x18 : 0));
      CHECK((!m.truncated && !m.fragment && m.payload_stated == 100));
      CHECK(payload_of(back) == Bytes(plan.payload.begin(), plan.payload.end()));
      CHECK(back.inner.size() == frame_length(plan));
    }
}

TEST_CASE("a mirrored frame comes from the plan's source, with its VNI, to the target") {
  for (const Shape shape : {Shape::vxlan, Shape::geneve})
    for (std::uint32_t source = 0; source < 15; ++source) {
      PacketPlan plan = plan_of(IpVersion::v4, kTcp);
      plan.source = source;
      const Read back = read(written(plan, shape), shape);
      const packet::Tunnel& tunnel = back.meta.tunnel;
      CHECK(tunnel.encap == mirrors_of(shape).encap);
      CHECK(tunnel.version == IpVersion::v4);
      CHECK(tunnel.vni == 0xabc000 + source / 3);
      CHECK(tunnel.src == IpAddress::v4(10, 200, 0, static_cast<std::uint8_t>(source)));
      CHECK(tunnel.dst == Sources::target());
      CHECK(tunnel.dst_port == 4'789);
      CHECK((!back.observed.vxlan_reserved_bits && back.observed.geneve_unknown_options == 0 &&
             back.observed.cut_bytes == 0));
    }
}

TEST_CASE("what is constant in AWS's outer headers is so here") {
  for (const PacketPlan& plan : all_kinds()) {
    const Bytes frame = written(plan, Shape::vxlan);
    // Of IPv4 no options, TOS, id or flags, TTL 255; of VXLAN the I flag and no reserved bit.
    CHECK((frame[14] == 0x45 && frame[15] == 0 && frame[22] == 255 && frame[23] == kUdp));
    CHECK(std::all_of(frame.begin() + 18, frame.begin() + 22, [](auto byte) { return byte == 0; }));
    CHECK((frame[42] == 0x08 && frame[43] == 0 && frame[44] == 0 && frame[45] == 0 && frame[49] == 0));
    CHECK((frame[16] << 8 | frame[17]) == static_cast<int>(frame.size() - 14));
    CHECK((frame[38] << 8 | frame[39]) == static_cast<int>(frame.size() - 34));
  }
}

TEST_CASE("GENEVE carries the balancer's three options, the cookie by flow") {
  const auto tunnel_of = [](std::uint16_t client_port, Direction direction) {
    PacketPlan plan = plan_of(IpVersion::v4, kTcp);
    plan.ends.client_port = client_port;
    plan.direction = direction;
    return read(written(plan, Shape::geneve), Shape::geneve).meta.tunnel;
  };
  const packet::Tunnel up = tunnel_of(1, Direction::to_server), down = tunnel_of(1, Direction::to_client);
  CHECK((up.gwlb_endpoint != 0 && up.gwlb_attachment != 0 && up.gwlb_flow_cookie != 0));
  CHECK(up.gwlb_flow_cookie == down.gwlb_flow_cookie);
  std::set<std::uint32_t> cookies;
  for (std::uint16_t port = 0; port < 100; ++port)
    cookies.insert(tunnel_of(port, Direction::to_server).gwlb_flow_cookie);
  CHECK(cookies.size() > 30);
}

TEST_CASE("checksums are right for payloads of any length, odd and even") {
  for (const std::size_t payload : {0, 1, 2, 3, 4, 5, 31, 32, 33, 63, 1'399, 1'400, 8'939, 8'940})
    for (const PacketPlan& plan : all_kinds(payload)) {
      const Bytes inner = written(plan, Shape::plain);
      REQUIRE(inner.size() == frame_length(plan));
      REQUIRE((plan.ends.version == IpVersion::v6 || ipv4_header_right(packet_in(inner))));
      REQUIRE(transport_check(packet_in(inner)) == 0);
    }
}

TEST_CASE("outer IPv4 checksums are right and outer UDP has none") {
  for (const std::size_t payload : {0, 1, 8'940}) {
    const PacketPlan plan = plan_of(IpVersion::v6, kTcp, payload);
    const Bytes vxlan = written(plan, Shape::vxlan), geneve = written(plan, Shape::geneve);
    CHECK(ipv4_header_right(packet_in(vxlan)));
    CHECK(ipv4_header_right(packet_in(geneve)));
    CHECK(ipv4_header_right(packet_in(geneve).subspan(20 + 8 + 8 + 32)));
    CHECK((vxlan[40] == 0 && vxlan[41] == 0 && geneve[40] == 0 && geneve[41] == 0));
  }
}

TEST_CASE("a UDP checksum that comes out as 0 is sent as all ones") {
  PacketPlan plan = plan_of(IpVersion::v4, kUdp, 0);
  Bytes word(2);
  plan.payload = word;
  const Bytes before = written(plan, Shape::plain);
  word = {before[40], before[41]};  // what the checksum lacks to 0xffff
  const Bytes frame = written(plan, Shape::plain);
  CHECK((frame[40] == 0xff && frame[41] == 0xff));
  CHECK(transport_check(packet_in(frame)) == 0);
}

TEST_CASE("the same inner frame is in all shapes") {
  for (const PacketPlan& plan : all_kinds()) {
    const Bytes plain = written(plan, Shape::plain);
    CHECK(read(written(plan, Shape::vxlan), Shape::vxlan).inner == plain);
    CHECK(read(written(plan, Shape::geneve), Shape::geneve).inner == plain);
  }
}

TEST_CASE("padding is zero, behind the packet and not of it") {
  for (PacketPlan plan : all_kinds(3)) {
    plan.pad_bytes = 17;
    const Bytes inner = written(plan, Shape::plain);
    CHECK(inner.size() == frame_length(plan));
    CHECK(std::all_of(inner.end() - 17, inner.end(), [](std::uint8_t byte) { return byte == 0; }));
    CHECK(transport_check(packet_in(inner, 17)) == 0);
    const Read back = read(written(plan, Shape::vxlan), Shape::vxlan);
    CHECK((back.end == PacketEnd::none && !back.meta.truncated && back.meta.payload_stated == 3));
  }
}

TEST_CASE("a cut frame is the beginning of the whole one, and the outer lengths are those of what is there") {
  for (const Shape shape : kShapes)
    for (const PacketPlan& plan : all_kinds())
      for (const std::uint32_t snap : {64u, 80u, 100u, 141u}) {
        PacketPlan cut = plan;
        cut.snap_bytes = snap;
        const Read back = read(written(cut, shape), shape);
        Bytes whole = written(plan, Shape::plain);
        whole.resize(snap);
        CHECK(back.inner == whole);
        CHECK(back.observed.cut_bytes == 0);
        CHECK(back.meta.truncated);
      }
}

TEST_CASE("a frame not longer than its cut is whole") {
  PacketPlan plan = plan_of(IpVersion::v4, kTcp);
  const Bytes whole = written(plan, Shape::vxlan);
  for (const std::uint32_t snap : {154u, 155u, 9'000u}) {
    plan.snap_bytes = snap;
    CHECK(written(plan, Shape::vxlan) == whole);
  }
}

TEST_CASE("a captured frame is sent as it is, or the beginning of it") {
  const Bytes captured = support::Packet().ip("10.0.0.1", "10.0.0.2").icmp(8, 0).payload("ping").bytes();
  PacketPlan plan;
  plan.captured = captured;
  plan.ends = {.version = IpVersion::v4, .protocol = 1};
  for (const Shape shape : kShapes) CHECK(read(written(plan, shape), shape).inner == captured);
  plan.snap_bytes = 40;
  CHECK(read(written(plan, Shape::vxlan), Shape::vxlan).inner ==
        Bytes(captured.begin(), captured.begin() + 40));
}

TEST_CASE("both directions of a flow have one outer port, whatever their packets say") {
  for (const PacketPlan& plan : all_kinds()) {
    PacketPlan other = plan;
    other.direction = opposite(plan.direction);
    other.payload = ByteView(kText).first(7);
    other.seq = other.ip_id = 1;
    other.snap_bytes = 70;
    CHECK(outer_port(plan) == outer_port(other));
    CHECK(outer_port(plan) == outer_port(plan, Shape::geneve));
  }
}

TEST_CASE("flows spread evenly over the 128 outer ports that AWS uses") {
  constexpr std::size_t kFlows = 12'800;
  std::array<std::size_t, 128> flows{};
  for (std::size_t i = 0; i < kFlows; ++i) {
    PacketPlan plan = plan_of(IpVersion::v4, kTcp, 0);
    plan.ends.client.bytes[3] = static_cast<std::uint8_t>(i);
    plan.ends.client_port = static_cast<std::uint16_t>(32'768 + i / 256);
    const std::uint16_t port = outer_source_port(plan.ends);
    REQUIRE(port >= 65'408);
    ++flows[port - 65'408];
  }
  const auto [least, most] = std::minmax_element(flows.begin(), flows.end());
  CHECK((*least > 50 && *most < 160));
}

TEST_CASE("the largest frame of each shape has room in kMostFrameBytes, and one byte more is refused") {
  PacketPlan plan = plan_of(IpVersion::v6, kTcp, 8'940);
  plan.pad_bytes = static_cast<std::uint32_t>(FrameWriter::kMostInnerBytes - frame_length(plan));
  CHECK(written(plan, Shape::geneve).size() == FrameWriter::kMostFrameBytes);
  for (const Shape shape : kShapes) CHECK(read(written(plan, shape), shape).end == PacketEnd::none);
  ++plan.pad_bytes;
  CHECK(written(plan, Shape::geneve).empty());
}

TEST_CASE("nothing is written beyond the room given, however little that is") {
  for (const Shape shape : kShapes)
    for (PacketPlan plan : all_kinds(20)) {
      plan.pad_bytes = 5;
      const std::size_t length = written(plan, shape).size();
      for (std::size_t room = 0; room <= length; ++room) {
        Bytes out(length + 32, 0xee);
        const std::size_t bytes = writer_of(shape).write(plan, std::span(out).first(room));
        REQUIRE(bytes == (room == length ? length : 0));
        REQUIRE(std::all_of(out.begin() + static_cast<std::ptrdiff_t>(room), out.end(),
                            [](std::uint8_t byte) { return byte == 0xee; }));
      }
    }
}

TEST_CASE("nothing is written beyond the room given when a cut or captured frame does not fit") {
  const Bytes captured(90, 0x11);
  PacketPlan cut = plan_of(IpVersion::v6, kTcp), copied = cut;
  copied.captured = captured;
  cut.snap_bytes = copied.snap_bytes = 64;
  for (const PacketPlan& plan : {cut, copied})
    for (std::size_t room = 0; room < 130; ++room) {
      Bytes out(room);  // AddressSanitizer sees a write beyond it
      const std::size_t bytes = writer_of(Shape::vxlan).write(plan, out);
      REQUIRE((bytes == 0 || (bytes == 50 + 64 && room >= bytes)));
    }
}

TEST_CASE("a plan that is no packet is refused") {
  PacketPlan plan = plan_of(IpVersion::v4, kTcp);
  plan.ends.version = IpVersion::none;
  CHECK(written(plan, Shape::plain).empty());
  CHECK(written(plan_of(IpVersion::v4, 1), Shape::plain).empty());
  CHECK(written(plan_of(IpVersion::v6, 132), Shape::vxlan).empty());
}

TEST_CASE("what IP cannot state is refused, though there is room for it") {
  const Bytes text(65'600);
  Bytes out(66'000);
  const auto bytes_of = [&](std::size_t payload, Shape shape) {
    PacketPlan plan = plan_of(IpVersion::v4, kUdp);
    plan.payload = ByteView(text).first(payload);
    return writer_of(shape).write(plan, out);
  };
  CHECK(bytes_of(65'507, Shape::plain) == 65'549);
  CHECK(bytes_of(65'508, Shape::plain) == 0);
  constexpr std::size_t kVxlan = 65'507 - 36 - 14, kGeneve = kVxlan - 68;
  CHECK(bytes_of(kVxlan, Shape::vxlan) == 65'549);
  CHECK(bytes_of(kVxlan + 1, Shape::vxlan) == 0);
  CHECK(bytes_of(kGeneve, Shape::geneve) == 65'549);
  CHECK(bytes_of(kGeneve + 1, Shape::geneve) == 0);
}
