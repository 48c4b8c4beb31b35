// The ground truth of generated traffic against what the inspector alerts on it. They share how rules are
// read, and nothing else.

#include <arpa/inet.h>

#include <array>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "rules/load.h"
#include "support/catch.h"
#include "support/conversation.h"
#include "support/naive_rule.h"
#include "support/parse_json.h"
#include "support/scratch_folder.h"
#include "support/worker_bench.h"
#include "traffic/frame_writer.h"
#include "traffic/generator.h"
#include "truth/truth_ledger.h"

using namespace mirrorscan;
using namespace mirrorscan::support;

namespace {

constexpr const char* kRules = R"(
alert tcp any any -> any 80 (content:"attack one"; sid:1;)
alert tcp any any -> any any (flow:established,to_server; content:"alpha"; content:"omega"; distance:5; within:40; sid:2;)
alert tcp any any -> any any (flow:established,to_client; content:"leaked|00 01 02|"; nocase; sid:3;)
alert tcp any 443 -> any any (content:"from 443"; isdataat:6,relative; sid:4;)
alert tcp any any <> any 9000 (content:"either way"; content:!"unless"; distance:0; within:20; sid:5;)
drop tcp 10.0.0.0/8 any -> any any (flow:established; content:"dropped"; content:"twice"; sid:6;)
alert tcp any any -> any any (flow:to_server,established; content:"attack"; sid:7;)
alert udp any any -> any 53 (content:"query x"; sid:8;)
alert udp any any -> any any (content:"abc|01|"; offset:4; depth:12; sid:10;)
alert udp any any -> any any (flow:established,to_client; content:"answer y"; endswith; sid:11;)
alert ip any any -> any any (content:"any protocol"; sid:12;)
alert tcp any any -> any 60001 (content:"to a high port"; sid:13;)
alert tcp any any -> any any (content:"wide apart"; content:"beginning and end"; sid:14;)
alert udp any 5000 -> any any (content:"seen|02|"; isdataat:!3,relative; sid:15;)
alert udp any any -> any any (content:"sized"; dsize:>300; sid:17;)
alert udp any any -> any any (content:"sized"; dsize:<100; sid:18;)
alert tcp any any -> any any (flow:to_server; content:"begins"; startswith; content:"so"; within:20; sid:19;)
alert tcp any any -> any any (content:"ends"; endswith; flow:established; sid:20;)
alert tcp any any -> any [80,443] (content:"anywhere near"; depth:90; isdataat:!60; sid:21;)
alert tcp any any -> any any (dsize:20<>90; content:"dsized"; content:!"|0a|"; sid:22;)
alert tcp-pkt any any -> any any (content:"in a packet"; offset:3; sid:23;)
alert tcp-stream any any -> any any (content:"in the stream"; offset:3; sid:24;)
alert tcp any any -> any any (content:"one"; content:"attack two"; within:300; content:"three"; distance:10; sid:16;)
)";

/// Alerts of a rule in one direction of a flow.
struct Raised {
  std::uint32_t sid, vni;
  std::string from, to;
  friend auto operator<=>(const Raised&, const Raised&) = default;
};
using Alerts = std::map<Raised, std::uint32_t>;

std::string text_of(const Alerts& alerts) {
  std::ostringstream out;
  std::size_t told = 0;
  for (const auto& [a, count] : alerts)
    if (++told <= 10)
      out << "\n  sid " << a.sid << " VNI " << a.vni << " " << a.from << " > " << a.to << ": " << count;
  return out.str();
}

std::string end_of(const IpAddress& address, IpVersion version, std::uint16_t port) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(version == IpVersion::v4 ? AF_INET : AF_INET6, address.bytes.data(), text.data(), text.size());
  return text.data() + (" " + std::to_string(port));
}

struct Truth {
  Alerts expected;
  std::set<Raised> open;
  std::size_t damaged = 0;
};

