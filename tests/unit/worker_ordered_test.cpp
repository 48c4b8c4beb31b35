// Several workers as `replay` has them, with inboxes so small that everybody waits for everybody: each number
// of workers gives the events of one, and somebody can always go on.

#include <algorithm>
#include <array>
#include <string>

#include "packet/access.h"
#include "support/catch.h"
#include "support/conversation.h"
#include "support/mirror.h"
#include "support/packet_builder.h"
#include "support/worker_bench.h"

using namespace mirrorscan;
using namespace mirrorscan::support;

namespace {

constexpr const char* kRules = R"(
alert tcp any any -> any any (msg:"plain"; flow:established,to_server; content:"needle"; sid:1;)
alert tcp any any -> any any (msg:"answer"; flow:established,to_client; content:"needle"; sid:2;)
alert udp any any -> any 53 (msg:"datagram"; content:"needle"; sid:3;)
)";

/// Flows of the same hosts lie on different workers. Some matches are decided by a hole that is given up,
/// some by the end of their flow, since they wait for what must not come.
constexpr const char* kHostRules = R"(
alert tcp any any -> any any (msg:"limit"; content:"needle"; threshold:type limit,track by_src,count 2,seconds 1; sid:1;)
alert tcp any any -> any any (msg:"each third"; content:"needle"; threshold:type threshold,track by_dst,count 3,seconds 2; sid:2;)
alert tcp any any -> any any (msg:"once"; content:"needle"; threshold:type both,track by_both,count 2,seconds 1; sid:3;)
alert ip any any -> any any (msg:"many"; content:"needle"; detection_filter:track by_rule,count 4,seconds 2; sid:4;)
alert udp any any -> any 53 (msg:"toggle"; content:"needle"; xbits:toggle,x,track ip_src; sid:5;)
alert tcp any any -> any any (msg:"asks"; content:"needle"; xbits:isset,x,track ip_src; sid:6;)
alert tcp any any -> any any (msg:"waits"; content:"needle"; content:!"nowhere"; distance:0; xbits:toggle,y,track ip_pair; sid:7;)
alert ip any any -> any any (msg:"two hosts"; content:"needle"; xbits:isset,y,track ip_pair; hostbits:toggle,z,dst; sid:8;)
alert udp any any -> any 53 (msg:"asks of two hosts"; content:"needle"; hostbits:isset,z; threshold:type limit,track by_dst,count 3,seconds 1; sid:9;)
alert udp any any -> any 53 (msg:"by flow"; content:"needle"; threshold:type limit,track by_flow,count 2,seconds 100; sid:10;)
)";

void add_connection(std::uint16_t port, std::vector<Bytes>& out, Random& random) {
  Conversation talk;
  talk.client_port = port;
  // The word comes late: where there is a hole before it, the time at which that is given up is the alert's.
  for (std::string& text : talk.streams)
    text = std::string(200 + pick(random, 200), 'x') + "needle" + std::string(50, 'y');
  take_turns(talk, random);
  const auto frames = frames_of(talk, {.least = 20, .most = 60, .overlapping_pct = 10, .reorder = 3}, random);
  out.insert(out.end(), frames.begin(), frames.end());
}

/// Fragmented and whole ones in turn: they come to their flow's owner in different ways.
void add_datagrams(std::uint16_t port, std::vector<Bytes>& out) {
  for (std::uint16_t i = 0; i < 24; ++i) {
    Packet datagram =
        Packet().ip("10.0.0.1", "10.0.0.2").id(static_cast<std::uint16_t>(port + i)).udp(port, 53);
    datagram.payload(std::string(10 + i % 2 * 800, 'x') + "needle" + std::string(i, 'y'));
    const auto fragments = datagram.fragments(400);
    out.insert(out.end(), fragments.begin(), fragments.end());
  }
}

