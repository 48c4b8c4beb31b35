// The promise of class stream (design section 2): one answer, whatever the segmentation, the order, the
// retransmissions and the size of the burst.

#include <algorithm>
#include <set>
#include <string>

#include "support/catch.h"
#include "support/conversation.h"
#include "support/mirror.h"
#include "support/random_stream.h"
#include "support/worker_bench.h"

using namespace mirrorscan;
using namespace mirrorscan::support;

namespace {

constexpr const char* kRules = R"(
alert tcp any any -> any any (msg:"plain"; content:"needle"; sid:1;)
alert tcp any any -> any any (msg:"nocase"; content:"NeEdLe"; nocase; sid:2;)
alert tcp any any -> any any (msg:"two anywhere"; content:"abc"; content:"xyz"; sid:3;)
alert tcp any any -> any any (msg:"three anywhere"; content:"abc"; content:"needle"; content:"ba"; sid:4;)
alert tcp any any -> any any (msg:"within"; content:"user="; content:"admin"; distance:0; within:20; sid:5;)
alert tcp any any -> any any (msg:"trigger last"; content:"ab"; content:"ba"; distance:1; within:6; content:"needle"; distance:0; sid:6;)
alert tcp any any -> any any (msg:"backwards"; content:"needle"; content:"ab"; distance:-10; within:12; sid:7;)
alert tcp any any -> any any (msg:"absent anywhere"; content:"abc"; content:!"xyz"; sid:8;)
alert tcp any any -> any any (msg:"absent behind"; content:"user="; content:!"admin"; distance:0; within:10; sid:9;)
alert tcp any any -> any any (msg:"pcre"; pcre:"/ab+c/"; sid:10;)
alert tcp any any -> any any (msg:"pcre relative"; content:"needle"; pcre:"/^x{2,5}/R"; sid:11;)
alert tcp any any -> any any (msg:"pcre at line ends"; content:"abc"; pcre:"/c[ab]+$/m"; sid:12;)
alert tcp any any -> any any (msg:"pcre nocase"; pcre:"/user=[a-z]{3,8}\n/i"; sid:13;)
alert tcp any any -> any any (msg:"one byte"; content:"q"; sid:14;)
alert tcp any any -> any any (msg:"one byte, then far"; content:"q"; content:"y"; distance:100; sid:15;)
alert tcp any any -> any any (msg:"data follow"; content:"abc"; isdataat:50,relative; sid:16;)
alert tcp any any -> any any (msg:"far behind"; content:"needle"; content:"tail"; distance:3000; sid:17;)
alert tcp any any -> any any (msg:"trigger middle"; content:"ab"; content:"needle"; distance:0; within:400; content:"ba"; distance:0; within:400; sid:18;)
alert tcp any any -> any any (msg:"to server"; flow:to_server,established; content:"cmd="; sid:19;)
alert tcp any any -> any any (msg:"to client"; flow:to_client,established; content:"needle"; sid:20;)
alert tcp any any <> any 80 (msg:"both"; content:"begin"; content:"end"; distance:0; within:4000; sid:21;)
alert tcp any any -> any any (msg:"only absent"; content:!"abc"; sid:22;)
alert tcp any any -> any any (msg:"chosen"; content:"abc"; content:"user="; fast_pattern; content:"x"; distance:-8; within:30; sid:23;)
alert tcp any any -> any any (msg:"long"; content:"a-very-long-word-that-is-cut-by-nearly-every-segmentation"; sid:24;)
alert tcp any any -> any any (msg:"pcre bridge"; pcre:"/needle.{0,30}admin/s"; sid:25;)
alert tcp any any -> any any (msg:"pcre absent"; content:"abc"; pcre:!"/xyz/"; sid:26;)
alert tcp any any -> any any (msg:"not followed by"; content:"ab"; nocase; content:!"c"; distance:0; within:1; sid:27;)
alert tcp any any -> any any (msg:"look behind"; pcre:"/(?<=ab)needle/"; sid:28;)
alert tcp any any -> any any (msg:"pcre greedy relative"; content:"user="; pcre:"/^[a-z]+\n/R"; sid:29;)
alert tcp-stream any any -> any any (msg:"stream only"; content:"tail"; sid:30;)
alert tcp any any -> any any (msg:"letters"; pcre:"/[xyz]{6}/"; sid:31;)
alert tcp any any -> any any (msg:"other, not this"; content:"tail"; content:!"needle"; distance:0; within:3000; sid:32;)
)";