Truth read_truth(const std::string& path) {
  Truth out;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  REQUIRE(parse_json(line)["type"] == "truth");
  while (std::getline(file, line)) {
    const Json json = parse_json(line);
    const auto end = [&](const std::string& side) {
      return json[side + "_ip"].get<std::string>() + ' ' + std::to_string(json[side + "_port"].get<int>());
    };
    const Raised raised{json["sid"], json["vni"], end("src"), end("dest")};
    if (json["type"] == "expected")
      out.expected[raised] += json["count"].get<std::uint32_t>();
    else
      ++out.damaged;
    if (json.contains("open")) out.open.insert(raised);
  }
  return out;
}

struct Compared {
  Truth truth;
  Alerts missing, extra;
};

using Change = std::function<void(traffic::Profile&)>;

traffic::Profile profile_of(std::uint64_t seed, const Change& change) {
  traffic::Profile p;
  p.seed = seed;
  p.packets = 3'000;
  p.flows.concurrent = 100;
  p.flows.lifetime_s = 2;
  p.attacks.share = 0.5;
  change(p);
  REQUIRE(traffic::check(p).ok());
  return p;
}

Alerts inspected(const traffic::Profile& profile, const std::shared_ptr<const ruleset::Ruleset>& rules,
                 truth::AttackBook& book, truth::TruthLedger& ledger) {
  auto generator = traffic::Generator::make(profile, &book);
  REQUIRE(generator.ok());
  const traffic::FrameWriter writer(profile);
  config::Config config = small_config(config::Profile::mirror);
  config.stream.max_streams = 4'096;
  config.dedup.max_records = 65'536;
  WorkerBench bench(config, rules);
  std::array<traffic::PacketPlan, 32> plans;
  while (const std::size_t count = generator.value()->next(plans)) {
    ledger.saw({plans.data(), count});
    std::vector<Frame> frames(count);
    for (std::size_t i = 0; i < count; ++i) {
      frames[i].bytes.resize(traffic::FrameWriter::kMostFrameBytes);
      frames[i].bytes.resize(writer.write(plans[i], frames[i].bytes));
      frames[i].time.us = profile.start_us + static_cast<std::int64_t>(plans[i].time_ns / 1'000);
    }
    bench.feed(frames, count);
  }
  bench.finish();
  Alerts out;
  for (const record::Record& r : bench.records())
    if (r.type == record::Type::alert)
      ++out[{rules->rules[r.alert.rule].sid, r.tunnel.vni, end_of(r.src, r.version, r.src_port),
             end_of(r.dst, r.version, r.dst_port)}];
  return out;
}

Compared compared(const traffic::Profile& profile, const std::shared_ptr<const ruleset::Ruleset>& rules) {
  const auto books = traffic::Books::make(profile);
  REQUIRE(books.ok());
  auto book = truth::AttackBook::make(profile, *rules, books.value());
  REQUIRE(book.ok());
  truth::TruthLedger ledger(profile, *book.value());
  const Alerts found = inspected(profile, rules, *book.value(), ledger);
  const ScratchFolder scratch;
  const std::string path = scratch.folder + "/truth";
  REQUIRE(ledger.write(path).ok());
  Compared out{read_truth(path), {}, {}};
  std::set<std::uint32_t> excluded;
  for (std::size_t i = 0; i < book.value()->fates().size(); ++i)
    if (book.value()->fates()[i].fate == truth::Fate::excluded) excluded.insert(rules->rules[i].sid);
  const auto count_in = [](const Alerts& alerts, const Raised& what) {
    const auto at = alerts.find(what);
    return at == alerts.end() ? 0 : at->second;
  };
  for (const auto& [what, count] : out.truth.expected)
    if (!out.truth.open.contains(what) && count_in(found, what) < count)
      out.missing[what] = count - count_in(found, what);
  for (const auto& [what, count] : found)
    if (!excluded.contains(what.sid) && !out.truth.open.contains(what) &&
        count > count_in(out.truth.expected, what))
      out.extra[what] = count - count_in(out.truth.expected, what);
  return out;
}

std::string draw_word(Random& random) {
  std::string out;
  for (std::size_t left = 2 + pick(random, 5); left > 0; --left) out += "qQ~zZ^"[pick(random, 6)];
  return out;
}

enum class Shape : std::uint8_t { of_streams, anchored };

naive::Test draw_test(Random& random, Shape shape) {
  naive::Test t;
  const bool asks_for_data = pick(random, 5) == 0;
  t.negated = pick(random, 5) == 0;
  if (asks_for_data) {
    t.kind = naive::Test::Kind::isdataat;
    t.relative = shape == Shape::of_streams || pick(random, 2) == 0;
    t.negated &= shape == Shape::anchored;
    t.position = static_cast<int>(pick(random, 30));
    return t;
  }
  t.bytes = draw_word(random);
  t.nocase = pick(random, 3) == 0;
  if (pick(random, 2) == 0) t.distance = static_cast<int>(pick(random, 40)) - 8;
  if (pick(random, 3) == 0) t.within = static_cast<int>(t.bytes.size() + pick(random, 60));
  if (t.distance || t.within || shape == Shape::of_streams) return t;
  switch (pick(random, 6)) {
    case 0: t.startswith = true; break;
    case 1: t.endswith = true; break;
    case 2: t.offset = static_cast<int>(pick(random, 30)); break;
    case 3: t.depth = static_cast<int>(t.bytes.size() + pick(random, 100)); break;
    default: break;
  }
  return t;
}

/// Rules of many shapes; their words are short, so that one's attack often matches another.
std::shared_ptr<const ruleset::Ruleset> draw_rules(std::uint64_t seed) {
  static constexpr const char* kHeaders[] = {
      "tcp any any -> any any (",
      "tcp any any -> any [80,443] (flow:to_server; ",
      "tcp any any -> any any (flow:to_client,established; ",
      "tcp any 1024: <> any 9000 (",
      "udp any any -> any any (",
      "udp any 53 -> any any (flow:established; ",
      "ip [10.0.0.0/8,fd00::/8] any -> any any (",
  };
  Random random(seed);
  std::string text;
  for (int sid = 1; sid <= 60; ++sid) {
    std::vector<naive::Test> tests(1 + pick(random, 4));
    const Shape shape = pick(random, 2) == 0 ? Shape::of_streams : Shape::anchored;
    for (naive::Test& test : tests) test = draw_test(random, shape);
    text += std::string("alert ") + kHeaders[pick(random, std::size(kHeaders))];
    for (const auto& [name, value] : naive::options(tests))
      text += name + (value.empty() ? "" : ":" + value) + "; ";
    text += "sid:" + std::to_string(sid) + ";)\n";
  }
  auto loaded = rules::load_text("drawn.rules", text, {}, {});
  REQUIRE(loaded.ok());
  return std::move(loaded.value().ruleset);
}

#ifdef NDEBUG
constexpr std::uint64_t kSeeds = 20;
#else
constexpr std::uint64_t kSeeds = 4;
#endif

void check_seeds(const char* name, const Change& change) {
  const auto rules = compile(kRules);
  std::size_t expected = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Compared result = compared(profile_of(seed, change), rules);
    INFO(name << ", seed " << seed << "; missing:" << text_of(result.missing)
              << "\nextra:" << text_of(result.extra));
    CHECK((result.missing.empty() && result.extra.empty()));
    expected += result.truth.expected.size();
  }
  INFO(name);
  CHECK(expected > 4 * kSeeds);
}

}  // namespace

