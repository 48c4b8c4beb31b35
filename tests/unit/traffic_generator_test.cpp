#include "traffic/generator.h"

#include <array>
#include <vector>

#include "support/catch.h"
#include "traffic/frame_writer.h"

using namespace mirrorscan;
using namespace mirrorscan::traffic;

namespace {

struct Sent {
  std::uint64_t packets = 0, unwritten = 0, digest = 0xcbf2'9ce4'8422'2325, time_ns = 0;
  bool times_go_back = false;
};

/// FNV-1a, 64 bits.
void digest(std::uint64_t& state, std::span<const std::uint8_t> bytes) {
  for (const std::uint8_t byte : bytes) state = (state ^ byte) * 0x100'0000'01b3;
}

/// All frames of a profile, up to `most`.
Sent sent(const Profile& profile, std::uint64_t most = 20'000) {
  auto generator = Generator::make(profile);
  REQUIRE(generator.ok());
  const FrameWriter writer(profile);
  std::vector<std::uint8_t> frame(FrameWriter::kMostFrameBytes);
  std::array<PacketPlan, 32> plans;
  Sent out;
  while (out.packets < most) {
    const std::size_t count = generator.value()->next(plans);
    if (count == 0) break;
    for (const PacketPlan& plan : std::span(plans).first(count)) {
      const std::size_t bytes = writer.write(plan, frame);
      out.unwritten += bytes == 0;
      out.times_go_back |= plan.time_ns < out.time_ns;
      out.time_ns = plan.time_ns;
      digest(out.digest, std::span(frame).first(bytes));
    }
    out.packets += count;
  }
  return out;
}

/// Some of everything.
Profile all_sorts() {
  Profile profile;
  profile.packets = 30'000;
  profile.flows.ipv6_share = 0.3;
  profile.mirrors.vnis = 3;
  profile.mirrors.sources_per_vni = 2;
  profile.faults = {.truncate_bytes = 1'000,
                    .loss = 0.02,
                    .reorder = 0.05,
                    .duplicate = 0.03,
                    .double_mirrored = 0.1,
                    .one_sided = 0.05};
  return profile;
}

}  // namespace

TEST_CASE("one profile and one seed give these bytes, whatever compiler made the program") {
  CHECK(sent(all_sorts(), 30'000).digest == 0xd0ae'cc4e'967a'a605);
}

TEST_CASE("profiles at the ends of their ranges give packets that can be written, in order") {
  const auto good = [](auto change) {
    Profile profile = all_sorts();
    profile.packets = 0;
    change(profile);
    const Sent out = sent(profile);
    CHECK(out.packets >= 20'000);
    CHECK(out.unwritten == 0);
    CHECK_FALSE(out.times_go_back);
  };
  SECTION("segments of one byte, lifetimes of a millisecond") {
    good([](Profile& p) {
      p.flows.mss = 1;
      p.flows.concurrent = 10;
      p.flows.lifetime_s = 0.001;
    });
  }
  SECTION("few packets a century") {
    good([](Profile& p) {
      p.flows.concurrent = 10;
      p.flows.lifetime_s = 2'500;
      p.flows.data_packets = 1;
    });
  }
  SECTION("frames of 9,000 bytes with the longest headers") {
    good([](Profile& p) {
      p.flows.sizes = SizeLaw::fixed;
      p.flows.frame_bytes = 9'000;
      p.flows.ipv6_share = 1;
      p.mirrors.encap = packet::Encap::geneve;
    });
  }
  SECTION("all faults at once as often as can be") {
    good([](Profile& p) {
      p.faults = {.truncate_bytes = 64,
                  .loss = 0.99,
                  .reorder = 1,
                  .reorder_distance = 256,
                  .duplicate = 1,
                  .double_mirrored = 1,
                  .one_sided = 1};
    });
  }
  SECTION("as many data packets in a flow as there may be") {
    good([](Profile& p) {
      p.flows.mix = {0, 0, 1, 0, 1};
      p.flows.concurrent = 10;
      p.flows.data_packets = kMostDataPackets;
    });
  }
  SECTION("the last VNI and the most sources") {
    good(
        [](Profile& p) { p.mirrors = {.first_vni = (1U << 24) - 256, .vnis = 256, .sources_per_vni = 256}; });
  }
}

TEST_CASE("traffic ends with its packets or its seconds, whichever comes first") {
  Profile profile = all_sorts();
  profile.packet_rate = 100'000;
  profile.seconds = 0.1;
  const Sent by_time = sent(profile);
  CHECK((by_time.packets > 8'000 && by_time.packets < 13'000));
  CHECK(by_time.time_ns < 100'000'000);
  profile.packets = 5'000;
  CHECK(sent(profile).packets == 5'000);
}

TEST_CASE("asking for no packets does not end the traffic") {
  auto generator = Generator::make(all_sorts());
  REQUIRE(generator.ok());
  std::array<PacketPlan, 1> plans;
  CHECK(generator.value()->next({}) == 0);
  CHECK(generator.value()->next(plans) == 1);
}
