// Packets of no flow before the rules: fragments, and packets whose transport header is broken.

#include "support/catch.h"
#include "support/mirror.h"
#include "support/packet_builder.h"
#include "support/worker_bench.h"

using namespace mirrorscan;
using namespace mirrorscan::support;

namespace {

/// The sids of the alerts on these inner frames, sorted; the ledgers must balance.
std::vector<std::uint32_t> sids(const std::string& rules, const std::vector<Bytes>& inner) {
  WorkerBench bench(small_config(config::Profile::reference), compile(rules));
  std::vector<Frame> frames;
  for (const Bytes& frame : inner)
    frames.push_back(
        {Mirror().vxlan(frame), Timestamp{1'000'000 + 1'000 * static_cast<std::int64_t>(frames.size())}});
  bench.feed(frames, 8);
  bench.finish();
  CHECK(bench.imbalance() == "");
  CHECK(bench.held() == "");
  std::vector<std::uint32_t> out;
  for (const SeenAlert& alert : bench.take_alerts()) out.push_back(alert.sid);
  return out;
}

using Sids = std::vector<std::uint32_t>;

std::string rule(std::uint32_t sid, const std::string& head, const std::string& options = "") {
  return "alert " + head + " (" + options + " sid:" + std::to_string(sid) + ";)\n";
}

Packet udp() {
  return Packet().ip("10.0.0.1", "10.0.0.2").udp(5'000, 53).payload(std::string(40, 'u'));
}

}  // namespace

TEST_CASE("fragments meet rules on headers before they are put together, and their datagram once more") {
  const std::vector<Bytes> two = udp().fragments(24);
  REQUIRE(two.size() == 2);
  CHECK(sids(rule(1, "ip any any -> any any", "fragbits:M;"), two) == Sids{1});
  CHECK(sids(rule(1, "ip any any -> any any", "fragoffset:>0;"), two) == Sids{1});
  CHECK(sids(rule(1, "udp any any -> any any", "ttl:64;"), two) == Sids{1, 1, 1});
  CHECK(sids(rule(1, "ip any any -> any any"), two) == Sids{1, 1, 1});
  CHECK(sids(rule(1, "udp any any -> any any", "content:\"uuuu\";"), two) == Sids{1});
  CHECK(sids(rule(1, "udp any any -> any any", "dsize:0;"), two) == Sids{1, 1});
}

TEST_CASE("a fragment has no ports, and no flow whose state could be asked for") {
  const std::vector<Bytes> first{udp().fragment(0, 24)};
  CHECK(sids(rule(1, "udp any any -> any 53", "ttl:64;"), first).empty());
  CHECK(sids(rule(1, "udp any any -> any !80", "ttl:64;"), first).empty());
  CHECK(sids(rule(1, "udp any any -> any any", "flow:stateless; ttl:64;"), first).empty());
  CHECK(sids(rule(1, "udp any any -> any any", "flow:no_frag; ttl:64;"), first).empty());
  CHECK(sids(rule(1, "udp any any -> any any", "flow:to_client; ttl:64;"), first).empty());
  CHECK(sids(rule(1, "udp any any -> any any", "flow:to_server; ttl:64;"), first) == Sids{1});
}

TEST_CASE("an IPv6 fragment is of the fragment header's protocol") {
  const std::vector<Bytes> first{
      Packet().ip("2001:db8::1", "2001:db8::2").udp(1, 2).payload(std::string(40, 'u')).fragment(0, 24)};
  CHECK(sids(rule(1, "ip any any -> any any", "ip_proto:44;") + rule(2, "udp any any -> any any"), first) ==
        Sids{1});
}

TEST_CASE(
    "a packet with a broken transport header meets rules on headers, port 0, and ends by its own name") {
  const std::vector<Bytes> bad{
      Packet().ip("10.0.0.1", "10.0.0.2").tcp(40'000, 80).tcp_header_words(3).payload("x").bytes()};
  CHECK(sids(rule(1, "tcp any any -> any any", "ttl:64;"), bad) == Sids{1});
  CHECK(sids(rule(1, "tcp any any -> any 0", "ttl:64;"), bad) == Sids{1});
  CHECK(sids(rule(1, "tcp any any -> any 80", "ttl:64;"), bad).empty());
  CHECK(sids(rule(1, "tcp any any -> any any", "flags:A;"), bad).empty());
  CHECK(sids(rule(1, "tcp any any -> any any", "tcp.hdr; content:!\"zz\";"), bad).empty());
  CHECK(sids(rule(1, "ip any any -> any any", "ipv4.hdr; content:\"|45|\"; startswith;"), bad) == Sids{1});
  CHECK(sids(rule(1, "udp any any -> any any", "ttl:64;"), bad).empty());
}

TEST_CASE("rules with ports match no packet of a protocol without ports") {
  const std::vector<Bytes> ping{Packet().ip("10.0.0.1", "10.0.0.2").icmp(8, 0).payload("x").bytes()};
  CHECK(sids(rule(1, "ip any any -> any 0", "ttl:64;") + rule(2, "ip any any -> any any", "ttl:64;"), ping) ==
        Sids{2});
}

TEST_CASE("a rule with negated addresses and nothing else alerts packet by packet") {
  const std::vector<Bytes> two{udp().bytes(), udp().payload("other").bytes()};
  CHECK(sids(rule(1, "ip !10.0.0.9 any -> any any"), two) == Sids{1, 1});
  CHECK(sids(rule(1, "ip 10.0.0.1 any -> any any"), two) == Sids{1});
  CHECK(sids(rule(1, "ip 10.0.0.1 any -> any any", "ip_proto:17;"), two) == Sids{1});
  CHECK(sids(rule(1, "ip any any -> 10.0.0.2 any", "ip_proto:17; content:\"uuu\";"), two) == Sids{1});
}

TEST_CASE("the bare acknowledgment that completes a handshake is not yet part of an established flow") {
  const auto client = [] { return Packet().ip("10.0.0.1", "10.0.0.2").tcp(40'000, 80); };
  const auto server = [] { return Packet().ip("10.0.0.2", "10.0.0.1").tcp(80, 40'000); };
  const std::vector<Bytes> shake{client().seq(100).flags(kSyn).bytes(),
                                 server().seq(500).ack(101).flags(kSyn | kAck).bytes()};
  std::vector<Bytes> bare = shake, loaded = shake;
  bare.push_back(client().seq(101).ack(501).bytes());
  loaded.push_back(client().seq(101).ack(501).payload("hello").bytes());
  const std::string established = rule(1, "tcp any any -> any any", "flow:established; ttl:64;");
  CHECK(sids(established, bare).empty());
  CHECK(sids(established, loaded) == Sids{1});
  bare.push_back(client().seq(101).ack(501).payload("hello").bytes());
  CHECK(sids(established, bare) == Sids{1});
}

TEST_CASE("stream_size counts sequence numbers from the SYN on, also of what came ahead of its place") {
  const auto client = [] { return Packet().ip("10.0.0.1", "10.0.0.2").tcp(40'000, 80); };
  const auto server = [] { return Packet().ip("10.0.0.2", "10.0.0.1").tcp(80, 40'000); };
  const std::vector<Bytes> talk{client().seq(100).flags(kSyn).bytes(),
                                server().seq(500).ack(101).flags(kSyn | kAck).bytes(),
                                client().seq(101).ack(501).payload("hello").bytes(),
                                client().seq(206).ack(501).payload("ooo").bytes(),
                                client().seq(106).ack(501).payload("abcd").bytes(),
                                client().seq(209).ack(501).flags(kAck | kFin).bytes(),
                                server().seq(501).ack(210).bytes()};
  const auto times = [&](const std::string& condition) {
    return sids(rule(1, "tcp any any -> any any", "stream_size:" + condition + ";"), talk).size();
  };
  CHECK(times("client,=,1") == 2);
  CHECK(times("client,=,6") == 1);
  CHECK(times("client,=,109") == 3);
  CHECK(times("client,=,110") == 1);
  CHECK(times("server,=,0") == 1);
  CHECK(times("both,>,0") == 6);
}