TEST_CASE("what the truth expects of whole traffic is what the inspector alerts") {
  check_seeds("plain", [](traffic::Profile&) {});
  check_seeds("IPv6", [](traffic::Profile& p) { p.flows.ipv6_share = 0.5; });
  check_seeds("GENEVE", [](traffic::Profile& p) { p.mirrors.encap = packet::Encap::geneve; });
  check_seeds("VNIs", [](traffic::Profile& p) { p.mirrors.vnis = 5; });
  check_seeds("many segments, often", [](traffic::Profile& p) {
    p.attacks.occurrences = 4;
    p.attacks.most_segments = 16;
    p.packets = 8'000;
  });
}

TEST_CASE("the truth knows what faults do to attacks") {
  check_seeds("loss", [](traffic::Profile& p) { p.faults.loss = 0.05; });
  check_seeds("reordering", [](traffic::Profile& p) { p.faults.reorder = 0.1; });
  check_seeds("duplicates", [](traffic::Profile& p) { p.faults.duplicate = 0.2; });
  check_seeds("one side", [](traffic::Profile& p) { p.faults.one_sided = 0.5; });
  check_seeds("double mirroring", [](traffic::Profile& p) {
    p.faults.double_mirrored = 0.7;
    p.mirrors.sources_per_vni = 2;
  });
  check_seeds("truncation", [](traffic::Profile& p) { p.faults.truncate_bytes = 200; });
  check_seeds("truncation to the headers", [](traffic::Profile& p) {
    p.faults.truncate_bytes = 64;
    p.flows.ipv6_share = 0.3;
  });
}

