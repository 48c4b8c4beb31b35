// Which tenant a mirror session belongs to.

#include "worker/tenants.h"
#include "support/catch.h"

using namespace mirrorscan;
using worker::Tenants;

namespace {

packet::Tunnel session(std::uint32_t vni, IpAddress source = IpAddress::v4(10, 0, 0, 7)) {
  packet::Tunnel t;
  t.vni = vni;
  t.version = IpVersion::v4;
  t.src = source;
  return t;
}

Tenants table(const std::vector<config::Tenant>& tenants) {
  auto made = Tenants::from(tenants);
  REQUIRE(made.ok());
  return std::move(made).value();
}

}  // namespace

TEST_CASE("a VNI that no tenant names is a tenant of its own", "[worker]") {
  const Tenants tenants = table({{"shop", {100}, {}}});
  REQUIRE(tenants.of(session(200)) == (Tenants::kUnnamed | 200));
  REQUIRE(tenants.of(session(201)) == (Tenants::kUnnamed | 201));
  REQUIRE(tenants.of(session(0xff'ffff)) == (Tenants::kUnnamed | 0xff'ffff));
  REQUIRE(table({}).of(session(0)) == Tenants::kUnnamed);
}

TEST_CASE("the VNIs of a tenant share its address space", "[worker]") {
  const Tenants tenants = table({{"shop", {100, 101}, {}}, {"bank", {300}, {}}});
  REQUIRE(tenants.of(session(100)) == 0);
  REQUIRE(tenants.of(session(101)) == 0);
  REQUIRE(tenants.of(session(300)) == 1);
}

TEST_CASE("tenants that share a VNI are told apart by their sources", "[worker]") {
  const Tenants tenants =
      table({{"shop", {100}, {"10.0.0.7", "2001:db8::7"}}, {"bank", {100}, {"10.0.0.8"}}});
  REQUIRE(tenants.of(session(100, IpAddress::v4(10, 0, 0, 7))) == 0);
  REQUIRE(tenants.of(session(100, IpAddress::v4(10, 0, 0, 8))) == 1);
  REQUIRE(tenants.of(session(100, IpAddress::v4(10, 0, 0, 9))) == (Tenants::kUnnamed | 100));
  packet::Tunnel six = session(100, {{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}});
  six.version = IpVersion::v6;
  REQUIRE(tenants.of(six) == 0);
}

TEST_CASE("an IPv4 source is not the IPv6 source that begins with its bytes", "[worker]") {
  const Tenants tenants = table({{"shop", {100}, {"10.0.0.7"}}});
  packet::Tunnel six = session(100);
  six.version = IpVersion::v6;
  REQUIRE(tenants.of(six) == (Tenants::kUnnamed | 100));
}

TEST_CASE("a source that is no address is refused by name", "[worker]") {
  const auto made = Tenants::from({{"shop", {100}, {"10.0.0"}}});
  REQUIRE_FALSE(made.ok());
  REQUIRE(made.error().where == "tenants.shop.sources");
}
