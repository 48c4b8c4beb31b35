#include "traffic/faults.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::traffic;

namespace {

constexpr std::uint64_t kPackets = 20'000, kFlows = 500, kGapNs = 10'000;

/// Packets of kFlows flows in turn, both directions, told apart by `seq`.
class Plain final : public PlanSource {
 public:
  explicit Plain(std::uint64_t packets = kPackets, std::uint64_t gap_ns = kGapNs)
      : packets_(packets), gap_ns_(gap_ns) {}
  std::size_t next(std::span<PacketPlan> out) override {
    static const std::vector<std::uint8_t> text(400);
    std::size_t count = 0;
    for (; count < out.size() && made_ < packets_; ++count, ++made_) {
      PacketPlan& plan = out[count] = {};
      plan.time_ns = made_ * gap_ns_;
      plan.flow = made_ % kFlows;
      plan.seq = static_cast<std::uint32_t>(made_);
      plan.direction = made_ / kFlows % 2 == 0 ? Direction::to_server : Direction::to_client;
      plan.source = static_cast<std::uint32_t>(plan.flow % 6);
      plan.payload = ByteView(text).first(made_ % text.size());
    }
    return count;
  }

 private:
  std::uint64_t packets_, gap_ns_, made_ = 0;
};

Profile profile_with(const Faults& faults) {
  Profile profile;
  profile.seed = 42;
  profile.mirrors.vnis = 2;
  profile.mirrors.sources_per_vni = 3;
  profile.faults = faults;
  return profile;
}

struct Run {
  std::vector<PacketPlan> out;
  FaultSource::Counts counts;
};

Run run(const Faults& faults, std::size_t burst = 32, Plain from = Plain()) {
  FaultSource source(from, profile_with(faults));
  Run done;
  std::vector<PacketPlan> plans(burst);
  while (const std::size_t count = source.next(plans)) {
    done.out.insert(done.out.end(), plans.begin(), plans.begin() + static_cast<std::ptrdiff_t>(count));
    const auto& c = source.counts();
    REQUIRE(c.in + c.duplicated + c.double_mirrored == c.out + c.lost + c.one_sided_hidden + source.held());
  }
  CHECK(source.held() == 0);
  CHECK(source.counts().out == done.out.size());
  CHECK(source.counts().in == kPackets);
  done.counts = source.counts();
  return done;
}

/// Whether `hits` of `of` is what a share makes, within five standard deviations.
bool about(std::uint64_t hits, double share, std::uint64_t of) {
  const double expected = share * static_cast<double>(of);
  return std::abs(static_cast<double>(hits) - expected) <= 5 * std::sqrt(expected * (1 - share)) + 1e-9;
}

using Identity = std::tuple<std::uint32_t, std::uint16_t>;
std::set<Identity> identities(const std::vector<PacketPlan>& plans) {
  std::set<Identity> found;
  for (const PacketPlan& plan : plans) found.insert({plan.seq, plan.copy});
  return found;
}

bool in_order_of_time(const std::vector<PacketPlan>& plans) {
  return std::is_sorted(plans.begin(), plans.end(),
                        [](const auto& a, const auto& b) { return a.time_ns < b.time_ns; });
}

std::size_t with_copy(const std::vector<PacketPlan>& plans, std::uint16_t copy) {
  return static_cast<std::size_t>(
      std::count_if(plans.begin(), plans.end(), [&](const auto& plan) { return plan.copy == copy; }));
}

const Faults kAll{.truncate_bytes = 200,
                  .loss = 0.1,
                  .reorder = 0.2,
                  .reorder_distance = 256,
                  .duplicate = 0.3,
                  .double_mirrored = 0.4,
                  .one_sided = 0.2};

}  // namespace

TEST_CASE("without a fault the plans go through as they are") {
  const Run done = run({});
  REQUIRE(done.out.size() == kPackets);
  for (std::uint32_t i = 0; i < kPackets; ++i)
    REQUIRE((done.out[i].seq == i && done.out[i].time_ns == i * kGapNs && done.out[i].copy == 0));
}

TEST_CASE("loss takes its share, and leaves order and times alone") {
  for (const double share : {0.001, 0.1, 0.9, 1.0}) {
    const Run done = run({.loss = share});
    CHECK(about(done.counts.lost, share, kPackets));
    CHECK(done.counts.lost == kPackets - done.out.size());
    for (const PacketPlan& plan : done.out) REQUIRE(plan.time_ns == plan.seq * kGapNs);
    CHECK(std::is_sorted(done.out.begin(), done.out.end(),
                         [](const auto& a, const auto& b) { return a.seq < b.seq; }));
  }
}

