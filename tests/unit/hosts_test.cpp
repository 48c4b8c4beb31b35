#include <map>
#include <optional>
#include <random>
#include <vector>

#include "hosts/host_state.h"
#include "hosts/window.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::hosts;
using signature::BitCommand;
using signature::BitTrack;
using signature::HostBit;
using signature::HostPart;
using signature::Threshold;
using signature::ThresholdKind;
using signature::ThresholdTrack;

namespace {

constexpr IpAddress kA = IpAddress::v4(10, 0, 0, 1), kB = IpAddress::v4(10, 0, 0, 2),
                    kC = IpAddress::v4(10, 0, 0, 3);

Timestamp at(double seconds) {
  return {1'600'000'000'000'000 + static_cast<std::int64_t>(seconds * 1e6 + 0.5)};
}

Question question(double seconds, const IpAddress& src = kA, const IpAddress& dst = kB) {
  Question q;
  q.rule = (std::uint64_t{1} << 32) | 7;
  q.tenant = 1;
  q.version = IpVersion::v4;
  q.src = src;
  q.dst = dst;
  q.flow_id = 99;
  q.now = at(seconds);
  return q;
}

HostPart counted(ThresholdKind kind, std::uint32_t count, std::uint32_t seconds,
                 ThresholdTrack track = ThresholdTrack::by_src) {
  HostPart part;
  part.threshold = Threshold{kind, track, count, seconds, 0, false};
  return part;
}

HostPart bit(BitCommand command, BitTrack track = BitTrack::src, std::uint32_t expire = 30,
             std::uint32_t id = 0) {
  HostPart part;
  const HostBit b{signature::BitKeyword::xbits, command, track, "b", id, expire};
  (b.asks() ? part.conditions : part.effects).push_back(b);
  return part;
}

/// Which of the matches, one at each of these times, alert; from 1.
std::vector<std::size_t> alerting(const HostPart& part, const std::vector<double>& times) {
  HostState state(64, 1);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < times.size(); ++i)
    if (state.ask(part, question(times[i])) == Answer::alerts) out.push_back(i + 1);
  return out;
}

std::vector<double> every_second(int count) {
  std::vector<double> out;
  for (int i = 0; i < count; ++i) out.push_back(i);
  return out;
}

using Numbers = std::vector<std::size_t>;

}  // namespace

// The numbers are Suricata 7.0.10's answers to the same matches.

TEST_CASE("limit lets the first matches of each window alert") {
  CHECK(alerting(counted(ThresholdKind::limit, 1, 10), every_second(30)) == Numbers{1, 12, 23});
  CHECK(alerting(counted(ThresholdKind::limit, 3, 10), every_second(30)) ==
        Numbers{1, 2, 3, 12, 13, 14, 23, 24, 25});
  CHECK(alerting(counted(ThresholdKind::limit, 0, 10), every_second(30)) == Numbers{1, 12, 23});
  CHECK(alerting(counted(ThresholdKind::limit, 1, 0), every_second(5)) == Numbers{1, 2, 3, 4, 5});
}

TEST_CASE("threshold lets each n-th match of a window alert") {
  CHECK(alerting(counted(ThresholdKind::threshold, 3, 10), every_second(30)) ==
        Numbers{3, 6, 9, 14, 17, 20, 25, 28});
  CHECK(alerting(counted(ThresholdKind::threshold, 1, 10), every_second(4)) == Numbers{1, 2, 3, 4});
  CHECK(alerting(counted(ThresholdKind::threshold, 0, 10), every_second(13)) ==
        Numbers{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13});
}

TEST_CASE("both lets the n-th match of a window alert, once") {
  CHECK(alerting(counted(ThresholdKind::both, 3, 10), every_second(30)) == Numbers{3, 14, 25});
  CHECK(alerting(counted(ThresholdKind::both, 1, 10), every_second(30)) == Numbers{1, 12, 23});
  CHECK(alerting(counted(ThresholdKind::both, 0, 10), every_second(30)).empty());
}

TEST_CASE("detection_filter lets the matches after the first n of a window alert") {
  CHECK(alerting(counted(ThresholdKind::detection_filter, 3, 10), every_second(16)) ==
        Numbers{4, 5, 6, 7, 8, 9, 10, 11, 15, 16});
}

