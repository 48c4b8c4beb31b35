// Both ledgers balance after every burst, whatever came.

#include <algorithm>
#include <array>
#include <string>

#include "support/catch.h"
#include "support/conversation.h"
#include "support/mirror.h"
#include "support/worker_bench.h"

using namespace mirrorscan;
using namespace mirrorscan::support;

namespace {

constexpr const char* kRules = R"(
alert tcp any any -> any any (msg:"stream"; content:"abc"; sid:1;)
alert tcp any any -> any 1:3 (msg:"anchored"; content:"ab"; depth:2; sid:2;)
alert udp any any -> any any (msg:"datagram"; content:"abc"; sid:3;)
alert ip any any -> any any (msg:"header"; sid:4;)
drop tcp any any -> any 2 (msg:"ends the flow"; content:"cab"; sid:5;)
pass tcp any any -> any 3 (msg:"passes the flow"; content:"bbb"; sid:6;)
alert icmp any any -> any any (msg:"icmp"; itype:8; sid:7;)
)";

class Garbage {
 public:
  explicit Garbage(Random& random) : random_(random) {}

  /// One packet or several that belong together, on the sensor's wire.
  std::vector<Bytes> some() {
    if (one_in(12)) return {noise(size(90))};
    std::vector<Bytes> out;
    for (Bytes& inner : inner_frames()) {
      if (one_in(8)) inner.resize(pick(random_, inner.size() + 1));
      Bytes outer = wrap(inner);
      if (one_in(30)) outer.resize(pick(random_, outer.size() + 1));
      if (one_in(30) && !outer.empty()) {
        std::uint8_t& byte = outer[pick(random_, outer.size())];
        byte = static_cast<std::uint8_t>(byte ^ (1u << pick(random_, 8)));
      }
      out.push_back(outer);
      if (one_in(6)) out.push_back(wrap(inner));  // from any of the sources: a duplicate or a repetition
    }
    return out;
  }

 private:
  bool one_in(std::size_t n) { return pick(random_, n) == 0; }
  std::size_t size(std::size_t most) { return pick(random_, most + 1); }
  Bytes noise(std::size_t bytes) {
    Bytes out(bytes);
    for (std::uint8_t& b : out) b = static_cast<std::uint8_t>(random_());
    return out;
  }
  Bytes letters(std::size_t bytes) {
    Bytes out(bytes);
    for (std::uint8_t& b : out) b = static_cast<std::uint8_t>("abc"[pick(random_, 3)]);
    return out;
  }

  Bytes wrap(const Bytes& inner) {
    Mirror mirror;
    mirror.vni = static_cast<std::uint32_t>(pick(random_, 4));
    mirror.source = "172.31.0." + std::to_string(1 + pick(random_, 3));
    if (one_in(8)) mirror.vlans.assign(1 + pick(random_, 3), 7);
    if (one_in(20)) mirror.flags = static_cast<std::uint8_t>(random_());
    if (one_in(30)) mirror.dst_port = 53;
    if (one_in(5)) return mirror.gwlb(inner);
    return mirror.vxlan(inner);
  }

  Packet base() {
    const auto host = [&] { return std::to_string(1 + pick(random_, 2)); };
    Packet p;
    if (one_in(10)) p.vlan(static_cast<std::uint16_t>(pick(random_, 3)));
    if (one_in(4))
      p.ip("2001:db8::" + host(), "2001:db8::" + host());
    else
      p.ip("10.0.0." + host(), "10.0.0." + host());
    if (one_in(20)) p.ip_options(8);
    return p.id(static_cast<std::uint32_t>(pick(random_, 6)));
  }
  std::uint16_t port() { return static_cast<std::uint16_t>(1 + pick(random_, 3)); }

