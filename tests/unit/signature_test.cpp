#include <array>
#include <bitset>
#include <cstdint>
#include <random>
#include <vector>

#include "signature/sets.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::signature;

namespace {

using Ports = std::bitset<65536>;

std::uint32_t below(std::mt19937& random, std::uint32_t limit) {
  return static_cast<std::uint32_t>(random() % limit);
}

// The slow and obviously right twin: one bit a port.
Ports bits_of(const std::vector<PortRange>& ranges) {
  Ports bits;
  for (const PortRange& range : ranges) {
    for (std::uint32_t p = range.first; p <= range.last; ++p) bits.set(p);
  }
  return bits;
}

bool same(const PortSet& set, const Ports& bits) {
  for (std::uint32_t p = 0; p < 65536; ++p) {
    if (set.contains(static_cast<std::uint16_t>(p)) != bits[p]) return false;
  }
  return true;
}

bool sorted_and_disjoint(const PortSet& set) {
  for (std::size_t i = 1; i < set.ranges().size(); ++i) {
    if (set.ranges()[i].first <= set.ranges()[i - 1].last + 1) return false;
  }
  return true;
}

// Few distinct borders, both ends of the line among them, so that ranges touch and overlap often.
std::vector<PortRange> random_ports(std::mt19937& random) {
  constexpr std::array<std::uint16_t, 10> kBorders{0, 1, 2, 79, 80, 81, 443, 65533, 65534, 65535};
  std::vector<PortRange> ranges(random() % 5);
  for (PortRange& range : ranges) {
    range.first = kBorders[random() % kBorders.size()];
    range.last = std::max(range.first, kBorders[random() % kBorders.size()]);
  }
  return ranges;
}

// Sixteen addresses: around the carry 10.0.0.255 -> 10.0.1.0, and at both ends.
IpAddress v4_at(std::uint32_t i) {
  if (i < 4) return IpAddress::v4(0, 0, 0, static_cast<std::uint8_t>(i));
  if (i >= 12) return IpAddress::v4(255, 255, 255, static_cast<std::uint8_t>(240 + i));
  const std::uint32_t low = 252 + (i - 4);
  return IpAddress::v4(10, 0, static_cast<std::uint8_t>(low >> 8), static_cast<std::uint8_t>(low));
}

IpAddress v6_at(std::uint32_t i) {
  IpAddress address = IpAddress::v4(0x20, 0x01, 0x0d, 0xb8);
  const std::uint32_t low = 65528 + i;
  address.bytes[13] = static_cast<std::uint8_t>(low >> 16);
  address.bytes[14] = static_cast<std::uint8_t>(low >> 8);
  address.bytes[15] = static_cast<std::uint8_t>(low);
  return address;
}

struct Twin {
  std::uint16_t v4 = 0, v6 = 0;
  friend bool operator==(const Twin&, const Twin&) = default;
};

Twin probe(const AddressSet& set) {
  Twin twin;
  for (std::uint32_t i = 0; i < 16; ++i) {
    if (set.contains(IpVersion::v4, v4_at(i))) twin.v4 = static_cast<std::uint16_t>(twin.v4 | 1U << i);
    if (set.contains(IpVersion::v6, v6_at(i))) twin.v6 = static_cast<std::uint16_t>(twin.v6 | 1U << i);
  }
  return twin;
}

std::uint16_t mark(std::uint32_t first, std::uint32_t last) {
  std::uint16_t bits = 0;
  for (std::uint32_t i = first; i <= last; ++i) bits = static_cast<std::uint16_t>(bits | 1U << i);
  return bits;
}

std::pair<AddressSet, Twin> random_addresses(std::mt19937& random) {
  std::vector<AddressRange> v4, v6;
  Twin twin;
  for (std::uint32_t n = below(random, 5); n > 0; --n) {
    const std::uint32_t first = below(random, 16), last = first + below(random, 16 - first);
    if (random() % 2 == 0) {
      v4.push_back({v4_at(first), v4_at(last)});
      twin.v4 = static_cast<std::uint16_t>(twin.v4 | mark(first, last));
    } else {
      v6.push_back({v6_at(first), v6_at(last)});
      twin.v6 = static_cast<std::uint16_t>(twin.v6 | mark(first, last));
    }
  }
  return {AddressSet::of(v4, v6), twin};
}

}  // namespace

