// Small parts of the drivers.
#include "pci/allowances.h"
#include "port/devargs.h"
#include "port/refusals.h"
#include "port/tally.h"
#include "support/catch.h"

using namespace mirrorscan;

TEST_CASE("a tally goes on where a device starts to count anew") {
  port::Tally tally;
  for (const std::uint64_t value : {5u, 9u, 0u, 4u}) tally.read(value);
  CHECK(tally.total() == 13);
}

TEST_CASE("device arguments are read as DPDK reads them") {
  CHECK(port::values_of("rx_pcap=a,iface=b,rx_pcap=c", "rx_pcap").value() ==
        std::vector<std::string>{"a", "c"});
  CHECK(port::values_of("", "rx_pcap").value().empty());
  std::string too_many;
  for (int i = 0; i < 33; ++i) too_many = port::join(too_many, "a=1");
  CHECK_FALSE(port::values_of(too_many, "a").ok());
  CHECK(port::number_of("framesz=2048", "framesz") == 2'048);
  CHECK_FALSE(port::number_of("framesz=2k", "framesz"));
  CHECK_FALSE(port::value_of("xframesz=2048", "framesz"));
  CHECK(port::join("", "b") == "b");
  CHECK(port::join("a", "b") == "a,b");
}

TEST_CASE("a refusal is kept once") {
  port::Refusals refusals("test");
  refusals.add_code("mtu", 0, "not refused at all");
  CHECK(refusals.list().empty());
  refusals.add_code("mtu", -95, "it stays");
  refusals.add("mtu", "again");
  REQUIRE(refusals.list().size() == 1);
  CHECK(refusals.list().front().operation == "mtu");
  CHECK(refusals.list().front().reason == "Operation not supported; it stays");
}

TEST_CASE("counters that no device can have counted are not believed, and never again") {
  pci::Believable honest, address, falling;
  CHECK(honest.read({0, 5}));
  CHECK(honest.read({0, 6}));
  honest.restarted();
  CHECK(honest.read({0, 0}));
  CHECK_FALSE(address.read({0, 140'724'175'745'024}));
  CHECK_FALSE(address.read({0, 0}));
  CHECK(falling.read({9}));
  CHECK_FALSE(falling.read({8}));
}