  Packet tcp() {
    Packet p = base().tcp(port(), port());
    p.seq(static_cast<std::uint32_t>(one_in(20) ? random_() : pick(random_, 6'000) - 100));
    p.ack(static_cast<std::uint32_t>(pick(random_, 6'000)));
    constexpr std::array<std::uint8_t, 7> kFlags{kAck,        kAck,        kAck | kPsh, kSyn,
                                                 kSyn | kAck, kFin | kAck, kRst};
    p.flags(one_in(20) ? static_cast<std::uint8_t>(random_()) : kFlags[pick(random_, one_in(3) ? 7 : 3)]);
    return p.payload(letters(size(1'200)));
  }

  std::vector<Bytes> inner_frames() {
    switch (pick(random_, 8)) {
      case 0: return {base().udp(port(), port()).payload(letters(size(300))).bytes()};
      case 1:
        return {
            base().icmp(static_cast<std::uint8_t>(pick(random_, 12)), 0).payload(noise(size(80))).bytes()};
      case 2: return {base().sctp(port(), port()).payload(letters(size(100))).bytes()};
      case 3:
        return {base().protocol(static_cast<std::uint8_t>(random_())).payload(noise(size(100))).bytes()};
      case 4: return pieces();
      default: return {tcp().bytes()};
    }
  }
  /// Fragments: all or some, in order or not, overlapping or not, lying or not.
  std::vector<Bytes> pieces() {
    const Packet whole = one_in(3) ? tcp() : base().udp(port(), port()).payload(letters(size(1'500)));
    std::vector<Bytes> out = whole.fragments(8 * (1 + pick(random_, 40)));
    if (one_in(3)) std::shuffle(out.begin(), out.end(), random_);
    if (one_in(3)) out.erase(out.begin() + static_cast<std::ptrdiff_t>(pick(random_, out.size())));
    const std::size_t bytes = whole.ip_payload().size();
    if (one_in(3) && bytes > 16)
      out.push_back(whole.fragment(8 * pick(random_, bytes / 8), 8 * (1 + pick(random_, 30))));
    return out;
  }

  Random& random_;
};

config::Config tight(config::Profile profile, Random& random) {
  config::Config c = small_config(profile);
  c.dedup.enabled = pick(random, 4) != 0;
  c.flow.max_flows = pick(random, 3) == 0 ? 8 : 1'024;
  c.stream.max_held_bytes = pick(random, 3) == 0 ? 8'192 : 1 << 20;
  c.stream.max_held_bytes_per_stream = pick(random, 3) == 0 ? 4'096 : 1 << 18;
  c.stream.max_streams = pick(random, 3) == 0 ? 4 : 128;
  if (pick(random, 3) == 0) c.stream.depth_bytes = 1 + pick(random, 3'000);
  c.defrag.max_datagrams = pick(random, 2) == 0 ? 3 : 64;
  c.defrag.max_bytes = 65'536;
  c.detect.drop_ends_flow = pick(random, 2) == 0;
  c.tenants = {{"both", {1, 2}, {}}};
  return c;
}

}  // namespace

TEST_CASE("the ledgers balance after every burst of garbage, for each VNI and in all") {
  const auto rules = compile(kRules);
  const auto profile = GENERATE(config::Profile::mirror, config::Profile::reference);
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    Garbage garbage(random);
    WorkerBench bench(tight(profile, random), rules);
    Timestamp now{1'000'000'000};
    std::uint64_t sent = 0;
    for (int burst = 0; burst < 60; ++burst) {
      std::vector<Frame> frames;
      while (frames.size() < 16)
        for (Bytes& bytes : garbage.some()) {
          now.us += static_cast<std::int64_t>(pick(random, 2'000));
          frames.push_back({std::move(bytes), now, pick(random, 3) == 0 ? 16 + pick(random, 100) : 0});
        }
      if (pick(random, 10) == 0) now.us += static_cast<std::int64_t>(pick(random, 90'000'000));
      sent += frames.size();
      bench.feed(frames, 256);
      REQUIRE(bench.imbalance() == "");
    }
    CHECK(bench.total().received.packets == sent);
    bench.finish();
    CHECK(bench.imbalance() == "");
    CHECK(bench.held() == "");
    CHECK(WorkerBench::mbufs_in_use() == 0);
  }
}

TEST_CASE("what a port cut off is missing under another name than what the mirror cut off") {
  const Bytes inner = Packet().ip("10.0.0.1", "10.0.0.2").udp(5'000, 53).payload(Bytes(100, 'x')).bytes();
  const Bytes truncated(inner.begin(), inner.end() - 30);
  Bytes whole = Mirror().vxlan(inner), both = Mirror().vxlan(truncated);
  whole.resize(whole.size() - 40);
  both.resize(both.size() - 10);
  WorkerBench bench(small_config(config::Profile::mirror), compile(kRules));
  const std::vector<Frame> frames{{whole, {1}}, {both, {2}}, {Mirror().vxlan(truncated), {3}}};
  bench.feed(frames, 3);
  const ledger::Ledger total = bench.total();
  CHECK(total.payload_received == 60 + 60 + 70);
  CHECK(total.missing_cut == 40 + 10);
  CHECK(total.missing_truncated == 30 + 30);
  CHECK(total.truncated_packets == 3);
  CHECK(total.cut_packets == 2);
  CHECK(bench.imbalance() == "");
}