TEST_CASE("a window's last microsecond belongs to it") {
  const HostPart limit = counted(ThresholdKind::limit, 1, 10);
  CHECK(alerting(limit, {0.5, 10.499999}) == Numbers{1});
  CHECK(alerting(limit, {0.5, 10.5}) == Numbers{1});
  CHECK(alerting(limit, {0.5, 10.500001}) == Numbers{1, 2});
}

TEST_CASE("rate_filter silences with new_action pass while the rate is over, and for the timeout") {
  HostPart part = counted(ThresholdKind::rate_filter, 2, 60);
  part.threshold->timeout_s = 3;
  CHECK(alerting(part, every_second(8)).size() == 8);
  part.threshold->silent_beyond_rate = true;
  CHECK(alerting(part, every_second(8)) == Numbers{1, 2, 7});
  part.threshold->timeout_s = 0;
  CHECK(alerting(part, every_second(8)) == Numbers{1, 2, 4, 6, 8});
}

TEST_CASE("matches are counted by source, destination, pair, rule or flow") {
  const auto alerts = [](ThresholdTrack track) {
    HostState state(64, 1);
    const HostPart part = counted(ThresholdKind::limit, 2, 100, track);
    Numbers out;
    for (std::size_t i = 0; i < 16; ++i) {
      constexpr std::pair<IpAddress, IpAddress> kPairs[] = {{kA, kB}, {kB, kA}, {kA, kC}, {kC, kA}};
      Question q = question(static_cast<double>(i) / 10, kPairs[i % 4].first, kPairs[i % 4].second);
      q.flow_id = i / 8;
      if (state.ask(part, q) == Answer::alerts) out.push_back(i + 1);
    }
    return out;
  };
  CHECK(alerts(ThresholdTrack::by_src) == Numbers{1, 2, 3, 4, 6, 8});
  CHECK(alerts(ThresholdTrack::by_dst) == Numbers{1, 2, 3, 4, 5, 7});
  CHECK(alerts(ThresholdTrack::by_both) == Numbers{1, 2, 3, 4});
  CHECK(alerts(ThresholdTrack::by_rule) == Numbers{1, 2});
  CHECK(alerts(ThresholdTrack::by_flow) == Numbers{1, 2, 9, 10});
}

TEST_CASE("tenants, rules and IP versions do not share state") {
  HostState state(64, 1);
  const HostPart limit = counted(ThresholdKind::limit, 1, 100);
  Question q = question(0);
  CHECK(state.ask(limit, q) == Answer::alerts);
  CHECK(state.ask(limit, q) == Answer::exceeds);
  q.tenant = 2;
  CHECK(state.ask(limit, q) == Answer::alerts);
  q.rule = 8;
  CHECK(state.ask(limit, q) == Answer::alerts);
  q.version = IpVersion::v6;
  CHECK(state.ask(limit, q) == Answer::alerts);

  CHECK(state.ask(bit(BitCommand::set), question(0)) == Answer::alerts);
  Question other = question(1);
  CHECK(state.ask(bit(BitCommand::isset), other) == Answer::alerts);
  other.tenant = 2;
  CHECK(state.ask(bit(BitCommand::isset), other) == Answer::no_match);
}

TEST_CASE("a bit is set until the end of its last second, and not for longer by another set") {
  HostState state(64, 1);
  (void)state.ask(bit(BitCommand::set, BitTrack::src, 10), question(0.9));
  (void)state.ask(bit(BitCommand::set, BitTrack::src, 10), question(8));
  CHECK(state.ask(bit(BitCommand::isset), question(10.999999)) == Answer::alerts);
  CHECK(state.ask(bit(BitCommand::isset), question(11)) == Answer::no_match);
  CHECK(state.ask(bit(BitCommand::isnotset), question(11)) == Answer::alerts);
}

TEST_CASE("a bit whose time is over can be set anew") {
  HostState state(64, 1);
  (void)state.ask(bit(BitCommand::set, BitTrack::src, 10), question(0));
  (void)state.ask(bit(BitCommand::set, BitTrack::src, 10), question(20));
  CHECK(state.ask(bit(BitCommand::isset), question(25)) == Answer::alerts);
}

