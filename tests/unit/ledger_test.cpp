#include "ledger/ledger.h"

#include "support/catch.h"

using namespace mirrorscan::ledger;

TEST_CASE("an empty ledger balances and covers everything there was") {
  const Ledger ledger;
  CHECK(ledger.balances());
  CHECK(ledger.coverage_pct() == 100.0);
}

TEST_CASE("a packet that ends nowhere is an imbalance in packets and bytes") {
  Ledger ledger;
  ledger.received += {2, 200};
  ledger.end(PacketEnd::inspected, 120);
  CHECK_FALSE(ledger.balances());
  CHECK(ledger.packet_imbalance() == Amount{1, 80});
  ledger.end(PacketEnd::inner_not_ip, 80);
  CHECK(ledger.balances());
}

TEST_CASE("held fragments and whole datagrams balance through the hand-over") {
  Ledger ledger;
  ledger.received += {2, 100};
  ledger.held_defrag += {2, 100};
  CHECK(ledger.balances());
  ledger.held_defrag = {};
  ledger.end(PacketEnd::fragment_reassembled, 50);
  ledger.end(PacketEnd::fragment_reassembled, 50);
  ledger.handed_in += {1, 90};
  CHECK_FALSE(ledger.balances());
  ledger.end(PacketEnd::inspected, 90);
  CHECK(ledger.balances());
}

TEST_CASE("payload bytes without a disposition are an imbalance") {
  Ledger ledger;
  ledger.payload_received = 10;
  ledger.dispose(PayloadEnd::scanned, 6);
  CHECK(ledger.payload_imbalance() == 4);
  ledger.payload_held_reassembly = 4;
  CHECK(ledger.balances());
}

TEST_CASE("coverage counts what never came") {
  Ledger ledger;
  ledger.payload_received = 50;
  ledger.missing_gap = 30;
  ledger.missing_truncated = 15;
  ledger.missing_cut = 5;
  ledger.dispose(PayloadEnd::scanned, 50);
  CHECK(ledger.coverage_pct() == 50.0);
}

TEST_CASE("ledgers add up field by field") {
  Ledger a;
  a.received += {1, 10};
  a.end(PacketEnd::inspected, 10);
  a.payload_received = 5;
  a.missing_cut = 3;
  a.cut_packets = 1;
  a.dispose(PayloadEnd::scanned, 5);
  Ledger sum;
  sum += a;
  sum += a;
  CHECK(sum.received == Amount{2, 20});
  CHECK(sum.payload_received == 10);
  CHECK(sum.missing_cut == 6);
  CHECK(sum.cut_packets == 2);
  CHECK(sum.balances());
}
