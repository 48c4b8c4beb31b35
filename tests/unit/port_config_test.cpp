// What is computed from the configuration before anything is opened.
#include <algorithm>
#include <filesystem>

#include "port/devargs.h"
#include "port/kind.h"
#include "port/pool.h"
#include "port/port.h"
#include "support/catch.h"

using namespace mirrorscan;

namespace {

config::Port device(const std::string& name, const std::string& arguments = "") {
  config::Port port;
  port.device = name;
  port.arguments = arguments;
  return port;
}

Error refusal(const std::vector<config::Port>& ports) {
  const auto status = port::check(ports);
  REQUIRE_FALSE(status.ok());
  CHECK_FALSE(status.error().remedy.empty());
  return status.error();
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::uint32_t mbufs(const config::Port& config, const port::Needs& needs, std::uint32_t pollers) {
  return port::plan_pool(config, *port::kind_of(config.device), needs, pollers, port::kBufferBytes).mbufs;
}

}  // namespace

TEST_CASE("a name that is no device is one clear error") {
  const Error error = refusal({device("net_null0"), device("eth1")});
  CHECK(error.where == "ports[1].device");
  CHECK(has(error.text(), "\"eth1\" is no device"));
}

TEST_CASE("a PCI device that is not there is one clear error") {
  const Error error = refusal({device("ffff:1f:1f.7")});
  CHECK(error.where == "ports[0].device");
  CHECK(has(error.text(), "there is no PCI device ffff:1f:1f.7"));
}

TEST_CASE("a PCI device of the kernel's is told with the command that frees it") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("mirrorscan-pci-" + std::to_string(getpid()));
  const fs::path card = folder / "0000:00:06.0";
  fs::create_directories(card);
  setenv("SYSFS_PCI_DEVICES", folder.c_str(), 1);
  CHECK(has(refusal({device("0000:00:06.0")}).what, "has no driver"));
  fs::create_symlink("../drivers/ena", card / "driver");
  const Error error = refusal({device("00:06.0")});
  CHECK(has(error.what, "the kernel's driver ena"));
  CHECK(has(error.remedy, "dpdk-devbind.py -b vfio-pci 0000:00:06.0"));
  fs::remove(card / "driver");
  fs::create_symlink("../drivers/vfio-pci", card / "driver");
  CHECK(port::check({device("00:06.0")}).ok());
  unsetenv("SYSFS_PCI_DEVICES");
  fs::remove_all(folder);
}

TEST_CASE("a misspelt driver is one clear error with the usual names") {
  const Error error = refusal({device("net_af_paket0", "iface=lo")});
  CHECK(error.where == "ports[0].device");
  CHECK(error.until == Until::changed);
  CHECK(has(error.remedy, "net_af_packet0"));
}

TEST_CASE("each port's fault is told, those that somebody must change first") {
  const auto all = port::faults({device("net_af_packet0", "iface=no_such_if"), device("net_null0"),
                                 device("net_pcap0", "rx_pcap=/no/such.pcap")});
  REQUIRE(all.size() == 2);
  CHECK(all[0].where == "ports[2].arguments");
  CHECK(all[0].until == Until::changed);
  CHECK(all[1].where == "ports[0].arguments");
  CHECK(all[1].until == Until::it_passes);
}

TEST_CASE("one device twice is one clear error, also under two spellings of its address") {
  CHECK(refusal({device("net_null0"), device("net_null0")}).where == "ports[1].device");
}

TEST_CASE("an interface that is missing, not named, or not there is one clear error") {
  CHECK(has(refusal({device("net_af_packet0")}).text(), "iface="));
  CHECK(has(refusal({device("net_af_packet0", "iface=no_such_if")}).text(), "no interface \"no_such_if\""));
  CHECK(has(refusal({device("net_af_xdp0", "iface=no_such_if")}).text(), "no interface \"no_such_if\""));
  CHECK(has(refusal({device("net_af_packet0", "iface=a_name_that_is_too_long")}).text(), "no interface"));
  CHECK(refusal({device("net_af_packet0", "iface=[lo")}).where == "ports[0].arguments");
}

TEST_CASE("a capture that cannot be read is one clear error") {
  const Error error = refusal({device("net_pcap0", "rx_pcap=/no/such.pcap")});
  CHECK(error.where == "ports[0].arguments");
  CHECK(has(error.text(), "/no/such.pcap: No such file"));
  CHECK(has(refusal({device("net_pcap0")}).text(), "rx_pcap=FILE"));
  CHECK(has(refusal({device("net_pcap0", "rx_pcap=/proc/self/status")}).text(),
            "is not a pcap file (unknown file format)"));
  CHECK(has(refusal({device("net_pcap0", "rx_pacp=x")}).text(), "no argument \"rx_pacp\""));
  const Error many = refusal({device("net_pcap0", "rx_iface=a,rx_iface=b")});
  CHECK(many.where == "ports[0].queues");
  CHECK(has(many.remedy, "add rx_pcap=FILE"));
  CHECK(has(refusal({device("net_pcap0", "rx_pcap=/tmp")}).text(), "capture /tmp: is no file"));
}

TEST_CASE("queues of a device that nobody would poll are one clear error") {
  CHECK(refusal({device("net_af_packet0", "iface=lo,qpairs=2")}).what == "qpairs=2 contradicts queues, 1");
  CHECK(refusal({device("net_af_xdp0", "iface=lo,queue_count=x")}).what ==
        "queue_count=x contradicts queues, 1");
}

TEST_CASE("a frame size that is no number, or none of a slot, is one clear error") {
  for (const char* bad : {"99999999999", "x", "0", "66", "65536"})
    CHECK(has(refusal({device("net_af_packet0", std::string("iface=lo,framesz=") + bad)}).what,
              std::string("framesz=") + bad));
}

