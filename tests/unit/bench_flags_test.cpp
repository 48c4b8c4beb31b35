// What could fool the benchmark is seen in what it is fed with.

#include <hs/hs.h>
#include <rte_mbuf.h>

#include <algorithm>
#include <random>

#include "bench/flags.h"
#include "bench/literals.h"
#include "bench/steady_traffic.h"
#include "rules/load.h"
#include "support/catch.h"
#include "support/mempool.h"
#include "support/mirror.h"

using namespace mirrorscan;
using namespace mirrorscan::bench;
using support::Mirror;
using support::Packet;

namespace {

constexpr std::uint32_t kPayload = 1'000;

[[nodiscard]] std::vector<std::uint8_t> text(std::mt19937& random) {
  std::vector<std::uint8_t> bytes(kPayload);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>('a' + random() % 26);
  return bytes;
}

[[nodiscard]] std::vector<std::uint8_t> noise(std::mt19937& random) {
  std::vector<std::uint8_t> bytes(kPayload);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

class Fed {
  support::Mempool pool_{64};
  std::mt19937 random_{7};

 public:
  FedTraffic traffic{decap::Settings{}, *pool_, FedTraffic::Keep::payload};

  /// `segments` of one TCP stream, from `seq` on.
  template <class Payload>
  void tcp(std::uint32_t segments, std::uint32_t seq, Payload payload) {
    for (std::uint32_t i = 0; i < segments; ++i)
      add(Packet().ip("10.0.0.1", "10.0.0.2").tcp(40'000, 80).seq(seq + i * kPayload).flags(support::kAck),
          payload);
  }
  template <class Payload>
  void udp(std::uint32_t datagrams, std::uint32_t id, Payload payload) {
    for (std::uint32_t i = 0; i < datagrams; ++i)
      add(Packet().ip("10.0.0.1", "10.0.0.2").udp(40'000, 53).id(id + i), payload);
  }
  [[nodiscard]] bool raises(std::string_view name) const {
    Flags flags;
    raise_for_traffic(traffic, flags);
    return std::find(flags.names().begin(), flags.names().end(), name) != flags.names().end();
  }

 private:
  template <class Payload>
  void add(Packet packet, Payload payload) {
    const auto inner = packet.payload(payload(random_)).bytes();
    const auto bytes = Mirror().vxlan(inner);
    traffic.add({bytes, {1}});
  }
};

}  // namespace

TEST_CASE("a stream that goes on is no loop, and its second pass is one") {
  Fed fed;
  fed.tcp(100, 1, text);
  CHECK(fed.traffic.repeated_share() == 0);
  CHECK_FALSE(fed.raises(kLoopedCapture));
  fed.tcp(100, 1, text);
  CHECK(fed.traffic.repeated_share() > 0.49);
  CHECK(fed.raises(kLoopedCapture));
}

TEST_CASE("a few retransmissions are no loop") {
  Fed fed;
  fed.tcp(100, 1, text);
  fed.tcp(5, 1, text);
  CHECK_FALSE(fed.raises(kLoopedCapture));
}

TEST_CASE("datagrams of other bytes are no loop, and the same datagrams again are one") {
  const auto same = [](std::mt19937&) { return std::vector<std::uint8_t>(kPayload, 'x'); };
  Fed once, again;
  once.udp(100, 1, text);
  CHECK_FALSE(once.raises(kLoopedCapture));
  again.udp(50, 1, same);
  again.udp(50, 1, same);
  CHECK(again.raises(kLoopedCapture));
}

TEST_CASE("noise is flagged and text is not") {
  Fed text_fed, noise_fed;
  text_fed.tcp(200, 1, text);
  noise_fed.tcp(200, 1, noise);
  CHECK_FALSE(text_fed.raises(kRandomPayload));
  CHECK(noise_fed.raises(kRandomPayload));
}

TEST_CASE("noise with a little text among it is not all noise") {
  Fed fed;
  fed.tcp(200, 1, noise);
  fed.tcp(10, 1'000'000, text);
  CHECK_FALSE(fed.raises(kRandomPayload));
}

TEST_CASE("a capture that caches can hold is flagged") {
  Fed fed;
  fed.tcp(100, 1, text);
  CHECK(fed.raises(kSmallCapture));
}

TEST_CASE("packets that are not mirrored are counted as refused and looked at no further") {
  support::Mempool pool(64);
  FedTraffic traffic({}, *pool, FedTraffic::Keep::payload);
  const auto plain = Packet().ip("10.0.0.1", "10.0.0.2").udp(1, 2).payload("plain").bytes();
  traffic.add({plain, {1}});
  CHECK(traffic.packets() == 1);
  CHECK(traffic.payload_bytes() == 0);
  CHECK(traffic.payloads().empty());
}

TEST_CASE("a database as the rules have it tells every match, one of single matches is found out") {
  const std::vector<Literal> literals{{1, {'w', 'o', 'r', 'd'}, false, false}};
  const auto loaded = rules::load_text("t", rules_of(literals, RuleProtocol::tcp), {}, {});
  REQUIRE(loaded.ok());
  const auto& ours =
      loaded.value().ruleset->scan(ruleset::ScanKind::tcp_stream, Direction::to_server).triggered;
  const auto once = tells_once(ours, literals[0].bytes);
  REQUIRE(once.ok());
  CHECK_FALSE(once.value());

  hs_database_t* single = nullptr;
  hs_compile_error_t* error = nullptr;
  REQUIRE(hs_compile("word", HS_FLAG_SINGLEMATCH, HS_MODE_STREAM, nullptr, &single, &error) == HS_SUCCESS);
  match::Database db;
  db.hs.reset(single);
  db.mode = match::Mode::stream;
  const auto found = tells_once(db, literals[0].bytes);
  REQUIRE(found.ok());
  CHECK(found.value());
}

TEST_CASE("steady traffic begins every flow, says nothing twice, and is no noise") {
  support::Mempool pool(64);
  for (const Transport transport : {Transport::tcp, Transport::udp}) {
    SteadyTraffic steady({.flows = 50, .transport = transport, .inner_bytes = 594});
    FedTraffic traffic({}, *pool, FedTraffic::Keep::counts);
    const std::uint64_t packets = steady.setup_packets() + 2'000;
    for (std::uint64_t i = 0; i < packets; ++i) traffic.add(*steady.next());
    CHECK(traffic.flows() == 50);
    CHECK(traffic.repeated_share() < 0.01);
    CHECK(traffic.census().text_share() > kNoiseText);
    CHECK(traffic.packets() == packets);
  }
}

TEST_CASE("new flows take the place of old ones at the rate that is asked for") {
  support::Mempool pool(64);
  SteadyTraffic steady({.flows = 50, .new_flows_per_s = 500'000, .packet_rate = 5'000'000});
  FedTraffic traffic({}, *pool, FedTraffic::Keep::counts);
  for (std::uint64_t i = 0; i < steady.setup_packets() + 10'000; ++i) traffic.add(*steady.next());
  CHECK(steady.flows_begun() >= 50 + 999);
  CHECK(traffic.flows() == steady.flows_begun());
}
