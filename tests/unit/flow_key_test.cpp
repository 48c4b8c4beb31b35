#include <random>
#include <set>

#include "flow/key.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::flow;

namespace {

packet::Meta tcp(IpAddress src, std::uint16_t src_port, IpAddress dst, std::uint16_t dst_port) {
  packet::Meta meta;
  meta.src = src;
  meta.dst = dst;
  meta.src_port = src_port;
  meta.dst_port = dst_port;
  meta.version = IpVersion::v4;
  meta.protocol = 6;
  meta.transport = packet::Transport::tcp;
  meta.tenant = 7;
  return meta;
}

packet::Meta reversed(packet::Meta meta) {
  std::swap(meta.src, meta.dst);
  std::swap(meta.src_port, meta.dst_port);
  return meta;
}

const IpAddress kLow = IpAddress::v4(10, 0, 0, 1);
const IpAddress kHigh = IpAddress::v4(10, 0, 1, 0);

}  // namespace

TEST_CASE("both directions of a 5-tuple give one key and opposite orientations") {
  const auto there = tcp(kHigh, 40'000, kLow, 80);
  const auto back = reversed(there);
  CHECK(key_of(there, VlanInKey::no) == key_of(back, VlanInKey::no));
  CHECK(orientation_of(there) == Orientation::higher_first);
  CHECK(orientation_of(back) == Orientation::lower_first);
}

TEST_CASE("the lower address in network order stands first, with its port") {
  const Key key = key_of(tcp(kHigh, 40'000, kLow, 80), VlanInKey::no);
  CHECK(key.lower == kLow);
  CHECK(key.lower_port == 80);
  CHECK(key.higher == kHigh);
  CHECK(key.higher_port == 40'000);
}

TEST_CASE("IPv6 addresses that differ in their last byte only are ordered by it") {
  IpAddress a, b;
  a.bytes[15] = 1;
  b.bytes[15] = 2;
  CHECK(orientation_of(tcp(a, 9, b, 1)) == Orientation::lower_first);
  CHECK(orientation_of(tcp(b, 1, a, 9)) == Orientation::higher_first);
}

TEST_CASE("between equal addresses the lower port stands first") {
  CHECK(orientation_of(tcp(kLow, 80, kLow, 40'000)) == Orientation::lower_first);
  CHECK(orientation_of(tcp(kLow, 40'000, kLow, 80)) == Orientation::higher_first);
  CHECK(key_of(tcp(kLow, 80, kLow, 40'000), VlanInKey::no).lower_port == 80);
}

TEST_CASE("a packet from an endpoint to itself counts as from the lower end") {
  CHECK(orientation_of(tcp(kLow, 80, kLow, 80)) == Orientation::lower_first);
}

TEST_CASE("canonical order holds for random endpoints") {
  std::mt19937 random(1);
  const auto address = [&] {
    IpAddress a;
    for (auto& byte : a.bytes) byte = static_cast<std::uint8_t>(random() % 3);
    return a;
  };
  for (int i = 0; i < 20'000; ++i) {
    const auto there = tcp(address(), static_cast<std::uint16_t>(random() % 3), address(),
                           static_cast<std::uint16_t>(random() % 3));
    const auto back = reversed(there);
    const Key key = key_of(there, VlanInKey::no);
    REQUIRE(key == key_of(back, VlanInKey::no));
    REQUIRE(std::tie(key.lower, key.lower_port) <= std::tie(key.higher, key.higher_port));
    const bool symmetric = there.src == there.dst && there.src_port == there.dst_port;
    REQUIRE((orientation_of(there) != orientation_of(back)) != symmetric);
  }
}

TEST_CASE("each part of the key tells flows apart") {
  const auto base = tcp(kLow, 1'000, kHigh, 80);
  const Key key = key_of(base, VlanInKey::yes);
  auto other = base;
  SECTION("tenant") {
    other.tenant = 8;
  }
  SECTION("source port") {
    other.src_port = 1'001;
  }
  SECTION("destination port") {
    other.dst_port = 81;
  }
  SECTION("protocol") {
    other.protocol = 17;
  }
  SECTION("version") {
    other.version = IpVersion::v6;
  }
  SECTION("outer VLAN id") {
    other.vlan[0] = 5;
  }
  SECTION("inner VLAN id") {
    other.vlan[1] = 5;
  }
  SECTION("address") {
    other.dst = IpAddress::v4(10, 0, 1, 1);
  }
  CHECK_FALSE(key_of(other, VlanInKey::yes) == key);
  CHECK(hash(key_of(other, VlanInKey::yes)) != hash(key));
}

TEST_CASE("VLAN ids are left out of the key unless the setting puts them in") {
  auto tagged = tcp(kLow, 1'000, kHigh, 80);
  tagged.vlan = {5, 6};
  CHECK(key_of(tagged, VlanInKey::no) == key_of(tcp(kLow, 1'000, kHigh, 80), VlanInKey::no));
}

TEST_CASE("both directions of a ping are one flow without ports") {
  auto request = tcp(kLow, 8, kHigh, 0);
  request.protocol = 1;
  request.transport = packet::Transport::icmp;
  request.icmp_type = 8;
  auto reply = tcp(kHigh, 0, kLow, 0);
  reply.protocol = 1;
  reply.transport = packet::Transport::icmp;
  const Key key = key_of(request, VlanInKey::no);
  CHECK(key == key_of(reply, VlanInKey::no));
  CHECK(key.lower_port == 0);
  CHECK(key.higher_port == 0);
}

TEST_CASE("hashes of neighbouring flows spread over high and low bits, under any seed") {
  for (const HashSeed seed : {HashSeed{}, HashSeed{0}, HashSeed{12345}}) {
    std::set<std::uint32_t> low, high;
    for (std::uint16_t port = 0; port < 4'096; ++port) {
      const std::uint64_t h = hash(key_of(tcp(kLow, port, kHigh, 80), VlanInKey::no), seed);
      low.insert(static_cast<std::uint32_t>(h));
      high.insert(static_cast<std::uint32_t>(h >> 32) % 4'096);
    }
    CHECK(low.size() >= 4'094);
    CHECK(high.size() > 2'400);  // 2,589 is what chance gives
    CHECK(high.size() < 2'780);
  }
}

TEST_CASE("another seed gives another hash") {
  const Key key = key_of(tcp(kLow, 1, kHigh, 2), VlanInKey::no);
  CHECK(hash(key, {1}) != hash(key, {2}));
}
