// One ledger for each VNI, up to the table's end.

#include <random>
#include <set>

#include "support/catch.h"
#include "worker/vni_ledgers.h"

using namespace mirrorscan;
using worker::VniLedgers;

TEST_CASE("a VNI keeps its slot, and VNI 0 is one like any other", "[worker]") {
  VniLedgers ledgers;
  const std::uint32_t zero = ledgers.slot_of(0);
  const std::uint32_t last = ledgers.slot_of(0xff'ffff);
  REQUIRE(zero > VniLedgers::kOther);
  REQUIRE(last > VniLedgers::kOther);
  REQUIRE(zero != last);
  REQUIRE(ledgers.slot_of(0) == zero);
  REQUIRE(ledgers.vni_of(last) == 0xff'ffff);
  REQUIRE(ledgers.count() == 4);
}

TEST_CASE("4,096 VNIs have ledgers of their own, the next ones share one", "[worker]") {
  VniLedgers ledgers;
  std::mt19937 random(3);
  std::set<std::uint32_t> vnis, slots;
  while (vnis.size() < VniLedgers::kMaxVnis) vnis.insert(static_cast<std::uint32_t>(random() & 0xff'ffff));
  for (const std::uint32_t vni : vnis) slots.insert(ledgers.slot_of(vni));
  REQUIRE(slots.size() == VniLedgers::kMaxVnis);
  REQUIRE_FALSE(slots.contains(VniLedgers::kNone));
  REQUIRE_FALSE(slots.contains(VniLedgers::kOther));

  std::uint32_t stranger = 0;
  while (vnis.contains(stranger)) ++stranger;
  REQUIRE(ledgers.slot_of(stranger) == VniLedgers::kOther);
  REQUIRE(ledgers.slot_of(stranger) == VniLedgers::kOther);
  REQUIRE(ledgers.count() == VniLedgers::kMaxVnis + 2);
  for (const std::uint32_t vni : vnis) REQUIRE(ledgers.vni_of(ledgers.slot_of(vni)) == vni);
}

TEST_CASE("what is booked in one ledger is in no other", "[worker]") {
  VniLedgers ledgers;
  const std::uint32_t a = ledgers.slot_of(1), b = ledgers.slot_of(2);
  ledgers[a].received += {3, 300};
  REQUIRE(ledgers.at(a).received.packets == 3);
  REQUIRE(ledgers.at(b).received.packets == 0);
  REQUIRE(ledgers.at(VniLedgers::kNone).received.packets == 0);
}
