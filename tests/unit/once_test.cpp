#include "exporter/once.h"

#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::exporter;

namespace {

record::Record conflict(std::uint32_t tenant, std::uint32_t other) {
  record::Record r{};
  r.type = record::Type::anomaly;
  r.tenant = tenant;
  r.anomaly.kind = record::AnomalyKind::tenant_conflict;
  r.anomaly.other_tenant = other;
  return r;
}

}  // namespace

TEST_CASE("a conflict of two tenants is told once, whichever of them is named first") {
  Once once;
  CHECK(once.first_time(conflict(1, 2)));
  CHECK_FALSE(once.first_time(conflict(1, 2)));
  CHECK_FALSE(once.first_time(conflict(2, 1)));
  CHECK(once.first_time(conflict(1, 3)));
  CHECK(once.first_time(conflict(2, 3)));
}

TEST_CASE("all other events are told each time") {
  Once once;
  record::Record alert{};
  record::Record overlap = conflict(1, 2);
  overlap.anomaly.kind = record::AnomalyKind::overlap_differs;
  for (int i = 0; i < 2; ++i) {
    CHECK(once.first_time(alert));
    CHECK(once.first_time(overlap));
  }
}

TEST_CASE("when no more pairs can be remembered, conflicts are told again and counted") {
  Once once;
  for (std::uint32_t i = 0; i < Once::kMaxPairs; ++i) REQUIRE(once.first_time(conflict(0, i + 1)));
  CHECK(once.unremembered() == 0);
  CHECK(once.first_time(conflict(1, 2)));
  CHECK(once.first_time(conflict(1, 2)));
  CHECK(once.unremembered() == 2);
  CHECK_FALSE(once.first_time(conflict(7, 0)));
}