TEST_CASE("an empty port set contains nothing and any contains both ends") {
  CHECK(PortSet().empty());
  CHECK_FALSE(PortSet().contains(0));
  CHECK(PortSet::any().is_any());
  CHECK(PortSet::any().contains(0));
  CHECK(PortSet::any().contains(65535));
}

TEST_CASE("touching and overlapping port ranges become one") {
  const PortSet set = PortSet::of({{81, 90}, {70, 80}, {85, 88}});
  REQUIRE(set.ranges().size() == 1);
  CHECK(set.ranges()[0] == PortRange{70, 90});
  CHECK(PortSet::of({{0, 100}, {101, 65535}}).is_any());
}

TEST_CASE("a reversed range is empty") {
  CHECK(PortSet::of({{5, 4}}).empty());
}

TEST_CASE("port sets agree with one bit a port") {
  std::mt19937 random(1);
  for (int round = 0; round < 60; ++round) {
    const auto a = random_ports(random), b = random_ports(random);
    const PortSet x = PortSet::of(a), y = PortSet::of(b);
    CHECK(same(x, bits_of(a)));
    CHECK(same(x.united(y), bits_of(a) | bits_of(b)));
    CHECK(same(x.without(y), bits_of(a) & ~bits_of(b)));
    CHECK(sorted_and_disjoint(x.united(y)));
    CHECK(sorted_and_disjoint(x.without(y)));
    CHECK(x.is_any() == bits_of(a).all());
    CHECK(x.empty() == bits_of(a).none());
  }
}

TEST_CASE("address sets agree with one bit an address") {
  std::mt19937 random(2);
  for (int round = 0; round < 3000; ++round) {
    const auto [x, a] = random_addresses(random);
    const auto [y, b] = random_addresses(random);
    CHECK(probe(x) == a);
    CHECK(probe(x.united(y)) ==
          Twin{static_cast<std::uint16_t>(a.v4 | b.v4), static_cast<std::uint16_t>(a.v6 | b.v6)});
    CHECK(probe(x.without(y)) ==
          Twin{static_cast<std::uint16_t>(a.v4 & ~b.v4), static_cast<std::uint16_t>(a.v6 & ~b.v6)});
  }
}

TEST_CASE("any address is any of both families") {
  CHECK(AddressSet::any().is_any());
  CHECK(AddressSet::any().contains(IpVersion::v4, IpAddress::v4(255, 255, 255, 255)));
  CHECK(AddressSet::any().contains(IpVersion::v6, v6_at(3)));
  CHECK_FALSE(AddressSet::any().contains(IpVersion::none, IpAddress{}));
  CHECK_FALSE(AddressSet::of(AddressSet::any().v4(), {}).is_any());
}

TEST_CASE("what remains of any without a set, and the set, are any again") {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    const AddressSet set = random_addresses(random).first;
    CHECK(AddressSet::any().without(set).united(set).is_any());
    CHECK(AddressSet::any().without(AddressSet::any().without(set)).v4() == set.v4());
    CHECK(AddressSet::any().without(AddressSet::any()).empty());
  }
}

TEST_CASE("an address of one family is not in a set of the other") {
  const AddressSet set = AddressSet::of({{IpAddress::v4(10, 0, 0, 1), IpAddress::v4(10, 0, 0, 1)}}, {});
  CHECK(set.contains(IpVersion::v4, IpAddress::v4(10, 0, 0, 1)));
  CHECK_FALSE(set.contains(IpVersion::v6, IpAddress::v4(10, 0, 0, 1)));
}

TEST_CASE("a protocol set knows number and version") {
  ProtocolSet set;
  set.numbers.set(6);
  set.v6 = false;
  CHECK(set.contains(IpVersion::v4, 6));
  CHECK_FALSE(set.contains(IpVersion::v4, 17));
  CHECK_FALSE(set.contains(IpVersion::v6, 6));
}
