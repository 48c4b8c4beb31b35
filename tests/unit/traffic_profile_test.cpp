#include "traffic/profile.h"

#include <limits>

#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::traffic;

TEST_CASE("a profile that cannot be made is refused by the field that is wrong") {
  const auto refused = [](auto change) {
    Profile profile;
    change(profile);
    const Status status = check(profile);
    REQUIRE_FALSE(status.ok());
    CHECK_FALSE(status.error().remedy.empty());
    return status.error().where;
  };
  CHECK(check(Profile{}).ok());
  CHECK(refused([](Profile& p) { p.flows.concurrent = 9; }) == "flows");
  CHECK(refused([](Profile& p) { p.flows.per_second = std::numeric_limits<double>::quiet_NaN(); }) ==
        "per_second");
  CHECK(refused([](Profile& p) { p.flows.per_second = 1e-3; }) == "per_second");
  CHECK(refused([](Profile& p) { p.flows.lifetime_s = 0; }) == "lifetime_s");
  CHECK(refused([](Profile& p) { p.flows.mix = {}; }) == "mix");
  CHECK(refused([](Profile& p) { p.flows.mix[2] = -1; }) == "mix");
  CHECK(refused([](Profile& p) { p.flows.ipv6_share = 1.1; }) == "ipv6_share");
  CHECK(refused([](Profile& p) { p.flows.frame_bytes = 9'001; }) == "frame_bytes");
  CHECK(refused([](Profile& p) { p.flows.mss = 0; }) == "mss");
  CHECK(refused([](Profile& p) { p.flows.data_packets = 400'001; }) == "data_packets");
  CHECK(refused([](Profile& p) { p.flows.sizes = SizeLaw::capture; }) == "sizes_capture");
  CHECK(refused([](Profile& p) { p.mirrors.vnis = 0; }) == "vnis");
  CHECK(refused([](Profile& p) { p.mirrors.first_vni = 0xffff'ffff; }) == "vnis");
  CHECK(refused([](Profile& p) { p.mirrors.sources_per_vni = 65'537; }) == "sources_per_vni");
  CHECK(refused([](Profile& p) { p.attacks.share = 2; }) == "attacks.share");
  CHECK(refused([](Profile& p) { p.attacks.occurrences = 0; }) == "attacks.occurrences");
  CHECK(refused([](Profile& p) { p.attacks.most_segments = 17; }) == "attacks.most_segments");
  CHECK(refused([](Profile& p) { p.seconds = -1; }) == "seconds");
  for (const double rate : {-1.0, 1e-300, 0.99, 2e9, std::numeric_limits<double>::quiet_NaN()})
    CHECK(refused([rate](Profile& p) { p.packet_rate = rate; }) == "packet_rate");
  CHECK(refused([](Profile& p) { p.start_us = -1; }) == "start_us");
  CHECK(refused([](Profile& p) { p.start_us = std::numeric_limits<std::int64_t>::max(); }) == "start_us");
  CHECK(refused([](Profile& p) { p.faults.loss = 1; }) == "loss");
}