// Chains within each direction: what the two directions do to each other depends on their order.
constexpr const char* kStateRules = R"(
alert tcp any any -> any any (flow:to_server; content:"abc"; flowbits:set,s.a; sid:1;)
alert tcp any any -> any any (flow:to_server; content:"xyz"; flowbits:isset,s.a; flowbits:unset,s.a; flowbits:set,s.b; sid:2;)
alert tcp any any -> any any (flow:to_server; content:"needle"; nocase; flowbits:isset,s.b; sid:3;)
alert tcp any any -> any any (flow:to_server; content:"user="; content:"admin"; distance:0; within:200; flowbits:toggle,s.t; noalert; sid:4;)
alert tcp any any -> any any (flow:to_server; content:"tail"; flowbits:isset,s.t; sid:5;)
alert tcp any any -> any any (flow:to_server; content:"ab"; content:!"c"; distance:0; within:300; flowint:s.n,+,1; sid:6;)
alert tcp any any -> any any (flow:to_server; content:"ba"; flowint:s.n,>,0; flowbits:isnotset,s.b; sid:7;)
alert tcp any any -> any any (flow:to_server; pcre:"/ab+c/"; flowbits:isset,s.a|s.b; flowint:s.n,=,0; sid:8;)
alert tcp any any -> any any (flow:to_server; content:!"abc"; flowbits:isset,s.b; flowbits:set,s.late; sid:9;)
alert tcp any any -> any any (flow:to_server; content:"end"; flowbits:isset,s.late; sid:10;)
alert tcp any any -> any any (flow:to_server; content:"q"; flowint:s.q,+,1; noalert; sid:11;)
alert tcp any any -> any any (flow:to_server; content:"y"; flowint:s.q,>=,s.n; sid:12;)
alert tcp any any -> any any (flow:to_client; content:"abc"; content:"needle"; distance:100; flowbits:set,c.far; sid:13;)
alert tcp any any -> any any (flow:to_client; content:"ab"; flowbits:isset,c.far; sid:14;)
alert tcp any any -> any any (flow:to_client; pcre:"/user=[a-z]{3,8}\n/i"; flowbits:isnotset,c.far; flowbits:set,c.u; sid:15;)
alert tcp any any -> any any (flow:to_client; content:"xyz"; flowbits:isset,c.u|c.far; sid:16;)
)";

const std::shared_ptr<const ruleset::Ruleset>& stream_rules() {
  static const auto rules = compile(kRules);
  return rules;
}

const std::shared_ptr<const ruleset::Ruleset>& state_rules() {
  static const auto rules = compile(kStateRules);
  return rules;
}

const std::vector<std::string_view> kWords{"needle",
                                           "NEEDLE",
                                           "abc",
                                           "xyz",
                                           "user=",
                                           "admin",
                                           "user=admin",
                                           "ab",
                                           "ba",
                                           "abxba",
                                           "abbbc",
                                           "cmd=",
                                           "tail",
                                           "needlexxx",
                                           "user=admin\n",
                                           "abneedle",
                                           "q",
                                           "begin",
                                           "end",
                                           "cabab",
                                           "y",
                                           "needle and the admin",
                                           "xyzxyz",
                                           "a-very-long-word-that-is-cut-by-nearly-every-segmentation"};

