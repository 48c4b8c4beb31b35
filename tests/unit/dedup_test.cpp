#include <string>

#include "dedup/dedup.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::dedup;

namespace {

/// A packet as a mirror source gives it; `payload` is what was captured.
struct Copy {
  packet::Meta meta;
  std::string payload;
};

Copy copy(std::uint32_t source, std::string payload = "GET / HTTP/1.1") {
  Copy c;
  c.meta.tunnel.vni = source;
  c.meta.tunnel.src = IpAddress::v4(172, 16, 0, 1);
  c.meta.src = IpAddress::v4(10, 0, 0, 1);
  c.meta.dst = IpAddress::v4(10, 0, 0, 2);
  c.meta.src_port = 40'000;
  c.meta.dst_port = 80;
  c.meta.version = IpVersion::v4;
  c.meta.protocol = 6;
  c.meta.ip_id = 77;
  c.meta.tcp.seq = 1'000;
  c.meta.payload_stated = 1'000;
  c.payload = std::move(payload);
  return c;
}

struct Fixture {
  Dedup dedup{Settings{}};
  Verdict check(const Copy& c, std::int64_t us = 0) {
    return dedup.check(c.meta, dedup.identity_of(c.meta), FingerprintKey().of(as_bytes(c.payload)),
                       {1'000'000 + us});
  }
};

constexpr std::uint32_t kA = 1, kB = 2, kC = 3, kD = 4;

}  // namespace

TEST_CASE_METHOD(Fixture, "the copy from a second source is a duplicate") {
  CHECK(check(copy(kA)) == Verdict::unique);
  CHECK(check(copy(kB)) == Verdict::duplicate);
}

TEST_CASE_METHOD(Fixture, "two outer addresses of one VNI are two sources") {
  Copy other = copy(kA);
  other.meta.tunnel.src = IpAddress::v4(172, 16, 0, 2);
  CHECK(check(copy(kA)) == Verdict::unique);
  CHECK(check(other) == Verdict::duplicate);
}