TEST_CASE("reordered packets come later by no more than the distance, and times never go back") {
  for (const std::uint32_t distance : {1u, 8u, 256u}) {
    const Run done = run({.reorder = 0.25, .reorder_distance = distance});
    REQUIRE(identities(done.out).size() == kPackets);
    CHECK(about(done.counts.reordered, 0.25, kPackets));
    CHECK(in_order_of_time(done.out));
    std::int64_t latest = 0, earliest = 0;
    for (std::size_t i = 0; i < done.out.size(); ++i) {
      const std::int64_t moved = static_cast<std::int64_t>(i) - std::int64_t{done.out[i].seq};
      latest = std::max(latest, moved);
      earliest = std::min(earliest, moved);
    }
    CHECK((latest >= 1 && latest <= distance));
    CHECK((earliest <= -1 && earliest >= -std::int64_t{distance}));
  }
}

TEST_CASE("with everything delayed nothing is lost") {
  const Run done = run({.reorder = 1, .reorder_distance = 256});
  CHECK(identities(done.out).size() == kPackets);
  CHECK(done.counts.reordered == kPackets);
}

TEST_CASE("where packets are rare a delayed one comes after the longest delay") {
  constexpr std::uint64_t kRare = 1'000'000'000;
  const Run done = run({.reorder = 0.5, .reorder_distance = 256}, 32, Plain(kPackets, kRare));
  for (const PacketPlan& plan : done.out)
    REQUIRE((plan.time_ns - plan.seq * kRare == 0 ||
             plan.time_ns - plan.seq * kRare == FaultSource::kMostReorderNs || plan.seq == kPackets - 1));
}

TEST_CASE("a packet sent twice comes again from its source, soon after") {
  const Run done = run({.duplicate = 0.3});
  CHECK(about(done.counts.duplicated, 0.3, kPackets));
  CHECK(with_copy(done.out, FaultSource::kRepeat) == done.counts.duplicated);
  CHECK(done.out.size() == kPackets + done.counts.duplicated);
  CHECK(in_order_of_time(done.out));
  std::map<std::uint32_t, PacketPlan> first;
  for (const PacketPlan& plan : done.out) {
    if (plan.copy == 0) {
      first[plan.seq] = plan;
      continue;
    }
    REQUIRE(first.count(plan.seq) == 1);
    REQUIRE(first[plan.seq].source == plan.source);
    REQUIRE(plan.time_ns - first[plan.seq].time_ns <= FaultSource::kMostCopyNs);
  }
}

TEST_CASE("a flow mirrored twice comes whole from two sources of one VNI, each in order") {
  const Run done = run({.double_mirrored = 0.5});
  std::map<std::uint64_t, std::array<std::vector<PacketPlan>, 2>> flows;
  for (const PacketPlan& plan : done.out) flows[plan.flow].at(plan.copy).push_back(plan);
  std::size_t twice = 0, second_first = 0;
  for (const auto& [flow, mirrors] : flows) {
    REQUIRE(mirrors[0].size() == kPackets / kFlows);
    if (mirrors[1].empty()) continue;
    ++twice;
    REQUIRE(mirrors[1].size() == mirrors[0].size());
    second_first += mirrors[1][0].time_ns < mirrors[0][0].time_ns ? 1 : 0;
    for (std::size_t i = 0; i < mirrors[0].size(); ++i) {
      const PacketPlan &a = mirrors[0][i], &b = mirrors[1][i];
      REQUIRE(a.seq == b.seq);
      REQUIRE((a.source != b.source && a.source / 3 == b.source / 3));
      REQUIRE(std::max(a.time_ns, b.time_ns) - std::min(a.time_ns, b.time_ns) <= FaultSource::kMostCopyNs);
    }
  }
  CHECK(about(twice, 0.5, kFlows));
  CHECK((second_first > 0 && second_first < twice));
  CHECK(done.counts.double_mirrored == twice * kPackets / kFlows);
}

TEST_CASE("of a one-sided flow one direction never comes, and the other one whole") {
  const Run done = run({.one_sided = 0.4});
  std::map<std::uint64_t, std::array<std::size_t, kDirections>> flows;
  for (const PacketPlan& plan : done.out) ++flows[plan.flow][index_of(plan.direction)];
  std::array<std::size_t, kDirections> hidden{};
  for (const auto& [flow, seen] : flows)
    for (const Direction direction : {Direction::to_server, Direction::to_client}) {
      if (seen[index_of(direction)] != 0) continue;
      ++hidden[index_of(direction)];
      REQUIRE(seen[index_of(opposite(direction))] == kPackets / kFlows / 2);
    }
  CHECK(flows.size() == kFlows);
  CHECK(about(hidden[0] + hidden[1], 0.4, kFlows));
  CHECK((hidden[0] > 0 && hidden[1] > 0));
  CHECK(done.counts.one_sided_hidden == (hidden[0] + hidden[1]) * (kPackets / kFlows / 2));
}

TEST_CASE("frames longer than the truncation are cut, others are left whole") {
  const Run done = run({.truncate_bytes = 154});
  std::uint64_t cut = 0;
  for (const PacketPlan& plan : done.out) {
    const bool longer = plan.payload.size() > 100;  // behind 54 bytes of headers
    REQUIRE(plan.snap_bytes == (longer ? 154 : 0));
    cut += longer ? 1 : 0;
  }
  CHECK(done.counts.truncated == cut);
  CHECK(done.out.size() == kPackets);
}

