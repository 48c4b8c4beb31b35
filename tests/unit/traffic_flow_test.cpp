#include "traffic/flow_source.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "support/catch.h"
#include "traffic/frame_length.h"
#include "traffic/generator.h"
#include "wire/tcp.h"

using namespace mirrorscan;
using namespace mirrorscan::traffic;
using namespace mirrorscan::wire::tcp_flag;

namespace {

/// Flows of `kind` alone that each live a second.
Profile only(Kind kind, std::uint64_t concurrent = 50) {
  Profile profile;
  profile.seed = 7;
  profile.flows.concurrent = concurrent;
  profile.flows.lifetime_s = 1;
  profile.flows.mix = {};
  profile.flows.mix[static_cast<std::size_t>(kind)] = 1;
  return profile;
}

/// Those that a generator makes, which must live as long as their payloads are read.
struct Made {
  std::unique_ptr<Generator> generator;
  std::vector<PacketPlan> plans;
};

Made made(Profile profile, std::uint64_t packets, const AttackPlan* attacks = nullptr,
          std::size_t burst = 32) {
  profile.packets = packets;
  auto generator = Generator::make(profile, attacks);
  REQUIRE(generator.ok());
  Made out{std::move(generator).value(), {}};
  std::vector<PacketPlan> plans(burst);
  while (const std::size_t count = out.generator->next(plans))
    out.plans.insert(out.plans.end(), plans.begin(), plans.begin() + static_cast<std::ptrdiff_t>(count));
  REQUIRE(out.plans.size() == packets);
  return out;
}

std::map<std::uint64_t, std::vector<PacketPlan>> by_flow(const std::vector<PacketPlan>& plans) {
  std::map<std::uint64_t, std::vector<PacketPlan>> out;
  for (const PacketPlan& plan : plans) out[plan.flow].push_back(plan);
  return out;
}

bool is_complete(const std::vector<PacketPlan>& flow) {
  return flow.size() >= 3 && flow[flow.size() - 3].tcp_flags == (kFin | kAck) &&
         flow.back().tcp_flags == kAck;
}

std::string said(const std::vector<PacketPlan>& flow, Direction direction) {
  std::string out;
  for (const PacketPlan& plan : flow) {
    if (plan.direction != direction) continue;
    REQUIRE(plan.stream_offset == out.size());
    out += as_text(plan.payload);
  }
  return out;
}

/// What fields say that decide the bytes.
auto fields(const PacketPlan& plan) {
  return std::tuple(plan.time_ns, plan.flow, plan.ends.client, plan.ends.server, plan.ends.client_port,
                    plan.ends.server_port, plan.ends.version, plan.direction, plan.tcp_flags, plan.ip_id,
                    plan.seq, plan.ack, as_text(plan.payload), plan.pad_bytes, plan.source);
}

bool same(const std::vector<PacketPlan>& a, const std::vector<PacketPlan>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const PacketPlan& x, const PacketPlan& y) { return fields(x) == fields(y); });
}

}  // namespace