TEST_CASE_METHOD(Fixture, "a flood of equal packets from one source is never a duplicate") {
  for (int i = 0; i < 1'000; ++i) REQUIRE(check(copy(kA), i) == Verdict::unique);
}

TEST_CASE_METHOD(Fixture, "TTL, outer ports and time of day are no part of a packet's identity") {
  Copy other = copy(kB);
  other.meta.ttl = 63;
  other.meta.tunnel.src_port = 999;
  other.meta.capture_index = 5;
  CHECK(check(copy(kA)) == Verdict::unique);
  CHECK(check(other, 10) == Verdict::duplicate);
}

TEST_CASE_METHOD(Fixture, "packets that differ in any part of their identity are no copies") {
  Copy other = copy(kB);
  SECTION("tenant") {
    other.meta.tenant = 9;
  }
  SECTION("source address") {
    other.meta.src.bytes[3] = 9;
  }
  SECTION("destination address") {
    other.meta.dst.bytes[3] = 9;
  }
  SECTION("both directions") {
    std::swap(other.meta.src, other.meta.dst);
  }
  SECTION("source port") {
    other.meta.src_port = 9;
  }
  SECTION("destination port") {
    other.meta.dst_port = 9;
  }
  SECTION("protocol") {
    other.meta.protocol = 17;
  }
  SECTION("IP id") {
    other.meta.ip_id = 78;
  }
  SECTION("fragment offset") {
    other.meta.fragment_offset = 8;
  }
  SECTION("sequence number") {
    other.meta.tcp.seq = 1'001;
  }
  SECTION("acknowledgement") {
    other.meta.tcp.ack = 1;
  }
  SECTION("flags") {
    other.meta.tcp.flags = 1;
  }
  SECTION("stated length") {
    other.meta.payload_stated = 999;
  }
  SECTION("payload of equal length") {
    other.payload.back() = '0';
  }
  SECTION("ICMP type") {
    other.meta.icmp_type = 8;
  }
  CHECK(check(copy(kA)) == Verdict::unique);
  CHECK(check(other) == Verdict::unique);
}

TEST_CASE_METHOD(Fixture, "the n-th occurrence from one source pairs with the n-th from the other") {
  for (int i = 0; i < 3; ++i) REQUIRE(check(copy(kA)) == Verdict::unique);
  for (int i = 0; i < 3; ++i) REQUIRE(check(copy(kB)) == Verdict::duplicate);
  CHECK(check(copy(kB)) == Verdict::unique);
  CHECK(check(copy(kA)) == Verdict::duplicate);
  CHECK(check(copy(kA)) == Verdict::unique);
}

TEST_CASE_METHOD(Fixture, "the third source's copy of a packet is a duplicate too, its repeat is not") {
  CHECK(check(copy(kA)) == Verdict::unique);
  CHECK(check(copy(kB)) == Verdict::duplicate);
  CHECK(check(copy(kC)) == Verdict::duplicate);
  CHECK(check(copy(kC)) == Verdict::unique);
  CHECK(check(copy(kA)) == Verdict::duplicate);
}

TEST_CASE_METHOD(Fixture, "a fourth source begins a record of its own") {
  for (const std::uint32_t source : {kA, kB, kC}) check(copy(source));
  CHECK(check(copy(kD)) == Verdict::unique);
  CHECK(check(copy(kD)) == Verdict::unique);
}

TEST_CASE_METHOD(Fixture, "copies pair until the window ends, to the microsecond") {
  CHECK(check(copy(kA), 0) == Verdict::unique);
  CHECK(check(copy(kB), 500'001) == Verdict::unique);
  CHECK(check(copy(kA), 1'000'001) == Verdict::duplicate);
}

TEST_CASE_METHOD(Fixture, "a time before the latest counts as the latest") {
  Copy later = copy(kA);
  later.meta.ip_id = 1;
  check(later, 10'000'000);
  CHECK(check(copy(kA), 0) == Verdict::unique);
  CHECK(check(copy(kB), 10'500'000) == Verdict::duplicate);
}

TEST_CASE_METHOD(Fixture, "a second copy that captured less, or as much, is a duplicate") {
  const std::string payload(300, 'x');
  CHECK(check(copy(kA, payload)) == Verdict::unique);
  CHECK(check(copy(kB, payload.substr(0, 100))) == Verdict::duplicate);
}

TEST_CASE_METHOD(Fixture,
                 "a second copy that captured more is to be inspected too, and is then the measure") {
  const std::string payload(300, 'x');
  CHECK(check(copy(kA, payload.substr(0, 100))) == Verdict::unique);
  CHECK(check(copy(kB, payload)) == Verdict::longer_copy);
  CHECK(check(copy(kC, payload.substr(0, 200))) == Verdict::duplicate);
}

TEST_CASE_METHOD(Fixture, "copies cut at different places must agree in their first 64 bytes") {
  const std::string payload(300, 'x');
  std::string other = payload.substr(0, 64);
  other[63] = 'y';
  CHECK(check(copy(kA, payload)) == Verdict::unique);
  CHECK(check(copy(kB, other)) == Verdict::unique);
  CHECK(check(copy(kB, payload.substr(0, 64))) == Verdict::duplicate);
}

TEST_CASE_METHOD(Fixture, "a copy cut below 64 bytes pairs by its headers alone") {
  CHECK(check(copy(kA, std::string(300, 'x'))) == Verdict::unique);
  CHECK(check(copy(kB, std::string(63, 'y'))) == Verdict::duplicate);
}

TEST_CASE("a record still waiting for its copy is counted when it is overwritten") {
  Dedup dedup({.records = 8});
  const auto check = [&](std::uint32_t source, std::uint32_t id, std::int64_t us) {
    Copy c = copy(source);
    c.meta.ip_id = id;
    return dedup.check(c.meta, dedup.identity_of(c.meta), FingerprintKey().of(as_bytes(c.payload)), {us});
  };
  for (std::uint32_t id = 0; id < 8; ++id) check(kA, id, 1'000 + 1'000 * id);
  CHECK(dedup.overwritten() == 0);
  check(kA, 8, 10'000);
  CHECK(dedup.overwritten() == 1);
  CHECK(check(kB, 5, 11'000) == Verdict::duplicate);

  SECTION("a record whose copy was found goes first, uncounted") {
    check(kA, 9, 12'000);
    CHECK(dedup.overwritten() == 1);
    CHECK(check(kB, 1, 13'000) == Verdict::duplicate);
  }
  SECTION("the oldest went, the others stay") {
    CHECK(check(kB, 1, 13'000) == Verdict::duplicate);
    CHECK(check(kB, 8, 13'000) == Verdict::duplicate);
    CHECK(check(kB, 0, 13'000) == Verdict::unique);
  }
  SECTION("records out of their window go uncounted") {
    for (std::uint32_t id = 100; id < 108; ++id) check(kA, id, 5'000'000);
    CHECK(dedup.overwritten() == 1);
  }
}

TEST_CASE("the smallest table holds one set of records") {
  Dedup dedup({.records = 0});
  CHECK(dedup.check(copy(kA).meta, dedup.identity_of(copy(kA).meta), {}, {1}) == Verdict::unique);
  CHECK(dedup.check(copy(kB).meta, dedup.identity_of(copy(kB).meta), {}, {1}) == Verdict::duplicate);
}
