#include "flow/tenant_conflict.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::flow;

namespace {

Key key(std::uint32_t tenant, std::uint16_t port = 80) {
  Key k;
  k.lower = IpAddress::v4(10, 0, 0, 1);
  k.higher = IpAddress::v4(10, 0, 0, 2);
  k.lower_port = port;
  k.tenant = tenant;
  return k;
}

}  // namespace

TEST_CASE("a 5-tuple seen under two tenants names the other tenant and its VNI") {
  TenantConflicts conflicts;
  CHECK_FALSE(conflicts.seen(key(1), 100));
  const auto other = conflicts.seen(key(2), 200);
  REQUIRE(other);
  CHECK(other->tenant == 1);
  CHECK(other->vni == 100);
}

TEST_CASE("a 5-tuple seen again under its own tenant is no conflict, from whichever VNI") {
  TenantConflicts conflicts;
  CHECK_FALSE(conflicts.seen(key(1), 100));
  CHECK_FALSE(conflicts.seen(key(1), 101));
}

TEST_CASE("other 5-tuples under other tenants are no conflict") {
  TenantConflicts conflicts;
  CHECK_FALSE(conflicts.seen(key(1, 80), 100));
  CHECK_FALSE(conflicts.seen(key(2, 81), 200));
}

TEST_CASE("a pair of tenants is told once, in whichever order and on whichever tuple") {
  TenantConflicts conflicts;
  CHECK_FALSE(conflicts.seen(key(1), 100));
  CHECK(conflicts.seen(key(2), 200));
  CHECK_FALSE(conflicts.seen(key(1), 100));
  CHECK_FALSE(conflicts.seen(key(2, 81), 200));
  CHECK_FALSE(conflicts.seen(key(1, 81), 100));
  CHECK(conflicts.seen(key(3), 300));
  CHECK(conflicts.untold() == 0);
}

TEST_CASE("pairs beyond the budget are counted and not told") {
  TenantConflicts conflicts;
  std::size_t told = 0;
  for (std::uint32_t tenant = 0; tenant <= TenantConflicts::kPairs + 3; ++tenant)
    told += conflicts.seen(key(tenant), tenant).has_value();
  CHECK(told == TenantConflicts::kPairs);
  CHECK(conflicts.untold() == 3);
}

TEST_CASE("more tuples than entries overwrite each other without false alarms") {
  TenantConflicts conflicts;
  std::size_t told = 0;
  for (std::uint32_t tuple = 0; tuple < 3 * TenantConflicts::kEntries; ++tuple) {
    Key k = key(tuple % 2, static_cast<std::uint16_t>(tuple));
    k.higher_port = static_cast<std::uint16_t>(tuple >> 16);
    told += conflicts.seen(k, 0).has_value();
  }
  CHECK(told == 0);
}