/// Connections and fragmented datagrams, packet by packet in random turns: most are of another worker than
/// the one they are dealt to. Time passes, so that holes are given up and flows end in between.
std::vector<Frame> capture(Random& random) {
  std::vector<std::vector<Bytes>> sources(12);
  for (std::uint16_t i = 0; i < sources.size(); ++i)
    if (i % 3 == 0)
      add_datagrams(static_cast<std::uint16_t>(2'000 + i * 100), sources[i]);
    else
      add_connection(static_cast<std::uint16_t>(40'000 + i), sources[i], random);
  std::vector<Frame> out;
  std::vector<std::size_t> next(sources.size());
  Timestamp now{1'561'644'131'000'000};
  for (std::size_t open = sources.size(); open > 0;) {
    const std::size_t who = pick(random, sources.size());
    if (next[who] == sources[who].size()) continue;
    now.us += static_cast<std::int64_t>(pick(random, 20'000));
    if (pick(random, 20) != 0) out.push_back({Mirror().vxlan(sources[who][next[who]]), now});  // else a hole
    if (++next[who] == sources[who].size()) --open;
  }
  return out;
}

std::string text_of(const record::Record& r) {
  std::string out = std::to_string(static_cast<int>(r.type)) + " " + std::to_string(r.time.us) + " " +
                    std::to_string(r.flow_id) + " " + std::to_string(r.src_port) + " " +
                    std::to_string(r.alert.rule) + " " + std::to_string(r.alert.stream_offset) + " " +
                    std::to_string(static_cast<int>(r.flow_end.end));
  for (const std::size_t d : {0U, 1U})
    out += " " + std::to_string(r.flow.packets[d]) + " " + std::to_string(r.flow_end.gap_bytes[d]);
  return out;
}

/// What lib/engine/replay.cpp does with threads, by hand: a random schedule decides who goes on.
class Team {
 public:
  Team(std::uint32_t count, std::size_t inbox, const std::shared_ptr<const ruleset::Ruleset>& rules,
       std::size_t queries = 1)
      : exchange_(count, inbox, 1, worker::Order::by_capture_index, queries),
        queues_(count),
        dealt_to_(count, 0) {
    for (std::uint32_t i = 0; i < count; ++i) {
      rings_.push_back(std::make_unique<worker::RecordRing>(65'536));
      const config::Config config = small_config(config::Profile::reference);
      auto made = worker::Worker::make(worker::Settings::from(config), worker::Tenants::from({}).value(),
                                       rules, datagram_pool(), *rings_.back(), {&exchange_, i});
      REQUIRE(made.ok());
      workers_.push_back(std::move(made).value());
    }
  }

  void replay(const std::vector<Frame>& frames, std::size_t burst, Random& random) {
    for (std::size_t i = 0; i < frames.size(); ++i) queues_[pick(random, queues_.size())].push_back(i);
    const std::size_t enough = 2'000 * frames.size();
    std::size_t steps = 0;
    std::vector<std::uint32_t> at_work(workers_.size());
    std::vector<bool> done(workers_.size());
    for (std::uint32_t i = 0; i < at_work.size(); ++i) at_work[i] = i;
    while (!at_work.empty() && ++steps < enough) {
      if (pick(random, 2) == 0) below_ = std::min(below_ + pick(random, 2 * burst), frames.size());
      const std::size_t who = pick(random, at_work.size());
      const std::uint32_t worker = at_work[who];
      if (!done[worker] && workers_[worker]->finished()) {
        workers_[worker]->finish(frames.back().time);
        done[worker] = true;
      }
      if (done[worker]) {
        if (workers_[worker]->hosts_settled())
          at_work.erase(at_work.begin() + static_cast<std::ptrdiff_t>(who));
        continue;
      }
      if (pick(random, 3) != 0) feed(worker, frames, burst, random);
      (void)workers_[worker]->advance(1 + pick(random, burst));
    }
    REQUIRE(at_work.empty());  // else they wait for each other
  }

  [[nodiscard]] std::vector<std::string> events() {
    std::vector<std::string> out;
    record::Record r;
    for (const auto& ring : rings_)
      while (ring->try_pop(r)) out.push_back(text_of(r));
    std::sort(out.begin(), out.end());
    return out;
  }

  [[nodiscard]] ledger::Ledger total() const {
    ledger::Ledger sum;
    for (const auto& worker : workers_)
      for (std::uint32_t slot = 0; slot < worker->ledgers().count(); ++slot)
        sum += worker->ledgers().at(slot);
    return sum;
  }

 private:
  void feed(std::uint32_t who, const std::vector<Frame>& frames, std::size_t burst, Random& random) {
    if (!workers_[who]->takes_more()) return;
    std::array<rte_mbuf*, 64> mbufs{};
    const std::vector<std::size_t>& queue = queues_[who];
    std::size_t& next = dealt_to_[who];
    const std::size_t wanted = 1 + pick(random, std::min(burst, mbufs.size()));
    std::size_t n = 0;
    for (; n < wanted && next < queue.size() && queue[next] < below_; ++n, ++next) {
      mbufs[n] = mbuf_of(frames[queue[next]]);
      packet::meta(*mbufs[n]).time = frames[queue[next]].time;
      packet::meta(*mbufs[n]).capture_index = queue[next];
    }
    // What was dealt out before an empty look is not for this worker.
    const bool more = next < queue.size() && queue[next] < below_;
    const std::uint64_t dealt = below_ == frames.size() ? worker::Exchange::kEnd : below_;
    const std::uint64_t next_index = more ? queue[next - 1] + 1 : dealt;
    const std::size_t reached = std::min<std::uint64_t>(next_index, frames.size());
    workers_[who]->feed({mbufs.data(), n}, next_index, reached == 0 ? Timestamp{} : frames[reached - 1].time);
  }

  worker::Exchange exchange_;
  std::vector<std::unique_ptr<worker::RecordRing>> rings_;
  std::vector<std::unique_ptr<worker::Worker>> workers_;
  std::vector<std::vector<std::size_t>> queues_;  ///< indexes of frames, by worker
  std::vector<std::size_t> dealt_to_;
  std::size_t below_ = 0;  ///< frames dealt out so far
};

}  // namespace

TEST_CASE("any number of workers gives the events of one, although every inbox is full") {
  const auto workers = GENERATE(2u, 3u, 5u, 8u);
  const auto rules = compile(kRules);
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Random random(seed);
    const std::vector<Frame> frames = capture(random);
    Team one(1, 1'024, rules);
    one.replay(frames, 32, random);
    Team many(workers, 1 + pick(random, 4), rules);
    many.replay(frames, 1 + pick(random, 40), random);
    INFO("seed " << seed << ", " << workers << " workers");
    const std::vector<std::string> expected = one.events();
    CHECK(expected.size() > 50);
    CHECK(many.events() == expected);
    const ledger::Ledger total = many.total();
    CHECK(total.balances());
    CHECK(total.steered_out == total.steered_in);
    CHECK(total.payload_steered_out == total.payload_steered_in);
    CHECK(WorkerBench::mbufs_in_use() == 0);
  }
}

TEST_CASE("any number of workers gives the answers of one where hosts are asked, and nobody waits for ever") {
  const auto workers = GENERATE(2u, 4u, 8u);
  const auto rules = compile(kHostRules);
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Random random(seed);
    const std::vector<Frame> frames = capture(random);
    Team one(1, 1'024, rules, 256);
    one.replay(frames, 32, random);
    Team many(workers, 1 + pick(random, 4), rules, 1 + pick(random, 3));
    many.replay(frames, 1 + pick(random, 40), random);
    INFO("seed " << seed << ", " << workers << " workers");
    const std::vector<std::string> expected = one.events();
    CHECK(std::count_if(expected.begin(), expected.end(),
                        [](const std::string& event) { return event.starts_with("0 "); }) > 20);
    CHECK(many.events() == expected);
    CHECK(many.total().balances());
    CHECK(many.total().alerts == one.total().alerts);
  }
}