TEST_CASE("one profile and one seed make one sequence of packets, whatever the bursts") {
  Profile profile;
  profile.flows.ipv6_share = 0.3;
  profile.mirrors.vnis = 5;
  const Made first = made(profile, 20'000);
  CHECK(same(first.plans, made(profile, 20'000, nullptr, 7).plans));
  profile.seed = 2;
  CHECK_FALSE(same(first.plans, made(profile, 20'000).plans));
}

TEST_CASE("times never go back") {
  Profile profile;
  const Made traffic = made(profile, 50'000);
  CHECK(std::is_sorted(traffic.plans.begin(), traffic.plans.end(),
                       [](const PacketPlan& a, const PacketPlan& b) { return a.time_ns < b.time_ns; }));
}

TEST_CASE("a packet rate spaces packets evenly") {
  Profile profile;
  profile.packet_rate = 250'000;
  const Made traffic = made(profile, 1'000);
  for (std::size_t i = 0; i < traffic.plans.size(); ++i) CHECK(traffic.plans[i].time_ns == i * 4'000);
}

TEST_CASE("a TCP flow has a handshake, data both ways and a teardown, with the numbers of RFC 9293") {
  for (const Kind kind : {Kind::http, Kind::tls, Kind::tcp}) {
    const Made traffic = made(only(kind), 20'000);
    std::size_t complete = 0;
    for (const auto& [serial, flow] : by_flow(traffic.plans)) {
      if (!is_complete(flow)) continue;
      ++complete;
      CHECK(flow[0].tcp_flags == kSyn);
      CHECK(flow[1].tcp_flags == (kSyn | kAck));
      CHECK(flow[2].tcp_flags == kAck);
      std::array<std::uint32_t, 2> next = {flow[0].seq, flow[1].seq};
      for (const PacketPlan& plan : flow) {
        const std::size_t mine = index_of(plan.direction);
        REQUIRE(plan.seq == next[mine]);
        next[mine] += static_cast<std::uint32_t>(plan.payload.size()) +
                      ((plan.tcp_flags & (kSyn | kFin)) != 0 ? 1U : 0U);
        if ((plan.tcp_flags & kAck) != 0) REQUIRE(plan.ack == next[1 - mine]);
      }
      CHECK_FALSE(said(flow, Direction::to_server).empty());
      CHECK_FALSE(said(flow, Direction::to_client).empty());
    }
    CHECK(complete > 50);
  }
}

TEST_CASE("an exchange of a book is said whole, entry after entry") {
  for (const Kind kind : {Kind::http, Kind::tls}) {
    const Profile profile = only(kind);
    const Books books = Books::make(profile).value();
    const Book& book = books.of(kind);
    std::set<std::string> exchanges;
    for (std::size_t i = 0; i < book.beginnings.size(); ++i) {
      std::array<std::string, 2> both;
      const std::size_t end = i + 1 < book.beginnings.size() ? book.beginnings[i + 1] : book.entries.size();
      for (std::size_t entry = book.beginnings[i]; entry < end; ++entry)
        both[index_of(book.entries[entry].direction)] += as_text(book.bytes_of(book.entries[entry]));
      exchanges.insert(both[0] + '|' + both[1]);
    }
    const Made traffic = made(profile, 20'000);
    for (const auto& [serial, flow] : by_flow(traffic.plans))
      if (is_complete(flow))
        CHECK(exchanges.count(said(flow, Direction::to_server) + '|' + said(flow, Direction::to_client)) ==
              1);
  }
}

TEST_CASE("raw kinds say a run of their book, each direction its own") {
  for (const Kind kind : {Kind::tcp, Kind::udp}) {
    for (const SizeLaw law : {SizeLaw::natural, SizeLaw::imix}) {
      Profile profile = only(kind);
      profile.flows.sizes = law;
      profile.flows.data_packets = 30;
      const Books books = Books::make(profile).value();
      const std::string once(as_text(books.of(kind).text)), text = once + once;
      const Made traffic = made(profile, 20'000);
      for (const auto& [serial, flow] : by_flow(traffic.plans))
        for (const Direction direction : {Direction::to_server, Direction::to_client})
          REQUIRE(text.find(said(flow, direction)) != std::string::npos);
    }
  }
}

TEST_CASE("a DNS flow is a query and its answer") {
  const Made traffic = made(only(Kind::dns), 5'000);
  for (const auto& [serial, flow] : by_flow(traffic.plans)) {
    CHECK(flow[0].ends.server_port == 53);
    CHECK(flow.size() <= 2);
    if (flow.size() < 2) continue;
    CHECK(flow[0].direction == Direction::to_server);
    CHECK(flow[1].direction == Direction::to_client);
    CHECK(std::equal(flow[0].payload.begin(), flow[0].payload.begin() + 2, flow[1].payload.begin()));
  }
}

TEST_CASE("data_packets says how many packets of data a flow has") {
  for (const Kind kind : {Kind::http, Kind::tcp, Kind::udp, Kind::dns}) {
    Profile profile = only(kind);
    profile.flows.data_packets = 7;
    std::size_t complete = 0;
    const Made traffic = made(profile, 10'000);
    for (const auto& [serial, flow] : by_flow(traffic.plans)) {
      const auto data = std::count_if(flow.begin(), flow.end(),
                                      [](const PacketPlan& plan) { return !plan.payload.empty(); });
      CHECK(data <= 7);
      complete += data == 7;
    }
    CHECK(complete > 200);
  }
}

TEST_CASE("sized laws hold for each packet with data of tcp and udp") {
  for (const Kind kind : {Kind::tcp, Kind::udp}) {
    for (const std::uint32_t bytes : {64U, 594U, 1'400U, 9'000U}) {
      Profile profile = only(kind);
      profile.flows.sizes = SizeLaw::fixed;
      profile.flows.frame_bytes = bytes;
      const Made traffic = made(profile, 5'000);
      for (const PacketPlan& plan : traffic.plans)
        REQUIRE(frame_length(plan) == (plan.payload.empty() ? 64 : bytes));
    }
  }
  Profile profile = only(Kind::udp);
  profile.flows.sizes = SizeLaw::imix;
  std::map<std::size_t, int> sizes;
  for (const PacketPlan& plan : made(profile, 24'000).plans) ++sizes[frame_length(plan)];
  CHECK(sizes.size() == 3);
  CHECK(std::abs(sizes[64] - 14'000) < 600);
  CHECK(std::abs(sizes[594] - 8'000) < 600);
  CHECK(std::abs(sizes[1'518] - 2'000) < 300);
}

TEST_CASE("a frame too short for its headers carries one byte") {
  Profile profile = only(Kind::tcp);
  profile.flows.sizes = SizeLaw::fixed;
  profile.flows.ipv6_share = 1;
  const Made traffic = made(profile, 2'000);
  for (const PacketPlan& plan : traffic.plans)
    if (!plan.payload.empty()) REQUIRE(plan.payload.size() == 1);
}

TEST_CASE("as many flows live at once as were asked for, from one lifetime on") {
  Profile profile;
  profile.flows.concurrent = 300;
  profile.flows.lifetime_s = 2;
  profile.seconds = 10;
  auto generator = Generator::make(profile);
  REQUIRE(generator.ok());
  std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> spans;  // first and last packet
  std::array<PacketPlan, 32> plans;
  while (const std::size_t count = generator.value()->next(plans))
    for (std::size_t i = 0; i < count; ++i) {
      auto& span = spans.try_emplace(plans[i].flow, plans[i].time_ns, plans[i].time_ns).first->second;
      span.second = plans[i].time_ns;
    }
  // Flows may have begun in the burst in which the time ended.
  CHECK(generator.value()->flows_begun() - spans.size() < plans.size());
  CHECK(generator.value()->flows_live() == 300);
  // 150 a second, the first 300 within two seconds.
  CHECK(std::abs(static_cast<double>(spans.size()) - 1'500) < 100);
  for (const std::uint64_t at : {4'000'000'000ULL, 6'000'000'000ULL}) {
    const auto live = std::count_if(spans.begin(), spans.end(), [at](const auto& flow) {
      return flow.second.first <= at && flow.second.second >= at;
    });
    // A flow lives for its last gap too, when no packet shows it any more: half of a DNS flow's life.
    CHECK(live > 200);
    CHECK(live <= 300);
  }
}

TEST_CASE("arrivals decide the lifetime where they are given") {
  Profile profile = only(Kind::udp, 1'000);
  profile.flows.per_second = 50'000;
  profile.seconds = 0.5;
  auto generator = Generator::make(profile);
  REQUIRE(generator.ok());
  std::array<PacketPlan, 32> plans;
  while (generator.value()->next(plans) != 0) continue;
  CHECK(std::abs(static_cast<double>(generator.value()->flows_begun()) - 25'000) < 500);
}

TEST_CASE("kinds, IP versions and mirror sources come in the shares that were asked for") {
  Profile profile;
  profile.flows.concurrent = 20'000;
  profile.flows.mix = {40, 25, 10, 20, 5};
  profile.flows.ipv6_share = 0.25;
  profile.mirrors.vnis = 2;
  profile.mirrors.sources_per_vni = 2;
  std::map<std::uint16_t, double> ports;
  std::map<std::uint32_t, double> sources;
  double flows = 0, v6 = 0;
  const Made traffic = made(profile, 200'000);
  for (const auto& [serial, flow] : by_flow(traffic.plans)) {
    ++flows;
    ++ports[flow[0].ends.server_port];
    ++sources[flow[0].source];
    v6 += flow[0].ends.version == IpVersion::v6;
    for (const PacketPlan& plan : flow) REQUIRE(plan.source == flow[0].source);
  }
  CHECK(std::abs(ports[80] / flows - 0.40) < 0.02);
  CHECK(std::abs(ports[443] / flows - 0.25) < 0.02);
  CHECK(std::abs(ports[9'000] / flows - 0.10) < 0.02);
  CHECK(std::abs(ports[53] / flows - 0.20) < 0.02);
  CHECK(std::abs(ports[5'000] / flows - 0.05) < 0.02);
  CHECK(std::abs(v6 / flows - 0.25) < 0.02);
  CHECK(sources.size() == 4);
  for (const auto& [source, count] : sources) CHECK(std::abs(count / flows - 0.25) < 0.02);
}

TEST_CASE("no two flows have one 5-tuple") {
  Profile profile;
  profile.flows.concurrent = 100'000;
  profile.flows.mix = {0, 0, 0, 0, 1};
  profile.flows.data_packets = 1;
  std::set<std::tuple<IpAddress, IpAddress, std::uint16_t, std::uint16_t>> tuples;
  const Made traffic = made(profile, 300'000);
  for (const PacketPlan& plan : traffic.plans)
    REQUIRE(tuples.emplace(plan.ends.client, plan.ends.server, plan.ends.client_port, plan.ends.server_port)
                .second);
}

namespace {

/// Every third flow says one message in three segments and gets an answer.
class ThirdFlows final : public AttackPlan {
 public:
  explicit ThirdFlows(std::uint8_t protocol) {
    said_.protocol = protocol;
    said_.client_port = 40'001;
    said_.server_port = 8'080;
    said_.messages = {{Direction::to_server, as_bytes(kText), {4, 9}},
                      {Direction::to_client, as_bytes("well"), {}}};
  }
  static constexpr std::string_view kText = "attack at dawn";

  std::uint32_t attack_of(std::uint64_t serial) const override { return serial % 3 == 0 ? 5 : kNoAttack; }
  const Conversation& conversation(std::uint32_t, std::uint64_t) const override { return said_; }

 private:
  Conversation said_;
};

}  // namespace

TEST_CASE("a flow with an attack says its conversation, cut where it must be") {
  for (const std::uint8_t protocol : {std::uint8_t{6}, std::uint8_t{17}}) {
    const ThirdFlows attacks(protocol);
    Profile profile = only(Kind::tls);
    std::set<std::pair<IpAddress, IpAddress>> hosts;
    const Made traffic = made(profile, 30'000, &attacks);
    std::size_t attacked = 0;
    for (const auto& [serial, flow] : by_flow(traffic.plans)) {
      REQUIRE(flow[0].attack == (serial % 3 == 0 ? 5 : kNoAttack));
      if (serial % 3 != 0 || (protocol == 6 && !is_complete(flow)) || (protocol == 17 && flow.size() < 2))
        continue;
      ++attacked;
      CHECK(flow[0].ends.client_port == 40'001);
      CHECK(flow[0].ends.server_port == 8'080);
      CHECK(flow[0].ends.protocol == protocol);
      CHECK(said(flow, Direction::to_server) == ThirdFlows::kText);
      CHECK(said(flow, Direction::to_client) == "well");
      std::vector<std::size_t> lengths;
      for (const PacketPlan& plan : flow)
        if (!plan.payload.empty()) lengths.push_back(plan.payload.size());
      CHECK(lengths ==
            (protocol == 6 ? std::vector<std::size_t>{4, 5, 5, 4} : std::vector<std::size_t>{14, 4}));
    }
    CHECK(attacked > 100);
  }
}