TEST_CASE("toggle sets what is not set, and unsets what is") {
  HostState state(64, 1);
  for (const bool set : {true, false, true}) {
    (void)state.ask(bit(BitCommand::toggle), question(0));
    CHECK((state.ask(bit(BitCommand::isset), question(0)) == Answer::alerts) == set);
  }
  (void)state.ask(bit(BitCommand::unset), question(0));
  CHECK(state.ask(bit(BitCommand::isset), question(0)) == Answer::no_match);
}

TEST_CASE("bits belong to the source, the destination or the pair in either order") {
  HostState state(64, 1);
  (void)state.ask(bit(BitCommand::set, BitTrack::dst), question(0, kA, kB));
  CHECK(state.ask(bit(BitCommand::isset, BitTrack::src), question(0, kB, kC)) == Answer::alerts);
  CHECK(state.ask(bit(BitCommand::isset, BitTrack::src), question(0, kA, kB)) == Answer::no_match);
  (void)state.ask(bit(BitCommand::set, BitTrack::pair, 30, 1), question(0, kA, kB));
  CHECK(state.ask(bit(BitCommand::isset, BitTrack::pair, 30, 1), question(0, kB, kA)) == Answer::alerts);
  CHECK(state.ask(bit(BitCommand::isset, BitTrack::pair, 30, 1), question(0, kB, kC)) == Answer::no_match);
}

TEST_CASE("effects take place where conditions hold, although a threshold keeps the rule silent") {
  HostState state(64, 1);
  HostPart part = counted(ThresholdKind::threshold, 3, 60);
  part.effects = bit(BitCommand::set).effects;
  CHECK(state.ask(part, question(0)) == Answer::silent);
  CHECK(state.ask(bit(BitCommand::isset), question(1)) == Answer::alerts);

  part.conditions = bit(BitCommand::isset, BitTrack::src, 30, 5).conditions;
  part.effects = bit(BitCommand::set, BitTrack::src, 30, 6).effects;
  CHECK(state.ask(part, question(2)) == Answer::no_match);
  CHECK(state.ask(bit(BitCommand::isset, BitTrack::src, 30, 6), question(2)) == Answer::no_match);
}

TEST_CASE("a match that may not alert changes bits and is not counted") {
  HostState state(64, 1);
  HostPart part = counted(ThresholdKind::limit, 1, 60);
  part.effects = bit(BitCommand::set).effects;
  Question silent = question(0);
  silent.may_alert = false;
  CHECK(state.ask(part, silent) == Answer::silent);
  CHECK(state.ask(bit(BitCommand::isset), question(0)) == Answer::alerts);
  CHECK(state.ask(part, question(0)) == Answer::alerts);
}

TEST_CASE("a stream's window counts once where a condition could have voided its match") {
  HostState state(64, 1);
  Question q = question(0);
  q.once_in = 4;
  CHECK(state.ask(bit(BitCommand::isset), q) == Answer::no_match);
  (void)state.ask(bit(BitCommand::set), question(0));
  CHECK(state.ask(bit(BitCommand::isset), q) == Answer::alerts);
  CHECK(state.ask(bit(BitCommand::isset), q) == Answer::no_match);
  q.once_in = 5;
  CHECK(state.ask(bit(BitCommand::isset), q) == Answer::alerts);
}

TEST_CASE("suppressions are silent about addresses") {
  using Track = signature::Suppression::Track;
  const auto of = [](Track track) {
    HostPart part;
    part.suppressions.push_back({track, signature::AddressSet::of({{kA, kA}}, {})});
    return part;
  };
  CHECK(suppressed(of(Track::by_src), IpVersion::v4, kA, kB));
  CHECK_FALSE(suppressed(of(Track::by_src), IpVersion::v4, kB, kA));
  CHECK(suppressed(of(Track::by_dst), IpVersion::v4, kB, kA));
  CHECK(suppressed(of(Track::by_either), IpVersion::v4, kB, kA));
  CHECK_FALSE(suppressed(of(Track::by_either), IpVersion::v4, kB, kC));
  CHECK_FALSE(suppressed(of(Track::by_either), IpVersion::v6, kA, kA));
  CHECK(suppressed(of(Track::any), IpVersion::v6, kB, kC));
  CHECK_FALSE(suppressed({}, IpVersion::v4, kA, kB));
}

