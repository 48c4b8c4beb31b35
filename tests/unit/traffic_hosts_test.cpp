#include "traffic/hosts.h"

#include <set>
#include <string>
#include <vector>

#include "support/catch.h"
#include "support/wire_bytes.h"

using namespace mirrorscan;
using namespace mirrorscan::traffic;
using support::address;

namespace {

constexpr std::uint32_t kCopies = 40;

IpVersion version_of(const std::string& text) {
  return text.find(':') == std::string::npos ? IpVersion::v4 : IpVersion::v6;
}

Hosts hosts_of(const std::vector<std::string>& texts, std::uint32_t copies = kCopies) {
  Hosts hosts;
  for (const std::string& text : texts) hosts.add(version_of(text), address(text));
  REQUIRE(hosts.make_room(copies));
  return hosts;
}

IpAddress of_copy(const Hosts& hosts, const std::string& text, std::uint32_t copy) {
  return hosts.of_copy(version_of(text), address(text), copy);
}

bool is_private_v4(const IpAddress& a) {
  return a.bytes[0] == 10 || (a.bytes[0] == 172 && a.bytes[1] >> 4 == 1) ||
         (a.bytes[0] == 192 && a.bytes[1] == 168);
}

const std::vector<std::string> kMany = {
    "10.0.0.1",    "10.0.0.2",   "10.255.255.254", "172.16.0.1",  "172.31.255.1",  "192.168.1.1",
    "8.8.8.8",     "172.32.0.1", "172.15.0.1",     "192.169.0.1", "100.64.0.5",    "203.0.113.7",
    "169.254.3.4", "127.0.0.1",  "2001:db8::1",    "2001:db8::2", "2a00:1450::99", "fe80::1",
    "fe80::aa:1",  "fd00::7",    "fc00::7",        "240.1.2.3",   "11.0.0.1",      "9.255.255.255"};

}  // namespace

TEST_CASE("no address of a copy is one of another copy or of the capture") {
  const Hosts hosts = hosts_of(kMany);
  CHECK(hosts.count() == kMany.size());
  std::set<IpAddress> seen;
  for (std::uint32_t copy = 0; copy < kCopies; ++copy)
    for (const std::string& text : kMany) seen.insert(of_copy(hosts, text, copy));
  CHECK(seen.size() == kCopies * kMany.size());
}

TEST_CASE("copy 0 has the capture's own addresses") {
  const Hosts hosts = hosts_of(kMany);
  for (const std::string& text : kMany) CHECK(of_copy(hosts, text, 0) == address(text));
}

TEST_CASE("a private IPv4 address becomes a private one and a public one a public one") {
  const Hosts hosts = hosts_of(kMany);
  for (std::uint32_t copy = 1; copy < kCopies; ++copy)
    for (const std::string& text : kMany) {
      if (version_of(text) != IpVersion::v4) continue;
      const IpAddress there = of_copy(hosts, text, copy);
      CHECK(is_private_v4(there) == is_private_v4(address(text)));
      CHECK((there.bytes[0] == 127) == (text == "127.0.0.1"));
      CHECK((there.bytes[0] == 169 && there.bytes[1] == 254) == (text == "169.254.3.4"));
    }
}

TEST_CASE("IPv6 addresses stay link-local, unique local or global") {
  const Hosts hosts = hosts_of(kMany);
  CHECK(of_copy(hosts, "fe80::aa:1", 3).bytes[0] == 0xfe);
  CHECK((of_copy(hosts, "fc00::7", 3).bytes[0] & 0xfe) == 0xfc);
  CHECK(of_copy(hosts, "2a00:1450::99", 3).bytes[0] == 0x20);
}

TEST_CASE("multicast, broadcast, unspecified and loopback IPv6 addresses are the same in all copies") {
  const std::vector<std::string> same = {"0.0.0.0", "224.0.0.251", "239.255.255.250", "255.255.255.255",
                                         "::",      "::1",         "ff02::fb"};
  const Hosts hosts = hosts_of(same);
  CHECK(hosts.count() == 0);
  for (const std::string& text : same) {
    CHECK(of_copy(hosts, text, 7) == address(text));
    CHECK_FALSE(hosts.moves(version_of(text), address(text)));
  }
}

TEST_CASE("an IPv4 address and the IPv6 address of the same bytes are two hosts") {
  const Hosts hosts = hosts_of({"32.1.13.184", "2001:db8::"});
  CHECK(hosts.count() == 2);
  CHECK(of_copy(hosts, "32.1.13.184", 1).bytes[0] == 100);
  CHECK(of_copy(hosts, "2001:db8::", 1).bytes[0] == 0x20);
}

TEST_CASE("more copies than there are addresses are refused, with how many would fit") {
  Hosts hosts;
  hosts.add(IpVersion::v4, address("169.254.0.1"));
  CHECK(hosts.make_room(65'533));
  const Status refused = hosts.make_room(65'536);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what ==
        "65536 copies of 1 link-local IPv4 addresses do not fit into 65533 addresses");
}
