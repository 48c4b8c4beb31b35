// Several workers as `run` has them: packets go to the owner of their flow wherever they arrive, nothing is
// lost without a name, and a stream rule gives the answer of one worker.

#include <algorithm>
#include <string>

#include "support/catch.h"
#include "support/mirror.h"
#include "support/packet_builder.h"
#include "support/random_stream.h"
#include "support/worker_team.h"

using namespace mirrorscan;
using namespace mirrorscan::support;
using ledger::PacketEnd;
using ledger::PayloadEnd;

namespace {

constexpr const char* kRules = R"(
alert tcp any any -> any any (msg:"plain"; content:"needle"; sid:1;)
alert tcp any any -> any any (msg:"within"; content:"user="; content:"admin"; distance:0; within:20; sid:2;)
alert tcp any any -> any any (msg:"absent"; content:"abc"; content:!"xyz"; sid:3;)
alert tcp any any -> any any (msg:"pcre"; pcre:"/ab+c/"; sid:4;)
alert tcp any any -> any any (msg:"far"; content:"needle"; content:"tail"; distance:3000; sid:5;)
)";

constexpr std::array<std::string_view, 8> kWords{"needle", "user=", "admin", "abc",
                                                 "xyz",    "abbc",  "tail",  "user=admin"};

const std::shared_ptr<const ruleset::Ruleset>& rules() {
  static const auto all = compile(kRules);
  return all;
}

/// Both directions of some connections, each on the queue of another worker.
struct Traffic {
  std::vector<Arrival> arrivals;
  std::vector<Frame> in_order;
};

bool from_client(const Bytes& inner, const Conversation& talk) {
  return inner[34] == talk.client_port >> 8 && inner[35] == (talk.client_port & 0xff);
}

