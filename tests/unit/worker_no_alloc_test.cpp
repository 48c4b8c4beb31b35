// After its start a worker neither allocates nor locks nor waits: a million packets of everything it knows,
// counted by the preload in tests/support/no_alloc.

#include <rte_mbuf.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "packet/access.h"
#include "support/catch.h"
#include "support/conversation.h"
#include "support/mempool.h"
#include "support/mirror.h"
#include "support/no_alloc/call_count.h"
#include "support/random_stream.h"
#include "support/worker_bench.h"

using namespace mirrorscan;
using namespace mirrorscan::support;
using ledger::Counter;

namespace {

constexpr std::size_t kPackets = 1'000'000;
constexpr std::size_t kBurst = 32;
/// Inner addresses of a VXLAN template: behind 50 bytes of outer headers and 14 of inner Ethernet.
constexpr std::size_t kInnerIp = 64, kSource = kInnerIp + 12, kDestination = kInnerIp + 16;

std::string word(Random& random) {
  std::string out;
  for (std::size_t left = 6 + pick(random, 8); left > 0; --left)
    out += static_cast<char>('a' + pick(random, 26));
  return out;
}

struct Rules {
  std::vector<std::string> words;
  std::string text;
};

Rules thousand_rules(Random& random) {
  Rules out;
  for (std::size_t i = 1; i <= 1'000; ++i) {
    const std::string a = word(random), b = word(random), sid = "sid:" + std::to_string(i) + ";)\n";
    out.words.push_back(a);
    out.words.push_back(a + "--" + b);
    const std::string content = "content:\"" + a + "\"; ", second = "content:\"" + b + "\"; ";
    switch (i % 10) {
      case 0:
        out.text += "alert tcp any any -> any any (" + content + "pcre:\"/-+" + b + "/R\"; " + sid;
        break;
      case 1:
        out.text += "alert tcp any any -> any any (" + content + second + "distance:0; within:90; " + sid;
        break;
      case 2: out.text += "alert tcp any any -> any any (" + content + "depth:200; " + sid; break;
      case 3: out.text += "alert udp any any -> any any (" + content + sid; break;
      case 4:
        out.text += "alert tcp any any -> any any (" + content + "content:!\"" + b +
                    "\"; distance:0; within:90; " + sid;
        break;
      case 5:
        out.text += "alert tcp any any -> any any (flow:established,to_server; " + content + "nocase; " + sid;
        break;
      case 6:  // no trigger can be made of it: it is tried on every window, so a few of them do
        out.text += "alert tcp any any -> any any (";
        out.text += i > 100 ? content : "pcre:\"/(?<![0-9])" + a + "(-|x)*?(?1)" + b + "/i\"; ";
        out.text += sid;
        break;
      case 7: out.text += "alert tcp any any -> any any (" + content + "dsize:>20; " + sid; break;
      case 8:
        out.text += "alert tcp any any -> any any (" + content +
                    "threshold:type threshold,track by_both,count 2,seconds 5; " + sid;
        break;
      default:
        out.text += "alert tcp any any -> any any (" + content + "xbits:toggle,x,track ip_src; " + sid;
        break;
    }
  }
  out.text += "alert icmp any any -> any any (itype:8; sid:1001;)\n";
  out.text += "alert tcp any any -> any any (content:!\"zzzz\"; sid:1002;)\n";
  out.text += "alert tcp any any -> any any (pcre:\"/^(a+)+$/m\"; sid:1003;)\n";
  return out;
}

/// Frames of many conversations, some packets of each in turn.
std::vector<Bytes> templates(const Rules& rules, Random& random) {
  std::vector<std::vector<Bytes>> lanes;
  const StreamTaste taste{
      {rules.words.begin(), rules.words.end()}, "abcdefghijklmnopqrstuvwxyz -\n", 600, 4'096};
  for (std::uint16_t i = 0; i < 60; ++i) {
    Conversation talk;
    talk.client_port = static_cast<std::uint16_t>(40'000 + i);
    for (std::string& text : talk.streams) text = draw_stream(taste, 1 + pick(random, 30'000), random);
    if (i % 20 == 0) talk.streams[0] = std::string(3'000, 'a');
    take_turns(talk, random);
    talk.ending = i % 4 == 0 ? Ending::none : Ending::fin;
    Cut cut;
    if (i % 3 == 1)
      cut = {.least = 1, .most = 1'460, .retransmitted_pct = 5, .overlapping_pct = 5, .reorder = 12};
    if (i % 3 == 2) cut.syn_data = 300;
    lanes.push_back(frames_of(talk, cut, random));
    if (i % 7 == 0) lanes.back().erase(lanes.back().begin() + 5);  // a hole that is never filled
    Packet datagram = Packet().ip("10.0.0.1", "10.0.0.2").id(i).udp(talk.client_port, 53);
    datagram.payload(draw_stream(taste, 100 + pick(random, 3'000), random));
    lanes.push_back(datagram.fragments(1'400));
    if (i % 5 == 0) lanes.back().pop_back();  // never whole
    lanes.push_back({Packet().ip("10.0.0.1", "10.0.0.2").icmp(8, 0).payload("ping").bytes()});
  }
  std::vector<Bytes> out;
  for (std::size_t i = 0; !lanes.empty(); ++i) {
    auto& lane = lanes[i % lanes.size()];
    const std::size_t count = std::min<std::size_t>(lane.size(), 3);
    for (std::size_t k = 0; k < count; ++k) out.push_back(Mirror().vxlan(lane[k]));
    lane.erase(lane.begin(), lane.begin() + static_cast<std::ptrdiff_t>(count));
    if (lane.empty()) lanes.erase(lanes.begin() + static_cast<std::ptrdiff_t>(i % lanes.size()));
  }
  return out;
}

/// The port: mbufs of a pool, filled with the templates; each round through them has other addresses.
class Port {
 public:
  explicit Port(const std::vector<Bytes>& frames) : frames_(frames) {}

  [[nodiscard]] bool receive(std::array<rte_mbuf*, kBurst>& burst) noexcept {
    for (rte_mbuf*& m : burst) {
      const Bytes& frame = frames_[next_];
      m = packet::from_bytes(*pool_, frame);
      if (m == nullptr) return false;
      auto* bytes = rte_pktmbuf_mtod(m, std::uint8_t*);
      for (const std::size_t at : {kSource, kDestination}) std::memcpy(bytes + at + 1, &round_, 2);
      now_.us += 500;
      packet::meta(*m).time = now_;
      packet::meta(*m).capture_index = ++index_;
      if (++next_ == frames_.size()) {
        next_ = 0;
        ++round_;
      }
    }
    return true;
  }
  [[nodiscard]] rte_mempool& datagrams() noexcept { return *datagrams_; }

 private:
  const std::vector<Bytes>& frames_;
  Mempool pool_{2 * kBurst - 1}, datagrams_{31};
  std::size_t next_ = 0;
  std::uint16_t round_ = 0;
  std::uint64_t index_ = 0;
  Timestamp now_{1'561'644'131'000'000};
};

}  // namespace

TEST_CASE("a million packets cost no allocation, no lock and no wait") {
  const CallCount calls;
  REQUIRE(calls.loaded());
  Random random(1);
  const Rules rules = thousand_rules(random);
  const std::vector<Bytes> frames = templates(rules, random);
  for (const Bytes& frame : frames) REQUIRE(frame.size() < 2'000);
  Port port(frames);
  config::Config config = small_config(config::Profile::mirror);

  worker::RecordRing ring(16'384);
  auto made =
      worker::Worker::make(worker::Settings::from(config), {}, compile(rules.text), port.datagrams(), ring);
  REQUIRE(made.ok());
  worker::Worker& worker = *made.value();

  std::array<rte_mbuf*, kBurst> burst{};
  record::Record record;
  std::uint64_t packets = 0, alerts = 0, flows = 0;
  bool received = true;
  {
    const Counted counted(calls);
    for (; received && packets < kPackets; packets += kBurst) {
      received = port.receive(burst);
      if (received) worker.process(burst);
      while (ring.try_pop(record)) ++(record.type == record::Type::alert ? alerts : flows);
    }
  }
  CHECK(received);
  CHECK(calls.text() == "");

  const ledger::Counters counters = worker.counters();
  INFO(frames.size() << " templates, " << alerts << " alerts, " << flows << " flow records");
  CHECK(packets >= kPackets);
  CHECK(alerts > 10'000);
  CHECK(flows > 10'000);
  for (const Counter c : {Counter::flows_timed_out, Counter::flows_evicted, Counter::tcp_out_of_order,
                          Counter::tcp_gaps, Counter::datagrams_reassembled, Counter::triggers_pended,
                          Counter::payload_linearised, Counter::evaluations}) {
    INFO("counter " << ledger::kCounterTexts[static_cast<std::size_t>(c)].name);
    CHECK(counters[c] > 0);
  }
}
