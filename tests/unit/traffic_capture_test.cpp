#include "traffic/capture_source.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/capture_file.h"
#include "support/catch.h"
#include "support/mirror.h"
#include "support/packet_builder.h"
#include "support/scratch_folder.h"
#include "traffic/capture_payloads.h"
#include "traffic/frame_parts.h"
#include "traffic/readdress.h"

using namespace mirrorscan;
using namespace mirrorscan::traffic;
using support::Bytes;
using support::CaptureFile;
using support::Packet;

namespace {

Packet tcp(const std::string& src, std::uint16_t src_port, const std::string& dst, std::uint16_t dst_port) {
  return Packet().ip(src, dst).tcp(src_port, dst_port);
}

/// A TCP and a UDP flow, both both ways; 8 frames in 9 ms.
std::vector<Bytes> two_flows() {
  const std::string client = "192.168.0.2", server = "198.51.100.7", resolver = "192.168.0.1";
  const Packet up = tcp(client, 40'000, server, 80), down = tcp(server, 80, client, 40'000);
  return {Packet().ip(client, resolver).udp(5'353, 53).payload("query").bytes(),
          Packet().ip(resolver, client).udp(53, 5'353).payload("answer").bytes(),
          Packet(up).flags(support::kSyn).bytes(),
          Packet(down).flags(support::kSyn | support::kAck).bytes(),
          Packet(up).bytes(),
          Packet(up).payload("request").bytes(),
          Packet(down).payload("response one").bytes(),
          Packet(down).payload("response two").bytes()};
}

struct Scratch {
  support::ScratchFolder scratch;
  std::string path = scratch.folder + "/capture.pcap";

  /// A millisecond apart, from some day on.
  explicit Scratch(const std::vector<Bytes>& frames) {
    CaptureFile file(path);
    for (std::size_t i = 0; i < frames.size(); ++i) file.add(1'700'000'000'000'000 + i * 1'000, frames[i]);
  }
};

Profile profile_of(const Scratch& capture, std::uint64_t packets = 0, std::uint64_t flows = 0) {
  Profile profile;
  profile.seed = 3;
  profile.mirrors.vnis = 7;
  profile.mirrors.sources_per_vni = 3;
  profile.replayed = {capture.path, packets, flows};
  return profile;
}

std::unique_ptr<CaptureSource> open(const Profile& profile) {
  auto source = CaptureSource::open(profile);
  if (!source) FAIL(source.error().text());
  return std::move(source).value();
}

std::vector<PacketPlan> all_plans(CaptureSource& source, std::size_t burst = 5) {
  std::vector<PacketPlan> all, plans(burst);
  while (const std::size_t count = source.next(plans))
    all.insert(all.end(), plans.begin(), plans.begin() + static_cast<std::ptrdiff_t>(count));
  return all;
}

Bytes written(const PacketPlan& plan) {
  Bytes out(65'536);
  out.resize(write_captured(plan, out));
  return out;
}

std::string error_of(const Profile& profile) {
  const auto source = CaptureSource::open(profile);
  REQUIRE_FALSE(source);
  return source.error().text();
}

}  // namespace

TEST_CASE("one copy is the capture itself, its times from 0 on") {
  const Scratch capture(two_flows());
  const auto source = open(profile_of(capture));
  CHECK((source->copies() == 1 && source->packets() == 8 && source->flows() == 2));
  const auto plans = all_plans(*source);
  const auto frames = two_flows();
  REQUIRE(plans.size() == frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    CHECK(plans[i].time_ns == i * 1'000'000);
    CHECK(written(plans[i]) == frames[i]);
  }
}

TEST_CASE("a mirrored capture gives the frames within VXLAN, and counts what is not") {
  std::vector<Bytes> outside;
  for (const Bytes& frame : two_flows()) outside.push_back(support::Mirror().vxlan(frame));
  outside.insert(outside.begin() + 3, Packet().ether_type(0x0806).payload(Bytes(46)).bytes());
  outside.push_back(Packet().ip("10.0.0.1", "10.0.0.2").udp(1, 2).payload("no mirror").bytes());
  const Scratch capture(outside);
  const auto source = open(profile_of(capture));
  CHECK(source->left_out() == 2);
  const auto plans = all_plans(*source);
  const auto frames = two_flows();
  REQUIRE(plans.size() == frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) CHECK(written(plans[i]) == frames[i]);
}

TEST_CASE("whole copies are made until there are enough packets and enough flows") {
  const Scratch capture(two_flows());
  const auto copies = [&](std::uint64_t packets, std::uint64_t flows) {
    return open(profile_of(capture, packets, flows))->copies();
  };
  CHECK(copies(8, 2) == 1);
  CHECK(copies(9, 0) == 2);
  CHECK(copies(0, 5) == 3);
  CHECK(copies(17, 9) == 5);
  const auto source = open(profile_of(capture, 100, 30));
  CHECK((source->copies() == 15 && source->packets() == 120 && source->flows() == 30));
  CHECK(all_plans(*source).size() == 120);
}

TEST_CASE("a flow of a copy has one serial, one source and the addresses that its frames have") {
  const Scratch capture(two_flows());
  const auto source = open(profile_of(capture, 200));
  std::map<std::uint64_t, std::vector<PacketPlan>> flows;
  std::set<std::pair<IpAddress, IpAddress>> pairs;
  for (const PacketPlan& plan : all_plans(*source, 64)) flows[plan.flow].push_back(plan);
  CHECK(flows.size() == source->flows());
  for (const auto& [serial, plans] : flows) {
    CHECK(serial < source->flows());
    pairs.insert({plans[0].ends.client, plans[0].ends.server});
    CHECK(plans[0].ends.client_port == (plans[0].ends.protocol == 6 ? 40'000 : 5'353));
    for (const PacketPlan& plan : plans) {
      const Bytes frame = written(plan);
      const FrameAddresses there = addresses_of(frame, parts_of(frame));
      const bool up = plan.direction == Direction::to_server;
      REQUIRE((up ? there.src : there.dst) == plans[0].ends.client);
      REQUIRE((up ? there.dst : there.src) == plans[0].ends.server);
      REQUIRE((up ? there.dst_port : there.src_port) == plans[0].ends.server_port);
      REQUIRE(plan.source == plans[0].source);
    }
  }
  CHECK(pairs.size() == flows.size());
}

TEST_CASE("copies run at once, and times never go back") {
  const Scratch capture(two_flows());
  const auto source = open(profile_of(capture, 80));
  const auto plans = all_plans(*source);
  CHECK(std::is_sorted(plans.begin(), plans.end(),
                       [](const auto& a, const auto& b) { return a.time_ns < b.time_ns; }));
  // The first copy's last packet comes after the first one of all others but those that begin later still.
  const auto last_of_first =
      std::find_if(plans.rbegin(), plans.rend(), [](const auto& p) { return p.hosts_copy == 0; });
  std::set<std::uint32_t> before;
  for (auto at = last_of_first; at != plans.rend(); ++at) before.insert(at->hosts_copy);
  CHECK(before.size() == source->copies());
}

TEST_CASE("a packet rate gives each packet its own time") {
  const Scratch capture(two_flows());
  Profile profile = profile_of(capture, 80);
  profile.packet_rate = 1e6;
  const auto plans = all_plans(*open(profile));
  for (std::size_t i = 0; i < plans.size(); ++i) CHECK(plans[i].time_ns == i * 1'000);
}

TEST_CASE("what two hosts say comes from one mirror source, fragments and ICMP errors included") {
  const std::string a = "10.0.0.1", b = "10.0.0.2";
  const Packet datagram = Packet().ip(a, b).udp(1, 2).payload(support::pattern(40));
  std::vector<Bytes> frames = datagram.fragments(16);
  frames.push_back(datagram.bytes());
  frames.push_back(Packet().ip(b, a).tcp(80, 3).bytes());
  frames.push_back(Packet().ip("10.9.9.9", a).icmp(3, 1).payload(datagram.ip_bytes()).bytes());
  const Scratch capture(frames);
  const auto source = open(profile_of(capture, 10 * frames.size()));
  CHECK(source->flows() == 10 * 4);  // the fragments, the datagram, TCP, the error
  std::map<std::uint32_t, std::set<std::uint32_t>> sources;
  std::set<std::uint32_t> all;
  for (const PacketPlan& plan : all_plans(*source)) {
    sources[plan.hosts_copy].insert(plan.source);
    all.insert(plan.source);
  }
  for (const auto& [copy, of_copy] : sources) CHECK(of_copy.size() == 1);
  CHECK(all.size() > 3);
}

TEST_CASE("a flow between addresses that every copy shares is one flow, and frames without IP are none") {
  const std::vector<Bytes> frames = {
      Packet().ip("0.0.0.0", "255.255.255.255").udp(68, 67).payload("x").bytes(),
      Packet().ether_type(0x0806).payload(Bytes(46)).bytes(), tcp("10.0.0.1", 1, "10.0.0.2", 2).bytes()};
  const Scratch capture(frames);
  const auto source = open(profile_of(capture, 30));
  CHECK(source->flows() == 1 + 10);
  std::map<std::uint64_t, std::size_t> packets;
  for (const PacketPlan& plan : all_plans(*source)) ++packets[plan.flow];
  CHECK(packets[kNoFlow] == 10);
  CHECK(packets[0] == 10);
  CHECK(packets.size() == 2 + 10);
}

TEST_CASE("who answers a connection is its server, even where the capture begins with the answer") {
  const Scratch capture(
      {tcp("10.0.0.2", 80, "10.0.0.1", 4'000).flags(support::kSyn | support::kAck).bytes()});
  const auto plans = all_plans(*open(profile_of(capture)));
  REQUIRE(plans.size() == 1);
  CHECK(plans[0].ends.server == support::address("10.0.0.2"));
  CHECK(plans[0].direction == Direction::to_client);
}

TEST_CASE("one seed gives one sequence of plans, for any size of bursts") {
  const Scratch capture(two_flows());
  // Plans lend their frames from the source.
  const auto source_of_one = open(profile_of(capture, 200)), source_of_many = open(profile_of(capture, 200));
  const auto one = all_plans(*source_of_one, 1);
  const auto many = all_plans(*source_of_many, 64);
  REQUIRE(one.size() == many.size());
  for (std::size_t i = 0; i < one.size(); ++i)
    CHECK((one[i].time_ns == many[i].time_ns && one[i].flow == many[i].flow &&
           one[i].source == many[i].source && written(one[i]) == written(many[i])));
}

TEST_CASE("captures that cannot be used are refused with a reason") {
  const support::ScratchFolder scratch;
  Profile profile;
  profile.replayed.capture = scratch.folder + "/none.pcap";
  CHECK(error_of(profile).find("none.pcap") != std::string::npos);
  profile.replayed.capture = scratch.folder + "/empty.pcap";
  { const CaptureFile empty(profile.replayed.capture); }
  CHECK(error_of(profile).find("has no packet") != std::string::npos);
  profile.replayed.capture = scratch.folder + "/cooked.pcap";
  { CaptureFile(profile.replayed.capture, 113).add(0, Bytes(60)); }
  CHECK(error_of(profile).find("not Ethernet") != std::string::npos);
  profile.replayed.capture = scratch.folder + "/cut.pcap";
  { CaptureFile(profile.replayed.capture).add(0, Bytes(60)); }
  std::ofstream(profile.replayed.capture, std::ios::app | std::ios::binary) << "half a header";
  CHECK(error_of(profile).find("cut.pcap") != std::string::npos);
}

TEST_CASE("flows of a capture without IP cannot be asked for") {
  const Scratch capture({Packet().ether_type(0x0806).payload(Bytes(46)).bytes()});
  CHECK(error_of(profile_of(capture, 0, 1)).find("no flow") != std::string::npos);
  CHECK(open(profile_of(capture, 3))->packets() == 3);
}

TEST_CASE("more copies than the budget are refused, not left out") {
  // A flow between addresses that every copy shares needs no room for addresses.
  const Scratch capture({Packet().ip("0.0.0.0", "255.255.255.255").udp(68, 67).payload("x").bytes()});
  CHECK(error_of(profile_of(capture, 1 + CaptureSource::kMostCopies)).find("16777216") != std::string::npos);
  CHECK(error_of(profile_of(capture, ~std::uint64_t{0})).find("copies are more") != std::string::npos);
}

TEST_CASE("packets of a capture without a byte are left out and counted") {
  const Scratch capture({Bytes{}, tcp("10.0.0.1", 1, "10.0.0.2", 2).bytes(), Bytes{}});
  const auto source = open(profile_of(capture));
  CHECK((source->packets() == 1 && source->left_out() == 2));
}

TEST_CASE("a capture of one packet, and one whose clock jumps, run in order") {
  const support::ScratchFolder scratch;
  Profile profile;
  profile.replayed.capture = scratch.folder + "/times.pcap";
  const Bytes frame = tcp("10.0.0.1", 1, "10.0.0.2", 2).bytes();
  { CaptureFile(profile.replayed.capture).add(0, frame); }
  profile.replayed.until_flows = 1'000;
  CHECK(all_plans(*open(profile)).size() == 1'000);
  { CaptureFile(profile.replayed.capture).add(0, frame).add(4'294'967'295'999'999, frame).add(5, frame); }
  const auto source = open(profile);
  const auto plans = all_plans(*source);
  CHECK(plans.size() == 3 * source->copies());
  CHECK(std::is_sorted(plans.begin(), plans.end(),
                       [](const auto& a, const auto& b) { return a.time_ns < b.time_ns; }));
}

TEST_CASE("a capture larger than the budget is refused at the packet that is too much") {
  const Scratch capture(two_flows());
  const auto read = read_capture(capture.path, 140);
  REQUIRE_FALSE(read);
  CHECK(read.error().where.find("packet 3") != std::string::npos);
}

TEST_CASE("a book of a capture has its payloads flow by flow, each in its direction") {
  const Scratch capture(two_flows());
  const auto book = book_of_payloads(capture.path, 6);
  REQUIRE(book);
  std::vector<std::pair<Direction, std::string>> said;
  for (const auto& entry : book.value().entries)
    said.emplace_back(entry.direction,
                      std::string(as_text(ByteView(book.value().text).subspan(entry.offset, entry.length))));
  CHECK(said == std::vector<std::pair<Direction, std::string>>{{Direction::to_server, "request"},
                                                               {Direction::to_client, "response one"},
                                                               {Direction::to_client, "response two"}});
  REQUIRE(book_of_payloads(capture.path, 17));
  CHECK(book_of_payloads(capture.path, 17).value().entries.size() == 2);
}

TEST_CASE("payload ends where the packet ends, not where its padding does") {
  const Scratch capture({tcp("10.0.0.1", 1, "10.0.0.2", 2).payload("x").pad_to(90).bytes(),
                         tcp("10.0.0.1", 1, "10.0.0.2", 2).pad_to(90).bytes()});
  const auto book = book_of_payloads(capture.path, 6);
  REQUIRE(book);
  CHECK(book.value().text == std::vector<std::uint8_t>{'x'});
}

TEST_CASE("a capture without payload makes no book") {
  const Scratch capture({tcp("10.0.0.1", 1, "10.0.0.2", 2).bytes()});
  CHECK_FALSE(book_of_payloads(capture.path, 6));
  CHECK_FALSE(book_of_payloads(capture.path, 17));
}

TEST_CASE("frame sizes are those on the wire") {
  const support::ScratchFolder scratch;
  const std::string path = scratch.folder + "/sizes.pcap";
  CaptureFile(path).add(0, Bytes(60)).add(1, Bytes(100), 1'414);
  const auto sizes = frame_sizes(path);
  REQUIRE(sizes);
  CHECK(sizes.value() == std::vector<std::uint16_t>{60, 1'514});
}
