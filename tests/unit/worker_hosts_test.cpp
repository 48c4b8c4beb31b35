// State of hosts with several workers as `run` has them: counted once over all of a host's flows, whoever
// follows them; what does not fit is lost by name.

#include <map>
#include <string>

#include "support/catch.h"
#include "support/mirror.h"
#include "support/packet_builder.h"
#include "support/worker_bench.h"
#include "support/worker_team.h"

using namespace mirrorscan;
using namespace mirrorscan::support;
using ledger::Counter;

namespace {

constexpr const char* kRules = R"(
alert udp any any -> any 53 (msg:"first five"; content:"scan"; threshold:type limit,track by_src,count 5,seconds 600; sid:1;)
alert udp any any -> any 53 (msg:"after ninety"; content:"scan"; detection_filter:track by_dst,count 90,seconds 600; sid:2;)
alert udp any any -> any 53 (msg:"every tenth"; content:"scan"; threshold:type threshold,track by_rule,count 10,seconds 600; sid:3;)
)";

/// One datagram of each of `flows` flows from one host to another, dealt to the workers in turn.
std::vector<Arrival> scan(std::uint32_t workers, std::uint16_t flows, std::uint32_t vni = 100) {
  std::vector<Arrival> out;
  Timestamp now{1'561'644'131'000'000};
  for (std::uint16_t i = 0; i < flows; ++i) {
    Packet datagram = Packet().ip("10.0.0.1", "10.0.0.2").udp(static_cast<std::uint16_t>(2'000 + i), 53);
    datagram.payload("scan");
    now.us += 10;
    Mirror mirror;
    mirror.vni = vni;
    out.push_back({{mirror.vxlan(datagram.bytes()), now}, i % workers});
  }
  return out;
}

std::map<std::uint32_t, std::size_t> by_sid(const std::vector<SeenAlert>& alerts) {
  std::map<std::uint32_t, std::size_t> out;
  for (const SeenAlert& alert : alerts) ++out[alert.sid];
  return out;
}

}  // namespace

TEST_CASE("thresholds count over all flows of a host, on however many workers they are") {
  const auto rules = compile(kRules);
  for (const std::uint32_t workers : {1U, 2U, 4U, 8U}) {
    Random random(workers);
    WorkerTeam team(small_config(config::Profile::mirror), rules, {.workers = workers, .inbox = 4'096});
    team.feed(scan(workers, 100), 32, random);
    team.finish();
    INFO(workers << " workers");
    CHECK(by_sid(team.take_alerts()) == std::map<std::uint32_t, std::size_t>{{1, 5}, {2, 10}, {3, 10}});
    CHECK(team.counter(Counter::alerts_thresholded) == 95 + 90 + 90);
    CHECK(team.total().alerts == 25);
    CHECK(team.imbalance() == "");
  }
}

TEST_CASE("a pass rule beyond its threshold passes no more") {
  const auto rules = compile(
      "pass udp any any -> any 53 (content:\"scan\"; threshold:type limit,track by_src,count 5,seconds 600; "
      "sid:1;)\nalert udp any any -> any 53 (content:\"scan\"; sid:2;)\n");
  Random random(1);
  WorkerTeam team(small_config(config::Profile::mirror), rules, {.workers = 1, .inbox = 4'096});
  team.feed(scan(1, 100), 32, random);
  team.finish();
  CHECK(by_sid(team.take_alerts()) == std::map<std::uint32_t, std::size_t>{{2, 95}});
}

TEST_CASE("two tenants with the same addresses do not share the state of their hosts") {
  const auto rules = compile(kRules);
  Random random(1);
  WorkerTeam team(small_config(config::Profile::mirror), rules, {.workers = 4, .inbox = 4'096});
  team.feed(scan(4, 20, 100), 32, random);
  team.feed(scan(4, 20, 200), 32, random);
  team.finish();
  CHECK(by_sid(team.take_alerts())[1] == 10);
}

TEST_CASE("matches that find the way to their host's worker full are counted, and the ledgers balance") {
  const auto rules = compile(kRules);
  Random random(1);
  WorkerTeam team(small_config(config::Profile::mirror), rules, {.workers = 4, .inbox = 4'096, .queries = 1});
  team.feed(scan(4, 1'000), 256, random);
  team.finish();
  const std::uint64_t lost = team.counter(Counter::host_matches_lost);
  CHECK(lost > 0);
  CHECK(team.total().alerts + team.counter(Counter::alerts_thresholded) + lost == 3'000);
  CHECK(team.imbalance() == "");
}