TEST_CASE("copies are cut as their original") {
  const Run done = run({.truncate_bytes = 154, .duplicate = 0.2, .double_mirrored = 0.3});
  for (const PacketPlan& plan : done.out) REQUIRE(plan.snap_bytes == (plan.payload.size() > 100 ? 154 : 0));
}

TEST_CASE("one fault does not change what another one hits") {
  const auto lost_originals = [](const Run& done) {
    std::set<std::uint32_t> seen;
    for (const PacketPlan& plan : done.out)
      if (plan.copy == 0) seen.insert(plan.seq);
    return seen;
  };
  const auto alone = lost_originals(run({.loss = 0.1}));
  CHECK(alone ==
        lost_originals(run({.loss = 0.1, .reorder = 0.3, .duplicate = 0.3, .double_mirrored = 0.3})));
  const auto repeats = [](const Run& done) { return with_copy(done.out, FaultSource::kRepeat); };
  CHECK(repeats(run({.duplicate = 0.2})) ==
        repeats(run({.truncate_bytes = 100, .reorder = 0.3, .duplicate = 0.2})));
}

TEST_CASE("with all faults at once no packet is lost uncounted, made up or sent in the past") {
  const Run done = run(kAll);
  CHECK(identities(done.out).size() == done.out.size());
  CHECK(in_order_of_time(done.out));
  for (const auto count : {done.counts.lost, done.counts.reordered, done.counts.duplicated,
                           done.counts.double_mirrored, done.counts.one_sided_hidden, done.counts.truncated})
    CHECK(count > 0);
  for (std::uint16_t copy = 0; copy < 4; ++copy) CHECK(with_copy(done.out, copy) > 0);
}

TEST_CASE("copies are lost like originals") {
  const Run done = run({.loss = 0.5, .duplicate = 1});
  const std::size_t originals = with_copy(done.out, 0), repeats = with_copy(done.out, FaultSource::kRepeat);
  CHECK(about(originals, 0.5, kPackets));
  CHECK(about(repeats, 0.5, kPackets));
  std::set<std::uint32_t> sequences;
  for (const PacketPlan& plan : done.out) sequences.insert(plan.seq);
  CHECK(about(sequences.size(), 0.75, kPackets));  // drawn apart
}

TEST_CASE("the budgets hold when everything is copied, delayed and lost") {
  for (const double loss : {0.0, 1.0})
    for (const std::uint64_t gap : {std::uint64_t{0}, kGapNs, std::uint64_t{1'000'000'000}}) {
      const Run done =
          run({.loss = loss, .reorder = 1, .reorder_distance = 256, .duplicate = 1, .double_mirrored = 1}, 64,
              Plain(kPackets, gap));
      CHECK(done.out.size() == (loss > 0 ? 0 : 4 * kPackets));
    }
}

TEST_CASE("plans do not depend on the size of the bursts, and are the same for the same seed") {
  const Run one = run(kAll, 1), many = run(kAll, 97);
  REQUIRE(one.out.size() == many.out.size());
  for (std::size_t i = 0; i < one.out.size(); ++i)
    REQUIRE((one.out[i].seq == many.out[i].seq && one.out[i].copy == many.out[i].copy &&
             one.out[i].time_ns == many.out[i].time_ns && one.out[i].source == many.out[i].source));
}

TEST_CASE("frames of no flow are neither one-sided nor mirrored twice") {
  class NoFlow final : public PlanSource {
   public:
    std::size_t next(std::span<PacketPlan> out) override {
      if (given_ == 100) return 0;
      ++given_;
      out[0] = {};
      out[0].flow = kNoFlow;
      return 1;
    }

   private:
    int given_ = 0;
  } from;
  FaultSource source(from, profile_with({.double_mirrored = 1, .one_sided = 1}));
  std::vector<PacketPlan> plans(200);
  CHECK(source.next(plans) == 100);
}

TEST_CASE("faults out of their range are refused by name") {
  Mirrors two;
  two.sources_per_vni = 2;
  CHECK(check(kAll, two));
  CHECK(check(Faults{}, Mirrors{}));
  CHECK(check(Faults{.loss = 0.99, .reorder = 1, .duplicate = 1, .double_mirrored = 1, .one_sided = 1}, two));
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (const Faults& faults :
       {Faults{.loss = 0.995}, Faults{.loss = -0.1}, Faults{.loss = none}, Faults{.reorder = 2},
        Faults{.duplicate = 2}, Faults{.double_mirrored = 2}, Faults{.one_sided = -1},
        Faults{.truncate_bytes = 63}, Faults{.reorder_distance = 0}, Faults{.reorder_distance = 257}})
    CHECK_FALSE(check(faults, two));
  const Status one = check(Faults{.double_mirrored = 0.1}, Mirrors{});
  REQUIRE_FALSE(one);
  CHECK(one.error().where == "double_mirrored");
}