StreamTaste draw_taste(Random& random) {
  constexpr std::array<std::string_view, 5> kLetters{"ab", "abcxyz", "abcdefghijklm \n", "-",
                                                     "abcuserndl=\n"};
  constexpr std::array<std::size_t, 4> kEvery{6, 40, 300, 3'000};
  return {kWords, kLetters[pick(random, kLetters.size())], kEvery[pick(random, kEvery.size())],
          stream_rules()->window};
}

std::size_t draw_size(Random& random) {
  switch (pick(random, 5)) {
    case 0: return pick(random, 40);
    case 1: return 1 + pick(random, 600);
    case 2: return 4'096 * (1 + pick(random, 3)) + pick(random, 3) - 1;
    case 3: return 1 + pick(random, 20'000);
    default: return 1 + pick(random, 6'000);
  }
}

Conversation draw_conversation(Random& random) {
  Conversation talk;
  const StreamTaste taste = draw_taste(random);
  talk.streams[0] = draw_stream(taste, draw_size(random), random);
  talk.streams[1] = draw_stream(taste, pick(random, 3) == 0 ? 0 : draw_size(random), random);
  take_turns(talk, random);
  if (pick(random, 3) == 0)  // the numbers wrap within the stream
    for (std::uint32_t& seq : talk.first_seq) seq = 0u - static_cast<std::uint32_t>(pick(random, 8'000));
  talk.ending = pick(random, 3) == 0 ? Ending::none : Ending::fin;
  return talk;
}

Cut draw_cut(const Conversation& talk, Random& random) {
  Cut cut;
  const std::size_t bytes = talk.streams[0].size() + talk.streams[1].size();
  switch (pick(random, 4)) {
    case 0: cut.least = cut.most = 1 + pick(random, 1'460); break;
    case 1: cut.least = 1, cut.most = 1'460; break;
    case 2: cut.least = 1, cut.most = 40; break;
    default: break;
  }
  if (bytes <= 1'500 && pick(random, 2) == 0) cut.least = cut.most = 1;
  if (bytes / cut.most > 800) cut.most = 1'460;
  if (pick(random, 2) == 0) cut.retransmitted_pct = 5 + static_cast<unsigned>(pick(random, 6));
  if (pick(random, 2) == 0) cut.overlapping_pct = 5 + static_cast<unsigned>(pick(random, 20));
  if (pick(random, 3) != 0) cut.reorder = 2 + pick(random, 15);
  if (pick(random, 4) == 0) cut.syn_data = 1 + pick(random, 1'400);
  if (pick(random, 3) == 0) cut.fin_with_data = true;
  if (pick(random, 3) == 0) cut.freedom = Freedom::data_and_ending;
  return cut;
}

/// How the packets reach the worker.
struct Delivery {
  std::size_t burst = 32;
  std::size_t piece = 0;
};

Delivery draw_delivery(Random& random) {
  constexpr std::array<std::size_t, 5> kBursts{1, 2, 7, 32, 256};
  return {kBursts[pick(random, kBursts.size())], pick(random, 3) == 0 ? 24 + pick(random, 105) : 0};
}

class Laboratory {
 public:
  explicit Laboratory(config::Profile profile,
                      const std::shared_ptr<const ruleset::Ruleset>& rules = stream_rules())
      : bench_(config_of(profile), rules) {}

  std::vector<SeenAlert> run(const Conversation& talk, const Cut& cut, const Delivery& delivery,
                             Random& random) {
    std::vector<Frame> frames;
    for (const Bytes& inner : frames_of(talk, cut, random)) {
      now_.us += 10;
      frames.push_back({Mirror().vxlan(inner), now_, delivery.piece});
    }
    bench_.feed(frames, delivery.burst);
    bench_.finish();
    now_.us += 1'000'000;
    return bench_.take_alerts();
  }
  [[nodiscard]] const WorkerBench& bench() const { return bench_; }

 private:
  static config::Config config_of(config::Profile profile) {
    config::Config c = small_config(profile);
    c.detect.max_alerts_per_packet = 65'536;  // words stand close together, and reordered packets bring many
    return c;
  }
  WorkerBench bench_;
  Timestamp now_{1'561'644'131'000'000};
};

void check_case(std::uint64_t seed, config::Profile profile,
                const std::shared_ptr<const ruleset::Ruleset>& rules = stream_rules()) {
  Random random(seed);
  const Conversation talk = draw_conversation(random);
  Laboratory laboratory(profile, rules);
  const std::vector<SeenAlert> expected = laboratory.run(talk, {}, {}, random);
  INFO("seed " << seed << ", profile " << static_cast<int>(profile) << ", streams of "
               << talk.streams[0].size() << " and " << talk.streams[1].size() << " bytes");
  for (int i = 0; i < 5; ++i) {
    const Cut cut = draw_cut(talk, random);
    const Delivery delivery = draw_delivery(random);
    const std::vector<SeenAlert> found = laboratory.run(talk, cut, delivery, random);
    std::vector<SeenAlert> lost, more;
    std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                        std::back_inserter(lost));
    std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                        std::back_inserter(more));
    INFO("cut " << i << ": " << cut.text() << ", burst " << delivery.burst << ", pieces " << delivery.piece
                << "; lost: " << text_of(lost) << "; more: " << text_of(more));
    CHECK((lost.empty() && more.empty()));
  }
  CHECK(laboratory.bench().limits_hit() == "");
  CHECK(laboratory.bench().imbalance() == "");
  CHECK(laboratory.bench().held() == "");
  CHECK(WorkerBench::mbufs_in_use() == 0);
}

}  // namespace

// A sanitizer makes each case ten times as dear.
#ifdef NDEBUG
constexpr std::uint64_t kSeeds = 200;
#else
constexpr std::uint64_t kSeeds = 25;
#endif

TEST_CASE("all rules of the property are of class stream") {
  CHECK(stream_rules()->rules.size() == 33);  // the one with <> is two
  for (const signature::Rule& rule : stream_rules()->rules) {
    INFO("sid " << rule.sid);
    CHECK(rule.rule_class == signature::RuleClass::stream);
  }
}

TEST_CASE("a rule on established connections sees the data on the SYN once the handshake is done") {
  Conversation talk;
  talk.streams[0] = "cmd=";
  talk.turns = {{Direction::to_server, 0, 4}};
  Random random(1);
  for (const auto profile : {config::Profile::mirror, config::Profile::reference}) {
    Laboratory laboratory(profile);
    const auto alerts = laboratory.run(talk, {.syn_data = 4}, {}, random);
    CHECK(std::count(alerts.begin(), alerts.end(), SeenAlert{19, Direction::to_server, true, 0}) == 1);
  }
}

TEST_CASE("the data on a SYN that is refused never was in an established connection") {
  Conversation talk;
  talk.streams[0] = "cmd=";
  talk.turns = {{Direction::to_server, 0, 4}};
  Random random(1);
  const std::vector<Bytes> inner = frames_of(talk, {.syn_data = 4}, random);
  const Bytes refusal = Packet()
                            .ip(talk.server, talk.client)
                            .tcp(80, 40'000)
                            .ack(talk.first_seq[0] + 1)
                            .flags(kRst | kAck)
                            .bytes();
  WorkerBench bench(small_config(config::Profile::mirror), stream_rules());
  const std::vector<Frame> frames{{Mirror().vxlan(inner[0]), {1'000}}, {Mirror().vxlan(refusal), {2'000}}};
  bench.feed(frames, 1);
  bench.finish();
  for (const SeenAlert& alert : bench.take_alerts()) CHECK(alert.sid != 19);
}

TEST_CASE("the alerts of class stream do not depend on how the stream was cut") {
  const auto profile = GENERATE(config::Profile::mirror, config::Profile::reference);
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) check_case(seed, profile);
}

TEST_CASE("nor do the alerts of rules that set and check flowbits and flowints") {
  for (const signature::Rule& rule : state_rules()->rules) {
    INFO("sid " << rule.sid);
    CHECK(rule.rule_class == signature::RuleClass::stream);
  }
  const auto profile = GENERATE(config::Profile::mirror, config::Profile::reference);
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) check_case(1'000 + seed, profile, state_rules());
}
