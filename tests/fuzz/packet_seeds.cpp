// Writes the seeds of the fuzz targets `decap`, `decode` and `readdress` below the folder it is given
// (tests/fuzz/corpus). Run it by hand when the builder learns something worth a seed.

#include <filesystem>
#include <fstream>
#include <string>

#include "support/mirror.h"

using namespace mirrorscan::support;

namespace {

void write(const std::filesystem::path& folder, const std::string& name, const Bytes& seed) {
  std::filesystem::create_directories(folder);
  std::ofstream out(folder / name, std::ios::binary);
  out.write(reinterpret_cast<const char*>(seed.data()), static_cast<std::streamsize>(seed.size()));
}

/// A frame in segments, as segmented_input.h reads it.
void write(const std::filesystem::path& folder, const std::string& name, const Bytes& sizes,
           const Bytes& frame) {
  Bytes seed{static_cast<std::uint8_t>(sizes.size())};
  append(seed, sizes);
  append(seed, frame);
  write(folder, name, seed);
}

Packet v4() {
  return Packet().ip("10.0.0.1", "10.0.0.2");
}
Packet v6() {
  return Packet().ip("2001:db8::1", "2001:db8::2");
}

void write_decap(const std::filesystem::path& folder) {
  const Bytes inner = v4().tcp(40'000, 80).payload("GET /").bytes();
  Mirror v6_mirror, tagged, tagged_gwlb;
  v6_mirror.source = "2001:db8::1";
  v6_mirror.target = "2001:db8::2";
  tagged.vlans = {1, 2};
  tagged_gwlb.vlans = {3};
  tagged_gwlb.more_options = {{0x0109, 7, Bytes(12)}};
  write(folder, "vxlan", {}, Mirror().vxlan(inner));
  write(folder, "vxlan-split", {14, 0, 30}, Mirror().vxlan(inner));
  write(folder, "vxlan-ipv6", {40}, v6_mirror.vxlan(inner));
  write(folder, "vxlan-ipv6-extensions", {},
        v6_mirror.vxlan_packet(inner).hop_by_hop().destination_options().bytes());
  write(folder, "vxlan-vlans", {}, tagged.vxlan(inner));
  write(folder, "vxlan-options-padded", {}, Mirror().vxlan_packet({}).ip_options(8).pad_to(80).bytes());
  write(folder, "vxlan-short-udp", {}, Mirror().vxlan_packet(inner).udp_length(40).bytes());
  write(folder, "fragment", {}, Mirror().vxlan_packet(inner).fragment(0, 48));
  write(folder, "gwlb", {}, Mirror().gwlb(inner));
  write(folder, "gwlb-split", {45, 9, 50}, Mirror().gwlb(inner));
  write(folder, "gwlb-unknown-option", {}, tagged_gwlb.gwlb(inner));
  write(folder, "gwlb-ipv6", {}, v6_mirror.gwlb(inner));
}

void write_decode(const std::filesystem::path& folder) {
  const Packet syn =
      v4().tcp(1, 2).flags(kSyn).tcp_option(2, {5, 0xb4}).tcp_option(3, {7}).tcp_option(34, Bytes(8));
  const Packet chain = v6().hop_by_hop().routing(24).authentication().atomic_fragment().destination_options();
  const Packet datagram = Packet(v6()).udp(53, 53).payload(pattern(40));
  write(folder, "tcp", {}, v4().tcp(1, 2).payload("data").bytes());
  write(folder, "tcp-options-split", {20, 16, 8}, syn.bytes());
  write(folder, "udp-vlans", {}, v4().vlan(1, 0x88a8).vlan(2).udp(1, 2).payload("data").pad_to(80).bytes());
  write(folder, "udp-ip-options", {}, v4().ip_options(12).udp(1, 2).payload("data").bytes());
  write(folder, "icmp", {}, v4().icmp(8, 0).payload("ping").bytes());
  write(folder, "icmpv6", {}, v6().icmp(128, 0).payload("ping").bytes());
  write(folder, "sctp", {}, v4().sctp(1, 2).payload("chunk").bytes());
  write(folder, "extensions-udp", {50, 30}, Packet(chain).udp(1, 2).payload("data").bytes());
  write(folder, "jumbogram", {}, v6().hop_by_hop().ip_length(0).tcp(1, 2).payload("data").bytes());
  write(folder, "fragment-first", {}, datagram.fragment(0, 16));
  write(folder, "fragment-last", {}, datagram.fragment(32, 16));
  write(folder, "fragment-ipv4", {}, v4().udp(1, 2).payload(pattern(40)).fragment(8, 16));
  write(folder, "other", {}, v6().protocol(59).bytes());
  write(folder, "arp", {}, Packet().ether_type(0x0806).payload(Bytes(46)).bytes());
}

void write_readdress(const std::filesystem::path& folder) {
  const Packet chain = v6().hop_by_hop().routing(24).authentication().atomic_fragment();
  const Packet datagram = v4().udp(1, 2).payload(pattern(40));
  write(folder, "tcp-vlans", v4().vlan(1, 0x88a8).vlan(2).tcp(1, 2).payload("data").pad_to(80).bytes());
  write(folder, "udp-options", v4().ip_options(12).udp(1, 2).payload("data").bytes());
  write(folder, "fragment-first", datagram.fragment(0, 16));
  write(folder, "fragment-last", datagram.fragment(32, 16));
  write(folder, "extensions-tcp", Packet(chain).tcp(1, 2).payload("data").bytes());
  write(folder, "icmp-error", v4().icmp(3, 1).payload(Packet(datagram).ip_options(8).ip_bytes()).bytes());
  write(folder, "icmpv6-error", v6().icmp(1, 4).payload(Packet(chain).udp(1, 2).ip_bytes()).bytes());
  write(folder, "icmpv6-echo", v6().icmp(128, 0).payload("ping").bytes());
  write(folder, "arp", Packet().ether_type(0x0806).payload(Bytes(46)).bytes());
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const std::filesystem::path corpus = arguments[1];
  write_decap(corpus / "decap");
  write_decode(corpus / "decode");
  write_readdress(corpus / "readdress");
  return 0;
}
