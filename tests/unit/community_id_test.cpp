// The baseline of the Community ID specification (baseline/baseline_deflt.json) and the vectors of its
// reference implementation.

#include <arpa/inet.h>

#include <array>
#include <string_view>

#include "exporter/community_id.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::exporter;

namespace {

/// For ICMP the two numbers are type and code.
FlowTuple tuple(int protocol, const char* src, const char* dst, int first, int second) {
  FlowTuple out;
  out.protocol = static_cast<std::uint8_t>(protocol);
  out.version = std::string_view(src).find(':') == std::string_view::npos ? IpVersion::v4 : IpVersion::v6;
  const int family = out.version == IpVersion::v4 ? AF_INET : AF_INET6;
  REQUIRE(inet_pton(family, src, out.src.bytes.data()) == 1);
  REQUIRE(inet_pton(family, dst, out.dst.bytes.data()) == 1);
  if (protocol == 1 || protocol == 58) {
    out.icmp_type = static_cast<std::uint8_t>(first);
    out.icmp_code = static_cast<std::uint8_t>(second);
  } else {
    out.src_port = static_cast<std::uint16_t>(first);
    out.dst_port = static_cast<std::uint16_t>(second);
  }
  return out;
}

void check(int protocol, const char* src, const char* dst, int first, int second, const char* id) {
  INFO(protocol << " " << src << " " << dst << " " << first << " " << second);
  CHECK(community_id(tuple(protocol, src, dst, first, second)) == id);
}

}  // namespace

TEST_CASE("community ids of TCP, UDP and SCTP do not depend on the direction") {
  check(6, "128.232.110.120", "66.35.250.204", 34855, 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  check(6, "66.35.250.204", "128.232.110.120", 80, 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  check(6, "10.0.0.1", "10.0.0.2", 10, 11569, "1:SXBGMX1lBOwhhoDrZynfROxnhnM=");
  check(6, "2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a", 63943, 25,
        "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=");
  check(6, "2607:f8b0:400c:c03::1a", "2001:470:e5bf:dead:4957:2174:e82c:4887", 25, 63943,
        "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=");
  check(17, "192.168.1.52", "8.8.8.8", 54585, 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
  check(17, "8.8.8.8", "192.168.1.52", 53, 54585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
  check(132, "192.168.170.8", "192.168.170.56", 7, 80, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=");
  check(132, "192.168.170.56", "192.168.170.8", 80, 7, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=");
}

TEST_CASE("equal addresses are put in the order of their ports") {
  CHECK(community_id(tuple(6, "10.0.0.1", "10.0.0.1", 5, 4)) ==
        community_id(tuple(6, "10.0.0.1", "10.0.0.1", 4, 5)));
}

TEST_CASE("community ids pair ICMP requests with their replies and ignore the code") {
  check(1, "192.168.0.89", "192.168.0.1", 8, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
  check(1, "192.168.0.1", "192.168.0.89", 0, 8, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
  check(1, "192.168.0.1", "192.168.0.89", 0, 20, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
  check(58, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 135, 0, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=");
  check(58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 136, 0, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=");
  check(58, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:501:0:1001::2", 128, 0,
        "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=");
  check(58, "3ffe:501:0:1001::2", "3ffe:507:0:1:200:86ff:fe05:80da", 129, 0,
        "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=");
  check(58, "fe80::200:86ff:fe05:80da", "ff02::2", 133, 0, "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0=");
  check(58, "fe80::260:97ff:fe07:69ea", "ff02::1", 134, 0, "1:pkvHqCL88/tg1k4cPigmZXUtL00=");
}

TEST_CASE("community ids of ICMP messages without a counterpart keep direction and code") {
  check(1, "192.168.0.89", "192.168.0.1", 20, 0, "1:3o2RFccXzUgjl7zDpqmY7yJi8rI=");
  check(1, "192.168.0.89", "192.168.0.1", 20, 1, "1:tz/fHIDUHs19NkixVVoOZywde+I=");
  check(1, "10.0.0.1", "10.0.0.2", 11, 0, "1:YHxtAirCG//0OzkcVAukqKQN9xM=");
  check(58, "3ffe:501:1800:2345::2", "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0,
        "1:2ObVBgIn28oZvibYZhZMBgh7WdQ=");
  check(58, "3ffe:501:410:0:2c0:dfff:fe47:33e", "3ffe:507:0:1:200:86ff:fe05:80da", 1, 4,
        "1:hLZd0XGWojozrvxqE0dWB1iM6R0=");
  check(58, "3ffe:507:0:1:260:97ff:fe07:69ea", "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0,
        "1:NdobDX8PQNJbAyfkWxhtL2Pqp5w=");
  check(58, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:507:0:1:260:97ff:fe07:69ea", 3, 0,
        "1:/OGBt9BN1ofenrmSPWYicpij2Vc=");
}

TEST_CASE("community ids of other protocols are made of addresses and protocol") {
  check(46, "10.1.12.1", "10.1.12.2", 0, 0, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=");
  check(46, "10.1.12.2", "10.1.12.1", 0, 0, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=");
  check(46, "10.1.24.4", "10.1.12.1", 7, 9, "1:/nQI4Rh/TtY3mf0R2gJFBkVlgS4=");
}
