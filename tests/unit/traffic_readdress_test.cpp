#include "traffic/readdress.h"

#include <arpa/inet.h>

#include <array>
#include <functional>
#include <random>
#include <string>

#include "support/catch.h"
#include "support/packet_builder.h"

using namespace mirrorscan;
using namespace mirrorscan::traffic;
using support::Bytes;
using support::Packet;

namespace {

constexpr std::uint32_t kCopy = 5;

struct Pair {
  std::string src, dst;
};
const Pair kV4{"192.168.7.9", "198.51.100.23"}, kV6{"fe80::7:9", "2a00:1450:4001:81b::200e"};
const std::string kRouter = "203.0.113.1", kRouter6 = "2001:db8:77::1";

IpVersion version_of(const std::string& text) {
  return text.find(':') == std::string::npos ? IpVersion::v4 : IpVersion::v6;
}

Hosts all_hosts() {
  Hosts hosts;
  for (const std::string& text : {kV4.src, kV4.dst, kV6.src, kV6.dst, kRouter, kRouter6})
    hosts.add(version_of(text), support::address(text));
  REQUIRE(hosts.make_room(10));
  return hosts;
}

/// The address of copy kCopy as text.
std::string moved(const Hosts& hosts, const std::string& text) {
  const bool v4 = version_of(text) == IpVersion::v4;
  const IpAddress there = hosts.of_copy(version_of(text), support::address(text), kCopy);
  std::array<char, INET6_ADDRSTRLEN> out{};
  return inet_ntop(v4 ? AF_INET : AF_INET6, there.bytes.data(), out.data(), out.size());
}

Bytes readdressed(Bytes frame, const Hosts& hosts) {
  readdress(frame, hosts, kCopy);
  return frame;
}

/// What a packet looks like between two hosts; called for the old addresses and for the new ones.
using Shape = std::function<Packet(const Pair&)>;

const std::vector<std::pair<const char*, Shape>> kShapes = {
    {"TCP", [](const Pair& p) { return Packet().ip(p.src, p.dst).tcp(40'000, 80).seq(77).payload("GET /"); }},
    {"TCP with options",
     [](const Pair& p) {
       return Packet().ip(p.src, p.dst).tcp(1, 2).flags(support::kSyn).tcp_option(2, {5, 0xb4});
     }},
    {"UDP", [](const Pair& p) { return Packet().ip(p.src, p.dst).udp(53, 53).payload("odd"); }},
    {"UDP without a checksum",
     [](const Pair& p) { return Packet().ip(p.src, p.dst).udp(53, 53).no_udp_checksum().payload("odd"); }},
    {"ICMP echo", [](const Pair& p) { return Packet().ip(p.src, p.dst).icmp(8, 0).payload("ping"); }},
    {"ICMPv6 echo", [](const Pair& p) { return Packet().ip(p.src, p.dst).icmp(128, 0).payload("ping"); }},
    {"SCTP", [](const Pair& p) { return Packet().ip(p.src, p.dst).sctp(1, 2).payload("chunk"); }},
    {"VLAN tags and padding",
     [](const Pair& p) {
       return Packet().vlan(1, 0x88a8).vlan(2).ip(p.src, p.dst).udp(1, 2).payload("x").pad_to(90);
     }},
    {"another protocol",
     [](const Pair& p) { return Packet().ip(p.src, p.dst).protocol(89).payload("ospf"); }},
};

Packet extended(const Pair& p) {
  return Packet()
      .ip(p.src, p.dst)
      .hop_by_hop()
      .routing(8)
      .authentication()
      .atomic_fragment()
      .destination_options(16);
}

/// An error about the packet that `from` sent, as `router` says it.
Packet error_about(const std::string& router, const std::string& to, std::uint8_t type, const Bytes& quoted) {
  return Packet().ip(router, to).icmp(type, 1).payload(quoted);
}

Bytes first(Bytes bytes, std::size_t size) {
  bytes.resize(std::min(size, bytes.size()));
  return bytes;
}

}  // namespace

TEST_CASE("a readdressed packet is the one that the hosts of the copy would have sent") {
  const Hosts hosts = all_hosts();
  for (const auto& [name, shape] : kShapes)
    for (const Pair& pair : {kV4, kV6, Pair{kV4.dst, kV4.src}, Pair{kV6.dst, kV6.src}}) {
      CAPTURE(name, pair.src);
      const Pair there{moved(hosts, pair.src), moved(hosts, pair.dst)};
      CHECK(there.src != pair.src);
      CHECK(readdressed(shape(pair).bytes(), hosts) == shape(there).bytes());
    }
}

TEST_CASE("checksums come out right behind IP options and extension headers") {
  const Hosts hosts = all_hosts();
  const Pair v4{moved(hosts, kV4.src), moved(hosts, kV4.dst)},
      v6{moved(hosts, kV6.src), moved(hosts, kV6.dst)};
  CHECK(readdressed(Packet().ip(kV4.src, kV4.dst).ip_options(12).tcp(1, 2).payload("x").bytes(), hosts) ==
        Packet().ip(v4.src, v4.dst).ip_options(12).tcp(1, 2).payload("x").bytes());
  CHECK(readdressed(extended(kV6).tcp(1, 2).payload("x").bytes(), hosts) ==
        extended(v6).tcp(1, 2).payload("x").bytes());
}

TEST_CASE("checksums come out right for any payload") {
  const Hosts hosts = all_hosts();
  std::mt19937 random(4);
  for (int i = 0; i < 3'000; ++i) {
    Bytes payload(random() % 40);
    for (auto& byte : payload) byte = static_cast<std::uint8_t>(random());
    const auto packet = [&](const Pair& p) {
      Packet out = Packet().ip(p.src, p.dst);
      return (i % 2 == 0 ? out.tcp(1, 2) : out.udp(3, 4)).payload(payload);
    };
    const Pair& pair = i % 4 < 2 ? kV4 : kV6;
    const Bytes before = packet(pair).bytes();
    const std::size_t udp_checksum = packet(pair).l4_offset() + 6;
    // The builder does not know that UDP says 0xffff where the sum is 0.
    if (i % 2 == 1 && before[udp_checksum] == 0 && before[udp_checksum + 1] == 0) continue;
    REQUIRE(readdressed(before, hosts) == packet({moved(hosts, pair.src), moved(hosts, pair.dst)}).bytes());
  }
}

TEST_CASE("fragments are those of the packet that the copy would have sent") {
  const Hosts hosts = all_hosts();
  for (const Pair& pair : {kV4, kV6}) {
    const auto whole = [](const Pair& p) {
      return Packet().ip(p.src, p.dst).udp(1, 2).payload(support::pattern(60));
    };
    const auto before = whole(pair).fragments(16);
    const auto after = whole({moved(hosts, pair.src), moved(hosts, pair.dst)}).fragments(16);
    REQUIRE(before.size() == after.size());
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(readdressed(before[i], hosts) == after[i]);
  }
}

TEST_CASE("an ICMP error quotes the packet of the copy") {
  const Hosts hosts = all_hosts();
  for (const Pair& pair : {kV4, kV6}) {
    const bool v4 = version_of(pair.src) == IpVersion::v4;
    const std::size_t header = v4 ? 20 : 40;
    const std::string& router = v4 ? kRouter : kRouter6;
    const Pair there{moved(hosts, pair.src), moved(hosts, pair.dst)};
    for (const std::size_t kept : {std::size_t{8}, std::size_t{28}, std::size_t{200}})
      for (const std::uint8_t type :
           v4 ? std::vector<std::uint8_t>{3, 4, 5, 11, 12} : std::vector<std::uint8_t>{1, 2, 3, 4})
        for (const auto& [name, shape] : kShapes) {
          CAPTURE(name, pair.src, kept, int{type});
          CHECK(readdressed(
                    error_about(router, pair.src, type, first(shape(pair).ip_bytes(), header + kept)).bytes(),
                    hosts) == error_about(moved(hosts, router), there.src, type,
                                          first(shape(there).ip_bytes(), header + kept))
                                  .bytes());
        }
  }
}

// Of half a checksum at the end nothing can be made; it stays as it is.
TEST_CASE("a packet cut behind its addresses becomes the cut packet of the copy, one cut before stays") {
  const Hosts hosts = all_hosts();
  for (const auto& [name, shape] : kShapes)
    for (const Pair& pair : {kV4, kV6}) {
      const Bytes before = shape(pair).bytes();
      const Bytes after = shape({moved(hosts, pair.src), moved(hosts, pair.dst)}).bytes();
      for (std::size_t size = 1; size < before.size(); ++size) {
        CAPTURE(name, pair.src, size);
        const Bytes cut = readdressed(first(before, size), hosts);
        const Bytes& expected = size >= shape(pair).l4_offset() ? after : before;
        CHECK(first(cut, size - 1) == first(expected, size - 1));
        CHECK((cut.back() == expected[size - 1] || cut.back() == before[size - 1]));
      }
    }
}

TEST_CASE("a wrong checksum stays wrong") {
  const Hosts hosts = all_hosts();
  const Packet sent = Packet().ip(kV4.src, kV4.dst).tcp(1, 2).payload("data");
  const Bytes right = readdressed(sent.bytes(), hosts);
  Bytes frame = sent.bytes();
  frame[sent.l4_offset() + 16] ^= 0x40;
  frame[sent.l3_offset() + 10] ^= 0x40;
  const Bytes wrong = readdressed(frame, hosts);
  CHECK(wrong[sent.l4_offset() + 16] != right[sent.l4_offset() + 16]);
  CHECK(wrong[sent.l3_offset() + 10] != right[sent.l3_offset() + 10]);
}

TEST_CASE("copy 0 and frames that are no IP stay as they are") {
  const Hosts hosts = all_hosts();
  Bytes tcp = Packet().ip(kV4.src, kV4.dst).tcp(1, 2).bytes();
  const Bytes before = tcp;
  readdress(tcp, hosts, 0);
  CHECK(tcp == before);
  const Bytes arp = Packet().ether_type(0x0806).payload(Bytes(46)).bytes();
  CHECK(readdressed(arp, hosts) == arp);
  const Bytes lie = Packet().ip(kV4.src, kV4.dst).ip_version(6).tcp(1, 2).bytes();
  CHECK(readdressed(lie, hosts) == lie);
  const Bytes words = Packet().ip(kV4.src, kV4.dst).ip_header_words(4).tcp(1, 2).bytes();
  CHECK(readdressed(words, hosts) == words);
}

TEST_CASE("a captured plan is written whole, or not at all where there is no room") {
  const Hosts hosts = all_hosts();
  const Bytes frame = Packet().ip(kV4.src, kV4.dst).udp(1, 2).payload("x").bytes();
  PacketPlan plan;
  plan.captured = frame;
  plan.hosts = &hosts;
  plan.hosts_copy = kCopy;
  Bytes out(frame.size());
  CHECK(write_captured(plan, std::span(out).first(frame.size() - 1)) == 0);
  CHECK(write_captured(plan, out) == frame.size());
  CHECK(out == readdressed(frame, hosts));
}