TEST_CASE("the truth knows what all faults together do to attacks in several segments") {
  check_seeds("all", [](traffic::Profile& p) {
    p.faults = {.truncate_bytes = 300,
                .loss = 0.05,
                .reorder = 0.1,
                .reorder_distance = 40,
                .duplicate = 0.1,
                .double_mirrored = 0.3,
                .one_sided = 0.3};
    p.mirrors = {.vnis = 3, .sources_per_vni = 2};
    p.flows.ipv6_share = 0.3;
    p.attacks.occurrences = 3;
    p.attacks.most_segments = 8;
    p.packets = 8'000;
  });
}

TEST_CASE("the truth of rules of many shapes is what the inspector alerts") {
  std::size_t expected = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto rules = draw_rules(seed);
    const auto profile = profile_of(seed, [&](traffic::Profile& p) {
      p.flows.ipv6_share = 0.2;
      p.attacks.most_segments = 6;
      p.attacks.occurrences = static_cast<std::uint32_t>(1 + seed % 3);
      if (seed % 2 == 0) p.faults.loss = p.faults.reorder = 0.03;
      if (seed % 4 == 0) p.faults.truncate_bytes = 400;
    });
    const Compared result = compared(profile, rules);
    std::string text;
    for (const auto& differing : {result.missing, result.extra})
      for (const auto& [what, count] : differing) text += " " + std::to_string(what.sid);
    INFO("seed " << seed << "; missing:" << text_of(result.missing) << "\nextra:" << text_of(result.extra));
    CHECK(text == "");
    expected += result.truth.expected.size();
  }
  CHECK(expected > 5'000);
}

TEST_CASE("what the truth expects does not depend on the sizes of segments") {
  check_seeds("mss", [](traffic::Profile& p) {
    p.flows.mss = 50;
    p.packets = 8'000;
  });
  check_seeds("imix", [](traffic::Profile& p) { p.flows.sizes = traffic::SizeLaw::imix; });
  check_seeds("fixed", [](traffic::Profile& p) {
    p.flows.sizes = traffic::SizeLaw::fixed;
    p.flows.frame_bytes = 128;
    p.faults.loss = 0.01;
    p.faults.reorder = 0.1;
    p.packets = 8'000;
  });
  check_seeds("smallest", [](traffic::Profile& p) {
    p.flows.sizes = traffic::SizeLaw::fixed;
    p.flows.concurrent = 20;
    p.packets = 8'000;
  });
  check_seeds("jumbo", [](traffic::Profile& p) {
    p.flows.sizes = traffic::SizeLaw::fixed;
    p.flows.frame_bytes = 9'000;
    p.attacks.occurrences = 2;
  });
}