TEST_CASE("at the budget a state is evicted and counted, and one that is asked for stays") {
  HostState state(16, 1);
  const HostPart limit = counted(ThresholdKind::limit, 1, 1'000'000);
  CHECK(state.ask(limit, question(0)) == Answer::alerts);
  for (std::uint8_t i = 0; i < 100; ++i) {
    (void)state.ask(limit, question(1, IpAddress::v4(10, 1, 0, i)));
    CHECK(state.ask(limit, question(1)) == Answer::exceeds);
  }
  CHECK(state.size() == 16);
  CHECK(state.evicted() == 101 - 16);
}

TEST_CASE("an eviction passes by few states, although all of them were asked for") {
  Table table(4'096, 1);
  const auto key = [](std::uint64_t about) {
    return Key{kA, {}, about, 0, 1, StateKind::bit, IpVersion::v4, 0};
  };
  for (std::uint64_t i = 0; i < 4'096; ++i) table.insert(key(i), at(0)).expires = at(1'000);
  for (std::uint64_t i = 0; i < 4'096; ++i) REQUIRE(table.find(key(i), at(1)) != nullptr);
  (void)table.insert(key(4'096), at(1));
  CHECK(table.evicted() == 1);
  CHECK(table.spared() <= 64);
}

TEST_CASE("what is over makes room before anything is evicted") {
  HostState state(64, 1);
  const HostPart limit = counted(ThresholdKind::limit, 1, 1);
  for (int i = 0; i < 10'000; ++i)
    (void)state.ask(limit, question(i, IpAddress::v4(10, 1, static_cast<std::uint8_t>(i / 250),
                                                     static_cast<std::uint8_t>(i % 250))));
  CHECK(state.evicted() == 0);
}

TEST_CASE("the table gives what a map gives, over a random walk") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    Table table(256, seed);
    std::map<std::uint64_t, State> twin;  // by what the key is about
    double now = 0;
    for (int step = 0; step < 5'000; ++step) {
      now += static_cast<double>(random() % 1000) / 1000;
      Key key{kA, {}, random() % 100, 0, 1, StateKind::bit, IpVersion::v4, 0};
      const auto known = twin.find(key.about);
      const bool expected = known != twin.end() && known->second.expires >= at(now);
      State* found = table.find(key, at(now));
      REQUIRE((found != nullptr) == expected);
      if (found != nullptr) REQUIRE(found->count == known->second.count);
      switch (random() % 3) {
        case 0:
          if (found != nullptr) twin[key.about].count = ++found->count;
          break;
        case 1:
          table.erase(key);
          twin.erase(key.about);
          break;
        default:
          if (found != nullptr) break;
          State& made = table.insert(key, at(now));
          made.expires = at(now + static_cast<double>(random() % 100));
          twin[key.about] = made;
      }
    }
    CHECK(table.evicted() == 0);
    CHECK(table.size() <= 100);
  }
}

TEST_CASE("thresholds give what a list of all matches gives, over random hosts and times") {
  const auto kind = GENERATE(ThresholdKind::limit, ThresholdKind::threshold, ThresholdKind::both,
                             ThresholdKind::detection_filter);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    const auto count = static_cast<std::uint32_t>(1 + random() % 5);
    const auto seconds = static_cast<std::uint32_t>(1 + random() % 20);
    const HostPart part = counted(kind, count, seconds);
    HostState state(4'096, seed);
    std::map<std::uint8_t, std::vector<std::int64_t>> windows;  // by host: the times since the window began
    double now = 0;
    for (int step = 0; step < 2'000; ++step) {
      now += static_cast<double>(random() % 2'000) / 1000;
      const auto host = static_cast<std::uint8_t>(random() % 8);
      auto& window = windows[host];
      const std::int64_t us = at(now).us;
      if (!window.empty() && us - window.front() > std::int64_t{seconds} * 1'000'000) window.clear();
      window.push_back(us);
      const std::size_t n = window.size();
      bool expected = false;
      switch (kind) {
        case ThresholdKind::limit: expected = n <= count; break;
        case ThresholdKind::threshold: expected = n % count == 0; break;
        case ThresholdKind::both: expected = n == count; break;
        default: expected = n > count; break;
      }
      REQUIRE((state.ask(part, question(now, IpAddress::v4(10, 0, 1, host))) == Answer::alerts) == expected);
    }
  }
}