Traffic draw_traffic(std::uint32_t workers, std::size_t connections, Random& random) {
  Traffic out;
  Timestamp now{1'561'644'131'000'000};
  for (std::size_t i = 0; i < connections; ++i) {
    Conversation talk;
    talk.client_port = static_cast<std::uint16_t>(40'000 + i);
    const StreamTaste taste{{kWords.begin(), kWords.end()}, "abcdefghijklm \n", 60, rules()->window};
    for (std::string& text : talk.streams) text = draw_stream(taste, 1 + pick(random, 12'000), random);
    take_turns(talk, random);
    const auto client_queue = static_cast<std::uint32_t>(pick(random, workers));
    const auto server_queue = (client_queue + 1) % workers;
    for (const Bytes& inner : frames_of(talk, {.least = 1, .most = 1'460, .reorder = 4}, random)) {
      now.us += 10;
      const Frame frame{Mirror().vxlan(inner), now};
      out.in_order.push_back(frame);
      out.arrivals.push_back({frame, from_client(inner, talk) ? client_queue : server_queue});
    }
  }
  return out;
}

std::vector<SeenAlert> alerts_of_one_worker(const Traffic& traffic) {
  WorkerBench bench(small_config(config::Profile::mirror), rules());
  bench.feed(traffic.in_order, 32);
  bench.finish();
  return bench.take_alerts();
}

}  // namespace

TEST_CASE("stream rules give the alerts of one worker, although each direction arrives at another one") {
  const auto workers = GENERATE(2u, 4u, 8u);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    const Traffic traffic = draw_traffic(workers, 6, random);
    const std::vector<SeenAlert> expected = alerts_of_one_worker(traffic);
    WorkerTeam team(small_config(config::Profile::mirror), rules(), {.workers = workers, .inbox = 65'536});
    team.feed(traffic.arrivals, 32, random);
    team.finish();
    INFO("seed " << seed << ", " << workers << " workers");
    CHECK(text_of(team.take_alerts()) == text_of(expected));
    CHECK(team.imbalance() == "");
    CHECK(team.total().steered_out.packets > 0);
    CHECK(WorkerBench::mbufs_in_use() == 0);
  }
}

TEST_CASE("full inboxes and a full ring lose by name, and the ledgers balance") {
  Random random(7);
  const Traffic traffic = draw_traffic(4, 40, random);
  WorkerTeam team(small_config(config::Profile::mirror), rules(), {.workers = 4, .inbox = 4, .records = 2});
  team.feed(traffic.arrivals, 64, random);
  team.finish();
  const ledger::Ledger total = team.total();
  const auto& full = total.ends[static_cast<std::size_t>(PacketEnd::inbox_full)];
  CHECK(total.received.packets == traffic.arrivals.size());
  CHECK(full.packets > 0);
  CHECK(total.payload[static_cast<std::size_t>(PayloadEnd::inbox_full)] > 0);
  CHECK(full.packets + total.ends[static_cast<std::size_t>(PacketEnd::inspected)].packets +
            total.ends[static_cast<std::size_t>(PacketEnd::flow_over_share)].packets ==
        traffic.arrivals.size());
  CHECK(team.counter(ledger::Counter::records_lost) > 0);
  CHECK(team.imbalance() == "");
  CHECK(WorkerBench::mbufs_in_use() == 0);
}

TEST_CASE("a flow above its share of a filling inbox is shed, and the others keep their place") {
  std::uint64_t shed = 0;
  for (const std::uint32_t queue : {0u, 1u}) {  // one of the two is not the elephant's owner
    Random random(3);
    std::vector<Arrival> arrivals;
    const auto add = [&](std::uint16_t port) {
      const Bytes inner = Packet().ip("10.0.0.1", "10.0.0.2").udp(port, 53).payload("x").bytes();
      arrivals.push_back({{Mirror().vxlan(inner), {1'000}}, queue});
    };
    for (int i = 0; i < 4'000; ++i) {
      add(1);  // the elephant
      if (i % 4 == 0) add(static_cast<std::uint16_t>(1'000 + i));
    }
    WorkerTeam team(small_config(config::Profile::mirror), rules(), {.workers = 2, .inbox = 512});
    team.feed(arrivals, 256, random);
    team.finish();
    const ledger::Ledger total = team.total();
    const std::uint64_t over_share = total.ends[static_cast<std::size_t>(PacketEnd::flow_over_share)].packets;
    const std::uint64_t full = total.ends[static_cast<std::size_t>(PacketEnd::inbox_full)].packets;
    INFO("shed " << over_share << ", inbox full " << full);
    if (over_share > 0) CHECK(full < over_share / 4);
    CHECK(team.imbalance() == "");
    shed += over_share;
  }
  CHECK(shed > 500);
}

TEST_CASE("fragments meet at one worker and their datagram goes on to the owner of its flow") {
  Random random(5);
  std::vector<Arrival> arrivals;
  for (std::uint16_t i = 0; i < 64; ++i) {
    Packet datagram =
        Packet().ip("10.0.0.1", "10.0.0.2").id(i).udp(static_cast<std::uint16_t>(2'000 + i), 53);
    datagram.payload(std::string(2'000, 'x') + "needle" + std::string(900, 'y'));
    std::uint32_t queue = i % 4;
    for (const Bytes& fragment : datagram.fragments(1'000))
      arrivals.push_back({{Mirror().vxlan(fragment), {1'000}}, queue++ % 4});
  }
  const auto udp = compile("alert udp any any -> any 53 (content:\"needle\"; sid:9;)\n");
  WorkerTeam team(small_config(config::Profile::mirror), udp, {.workers = 4});
  team.feed(arrivals, 8, random);
  team.finish();
  CHECK(team.take_alerts().size() == 64);
  CHECK(team.counter(ledger::Counter::flows_created) == 64);
  CHECK(team.counter(ledger::Counter::datagrams_reassembled) == 64);
  CHECK(team.imbalance() == "");
}

TEST_CASE("a datagram for which its owner has no room is lost by name, and its buffer comes back") {
  Random random(6);
  std::vector<Arrival> arrivals;
  for (std::uint16_t i = 0; i < 64; ++i) {
    Packet datagram =
        Packet().ip("10.0.0.1", "10.0.0.2").id(i).udp(static_cast<std::uint16_t>(2'000 + i), 53);
    datagram.payload(std::string(3'000, 'x'));
    for (const Bytes& fragment : datagram.fragments(1'000))
      arrivals.push_back({{Mirror().vxlan(fragment), {1'000}}, 0});
  }
  WorkerTeam team(small_config(config::Profile::mirror), rules(),
                  {.workers = 2, .inbox = 256, .datagrams = 1});
  team.feed(arrivals, 256, random);
  team.finish();
  const ledger::Ledger total = team.total();
  const auto& full = total.ends[static_cast<std::size_t>(PacketEnd::inbox_full)];
  CHECK(full.packets > 0);
  CHECK(full.packets + total.ends[static_cast<std::size_t>(PacketEnd::inspected)].packets == 64);
  CHECK(team.imbalance() == "");
  CHECK(WorkerBench::mbufs_in_use() == 0);
}

TEST_CASE("a flow that filled the last round is above its share from the first packet of the next") {
  const auto elephant_is_above = [](std::uint32_t elephant_of_round) {
    worker::FairShare share;
    for (std::uint32_t i = 0; i < 2'047; ++i) (void)share.above(i < elephant_of_round ? 7 : 8 + i % 200);
    return share.above(7);
  };
  CHECK(elephant_is_above(1'000));
  CHECK_FALSE(elephant_is_above(200));
}