TEST_CASE("net_null's size must be one number that fits a buffer") {
  CHECK(port::check({device("net_null0", "size=1500")}).ok());
  for (const char* bad : {"size=0", "size=70000", "size=-1", "size=a", "size=64,size=99999"})
    CHECK(refusal({device("net_null0", bad)}).where == "ports[0].arguments");
}

TEST_CASE("PCI ports are listed for EAL with the user's arguments; without any PCI is left alone") {
  CHECK(port::eal_arguments({device("net_null0")}) == std::vector<std::string>{"--no-pci"});
  CHECK(port::eal_arguments(
            {device("0000:00:06.0", "miss_txc_to=1"), device("00:07.0"), device("net_null0")}) ==
        std::vector<std::string>{"-a", "0000:00:06.0,miss_txc_to=1", "-a", "00:07.0"});
}

TEST_CASE("queues that name no worker are dealt out in turn over all ports") {
  config::Port a = device("net_null0"), b = device("net_null1"), c = device("net_null2");
  a.queues = 2;
  b.queues = 2;
  b.queue_workers = {1, 1};
  c.queues = 3;
  CHECK(port::deal_queues({a, b, c}, 3) ==
        std::vector<std::vector<std::uint32_t>>{{0, 1}, {1, 1}, {2, 0, 1}});
  CHECK(port::deal_queues({c}, 1) == std::vector<std::vector<std::uint32_t>>{{0, 0, 0}});
}

TEST_CASE("the ring of net_af_packet is whole pages of whole slots that hold a frame of the MTU") {
  const port::Kind& kind = *port::kind_of("net_af_packet0");
  for (const std::uint32_t mtu : {0u, 68u, 1'500u, 3'000u, 8'900u, 9'001u, 9'216u})
    for (const std::uint32_t descriptors : {64u, 1'000u, 16'384u}) {
      config::Port port = device("net_af_packet0", "iface=none");
      port.mtu = mtu;
      port.descriptors = descriptors;
      port.queues = 3;
      const std::string added = kind.arguments(port);
      INFO(added);
      const std::uint32_t slot = port::number_of(added, "framesz").value();
      const std::uint32_t block = port::number_of(added, "blocksz").value();
      const std::uint32_t slots = port::number_of(added, "framecnt").value();
      CHECK(slot >= port::frame_bytes(mtu) + 66);
      CHECK(slot % 16 == 0);
      CHECK(block % 4'096 == 0);
      CHECK(block % slot == 0);
      CHECK(slots % (block / slot) == 0);
      CHECK(slots >= descriptors);
      CHECK(port::number_of(added, "qpairs") == 3);
      CHECK(kind.buffer_bytes(port) >= slot - 32);
    }
}

TEST_CASE("arguments that the user wrote win over those that a kind adds") {
  const port::Kind& packet = *port::kind_of("net_af_packet0");
  const config::Port ring = device("net_af_packet0", "iface=none,framesz=4096,blocksz=8192,framecnt=64");
  CHECK(packet.arguments(ring) == "qpairs=1");
  CHECK(packet.buffer_bytes(ring) >= 4'096 - 32);
  CHECK_FALSE(has(packet.arguments(device("net_af_packet0", "iface=none,qpairs=2")), "qpairs"));
  const port::Kind& xdp = *port::kind_of("net_af_xdp0");
  CHECK(xdp.arguments(device("net_af_xdp0", "iface=none")) == "queue_count=1");
  CHECK(xdp.arguments(device("net_af_xdp0", "iface=none,queue_count=4")).empty());
}

TEST_CASE("the pool holds every place where packets of a port can be") {
  config::Port port = device("net_pcap0");
  port.queues = 4;
  port.descriptors = 1'024;
  port.mtu = 1'500;
  CHECK(mbufs(port, {.workers = 1, .burst = 32, .inbox_packets = 2'048}, 1) == 4'096 + 64 + 768);
  CHECK(mbufs(port, {.workers = 4, .burst = 32, .inbox_packets = 2'048}, 4) ==
        4'096 + 256 + 4 * 2'048 * 3 + 5 * 384);
  port.mtu = 9'001;  // five buffers a frame
  CHECK(mbufs(port, {.workers = 4, .burst = 32, .inbox_packets = 2'048}, 2) ==
        4'096 + 5 * 256 + 2 * 2'048 * (3 + 4) + 5 * 384);
  port.mbufs = 777;
  CHECK(mbufs(port, {}, 1) == 777);
}

TEST_CASE("the memory is that of all pools, rounded up as pools are") {
  config::Port port = device("net_pcap0", "");
  port.mbufs = 1'000;
  const std::uint32_t one = port::memory_mb({port}, {});
  CHECK(one > 1'023 * 2'176 >> 20);
  CHECK(one < 20);
  config::Port other = port;
  other.device = "net_pcap1";
  CHECK(port::memory_mb({port, other}, {}) > one);
  other.mbufs = 100'000;
  CHECK(port::memory_mb({port, other}, {}) > 131'071ull * 2'176 >> 20);
}

TEST_CASE("every virtual network device has a kind, and only those") {
  for (const char* name : {"net_af_packet0", "net_af_xdp1", "net_pcap0", "net_ring_x", "net_null9",
                           "net_memif0", "net_tap0", "net_virtio_user0"})
    CHECK(port::kind_of(name) != nullptr);
  for (const char* name : {"", "eth0", "crypto_null0", "0000:00:1f", "/dev/null"})
    CHECK(port::kind_of(name) == nullptr);
  CHECK(port::is_pci_address("00:1f.0"));
}
