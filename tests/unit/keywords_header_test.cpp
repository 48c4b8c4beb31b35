// Conditions on packet fields and tests on header buffers, on packets as decode reads them.

#include <algorithm>

#include "decode/decode.h"
#include "keywords/header_bytes.h"
#include "keywords/unsupported.h"
#include "support/catch.h"
#include "support/draft.h"
#include "support/mbufs.h"
#include "support/packet_builder.h"

using namespace mirrorscan;
using keywords::Draft;
using signature::PacketView;
using support::Bytes;
using support::kAck;
using support::kFin;
using support::kPsh;
using support::kRst;
using support::kSyn;
using testing::Options;
using testing::read;
using testing::refusal;

namespace {

struct Decoded {
  Bytes frame;
  packet::Meta meta{};

  explicit Decoded(Bytes bytes) : frame(std::move(bytes)) {
    support::MbufChain chain(frame);
    (void)decode::decode(*chain, meta);
  }
  [[nodiscard]] PacketView view(const signature::StreamSizes* streams = nullptr) const {
    const std::size_t end = std::min<std::size_t>(meta.payload_offset + meta.payload_captured, frame.size());
    return {meta, ByteView(frame).subspan(meta.l3_offset, end - meta.l3_offset), meta.payload_stated,
            streams};
  }
};

bool holds(const Draft& draft, const PacketView& packet) {
  for (const auto& test : draft.rule.packet)
    if (!test->match(packet)) return false;
  for (const auto& header : draft.rule.headers) {
    signature::Inspection in;
    in.buffer = keywords::header_bytes(header.buffer, packet);
    in.tests = header.tests;
    in.steps_left = 1'000;
    if (in.buffer.empty() || !in.rest(0, 0)) return false;
  }
  return true;
}

bool holds(const Options& options, const Bytes& frame, const signature::StreamSizes* streams = nullptr) {
  Draft draft;
  REQUIRE(read(options, draft) == "");
  return holds(draft, Decoded(frame).view(streams));
}

bool holds(const Options& options, const support::Packet& packet) {
  return holds(options, packet.bytes());
}

support::Packet v4() {
  return support::Packet().ip("10.0.0.1", "10.0.0.2");
}
support::Packet v6() {
  return support::Packet().ip("2001:db8::1", "2001:db8::2");
}
support::Packet tcp(std::uint8_t flags = kAck) {
  return v4().tcp(40'000, 80).flags(flags);
}

/// Each of them is refused.
void refused(const std::string& keyword, const std::vector<std::string>& arguments) {
  for (const std::string& text : arguments) {
    INFO(keyword << ":" << text);
    CHECK_FALSE(refusal({{keyword, text}}).empty());
  }
}

/// An IPv4 UDP packet with these option bytes, padded with zeros.
Bytes with_options(Bytes options) {
  options.resize((options.size() + 3) / 4 * 4);
  auto packet = v4().udp(1, 2).payload("x").ip_options(options.size());
  Bytes frame = packet.bytes();
  std::ranges::copy(options, frame.begin() + static_cast<std::ptrdiff_t>(packet.l3_offset() + 20));
  return frame;
}

/// The same bytes with one bit wrong at `offset`.
Bytes bent(Bytes frame, std::size_t offset) {
  frame[offset] ^= 0x10;
  return frame;
}

}  // namespace

TEST_CASE("ttl compares TTL and hop limit") {
  CHECK(holds({{"ttl", "64"}}, v4().udp(1, 2).ttl(64)));
  CHECK(holds({{"ttl", "<2"}}, v6().udp(1, 2).ttl(1)));
  CHECK_FALSE(holds({{"ttl", "!1"}}, v6().udp(1, 2).ttl(1)));
  CHECK(holds({{"ttl", "63-65"}}, v4().udp(1, 2).ttl(64)));
  CHECK_FALSE(holds({{"ttl", "64-255"}}, v4().udp(1, 2).ttl(64)));
  refused("ttl", {"256", "-1", "", "5-", ">255", "x"});
}

TEST_CASE("tos compares the byte of IPv4 alone") {
  CHECK(holds({{"tos", "8"}}, v4().udp(1, 2).tos(8)));
  CHECK(holds({{"tos", "x12"}}, v4().udp(1, 2).tos(0x12)));
  CHECK(holds({{"tos", "!x12"}}, v4().udp(1, 2).tos(8)));
  CHECK_FALSE(holds({{"tos", "! 8"}}, v4().udp(1, 2).tos(8)));
  CHECK(holds({{"tos", "!\"8\""}}, v4().udp(1, 2).tos(9)));
  CHECK_FALSE(holds({{"tos", "!8"}}, v6().udp(1, 2).tos(0)));
  refused("tos", {"256", "0x12", "xfff", ">5", "", "!"});
}

TEST_CASE("id compares the identification of IPv4") {
  CHECK(holds({{"id", "513"}}, v4().udp(1, 2).id(513)));
  CHECK_FALSE(holds({{"id", "513"}}, v4().udp(1, 2).id(514)));
  CHECK_FALSE(holds({{"id", "1"}}, v6().udp(1, 2).atomic_fragment().id(1)));
  refused("id", {"65536", "!1", "<5", "", "-1"});
}

TEST_CASE("sameip wants one address at both ends") {
  CHECK(holds({{"sameip", ""}}, support::Packet().ip("10.0.0.1", "10.0.0.1").udp(1, 2)));
  CHECK_FALSE(holds({{"sameip", ""}}, v4().udp(1, 2)));
}

TEST_CASE("ipopts finds each option wherever it stands in the list") {
  CHECK(holds({{"ipopts", "rr"}}, with_options({7, 7, 4, 0, 0, 0, 0})));
  CHECK(holds({{"ipopts", "ts"}}, with_options({7, 7, 4, 0, 0, 0, 0, 68, 8, 5, 0, 0, 0, 0, 0})));
  CHECK(holds({{"ipopts", "ESEC"}}, with_options({1, 133, 3, 0})));
  CHECK(holds({{"ipopts", "eol"}}, with_options({1, 1, 0})));
  CHECK(holds({{"ipopts", "nop"}}, with_options({1, 1, 1, 1})));
  CHECK_FALSE(holds({{"ipopts", "eol"}}, with_options({1, 1, 1, 1})));
  CHECK_FALSE(holds({{"ipopts", "nop"}}, v4().udp(1, 2)));
  CHECK_FALSE(holds({{"ipopts", "lsrr"}}, with_options({0, 131, 3, 4})));  // behind the end of the list
}

TEST_CASE("ipopts ends at the first option whose length is a lie") {
  CHECK_FALSE(holds({{"ipopts", "rr"}}, with_options({7, 9, 4, 0})));
  CHECK_FALSE(holds({{"ipopts", "sec"}}, with_options({7, 0, 130, 2})));
  CHECK_FALSE(holds({{"ipopts", "sec"}}, with_options({7, 1, 130, 2})));
  CHECK_FALSE(holds({{"ipopts", "rr"}}, with_options({1, 1, 1, 7})));
  refused("ipopts", {"any", "lsrre", "!rr", "rr,nop", ""});
}

TEST_CASE("fragbits tells exactly, more than, one of and not all of") {
  const auto bits = [](std::uint16_t value) {
    return v4().udp(1, 2).payload("12345678").fragment_bits(value).bytes();
  };
  CHECK(holds({{"fragbits", "D"}}, bits(0x4000)));
  CHECK_FALSE(holds({{"fragbits", "D"}}, bits(0x6000)));
  CHECK(holds({{"fragbits", "+D"}}, bits(0x6000)));
  CHECK_FALSE(holds({{"fragbits", "+D"}}, bits(0x4000)));  // the reference wants another one
  CHECK(holds({{"fragbits", "*MD"}}, bits(0x2001)));
  CHECK(holds({{"fragbits", "!MD"}}, bits(0x4000)));
  CHECK_FALSE(holds({{"fragbits", "!M"}}, bits(0x2000)));
  CHECK(holds({{"fragbits", "R"}}, bits(0x8000)));
  CHECK_FALSE(holds({{"fragbits", "!M"}}, v6().udp(1, 2)));
  refused("fragbits", {"", "+", "m", "X", "++M"});
}

TEST_CASE("what follows the bits of fragbits or the number of fragoffset is not read") {
  const auto bits = [](std::uint16_t value) {
    return v4().udp(1, 2).payload("12345678").fragment_bits(value).bytes();
  };
  for (const char* text : {"M+", "M,D", "M D", "M!"}) {
    INFO(text);
    CHECK(holds({{"fragbits", text}}, bits(0x2000)));
    CHECK_FALSE(holds({{"fragbits", text}}, bits(0x6000)));
  }
  const Bytes part = v4().udp(1, 2).payload(std::string(64, 'a')).fragment(16, 24);
  CHECK(holds({{"fragoffset", "2<>5"}}, part));
  CHECK_FALSE(holds({{"fragoffset", "1-5"}}, part));
  CHECK_FALSE(holds({{"fragoffset", "0x2"}}, part));
}

TEST_CASE("fragoffset counts 8 bytes in IPv4, and bytes behind a fragment header of IPv6") {
  const Bytes part = v4().udp(1, 2).payload(std::string(64, 'a')).fragment(16, 24);
  CHECK(holds({{"fragoffset", "2"}}, part));
  CHECK(holds({{"fragoffset", ">1"}}, part));
  CHECK_FALSE(holds({{"fragoffset", "<2"}}, part));
  const Bytes part6 = v6().udp(1, 2).payload(std::string(64, 'a')).fragment(16, 24);
  CHECK(holds({{"fragoffset", "16"}}, part6));
  CHECK(holds({{"fragoffset", "0"}}, v6().hop_by_hop().atomic_fragment().udp(1, 2)));
  CHECK_FALSE(holds({{"fragoffset", "0"}}, v6().hop_by_hop().udp(1, 2)));
  CHECK(holds({{"fragoffset", "0"}}, v4().udp(1, 2)));
  refused("fragoffset", {"", ">", "!0", "65536", ">=5"});
}

TEST_CASE("flags compares all eight bits unless some are left out") {
  CHECK(holds({{"flags", "S"}}, tcp(kSyn)));
  CHECK_FALSE(holds({{"flags", "S"}}, tcp(kSyn | kAck)));
  CHECK_FALSE(holds({{"flags", "S"}}, tcp(kSyn | 0x80)));
  CHECK(holds({{"flags", "S,12"}}, tcp(kSyn | 0x80 | 0x40)));
  CHECK(holds({{"tcp.flags", "S,CE"}}, tcp(kSyn | 0x40)));
  CHECK(holds({{"flags", "+S"}}, tcp(kSyn | kAck)));
  CHECK(holds({{"flags", "SA+"}}, tcp(kSyn | kAck | kPsh)));
  CHECK(holds({{"flags", "*AP"}}, tcp(kPsh)));
  CHECK_FALSE(holds({{"flags", "*AP"}}, tcp(kSyn)));
  CHECK(holds({{"flags", "0"}}, tcp(0)));
  CHECK_FALSE(holds({{"flags", "0"}}, tcp(kAck)));
  CHECK(holds({{"flags", "!0"}}, tcp(kAck)));
  CHECK_FALSE(holds({{"flags", "!0"}}, v4().udp(1, 2)));
}

TEST_CASE("negated flags hold for segments with a flag of the same group") {
  CHECK(holds({{"flags", "!S"}}, tcp(kFin)));
  CHECK_FALSE(holds({{"flags", "!S"}}, tcp(kAck)));
  CHECK_FALSE(holds({{"flags", "!S"}}, tcp(kSyn)));
  CHECK(holds({{"flags", "!A"}}, tcp(kSyn)));
  CHECK(holds({{"flags", "!A"}}, tcp(kRst)));
}

TEST_CASE("one of several flags with S among them wants a SYN") {
  CHECK(holds({{"flags", "*SA"}}, tcp(kSyn)));
  CHECK_FALSE(holds({{"flags", "*SA"}}, tcp(kFin | kAck)));
  CHECK(holds({{"flags", "*FA"}}, tcp(kFin)));
}

TEST_CASE("a 0 among the flags takes back those before it") {
  CHECK(holds({{"flags", "S0"}}, tcp(0)));
  CHECK_FALSE(holds({{"flags", "S0"}}, tcp(kSyn)));
  CHECK(holds({{"flags", "0S"}}, tcp(kSyn)));
}

TEST_CASE("flags refuses what names no flag") {
  refused("flags", {"", "+", "*", "s", "X", "++S", "+S+", "S,", "S,0", "S,12,3", "\"S\""});
}

TEST_CASE("seq and ack compare the numbers of TCP") {
  CHECK(holds({{"seq", "4294967295"}}, tcp().seq(0xffff'ffff)));
  CHECK(holds({{"tcp.ack", "7"}}, tcp().ack(7)));
  CHECK_FALSE(holds({{"tcp.seq", "0"}}, v4().udp(1, 2)));
  refused("seq", {"4294967296", "-1", ">1", "!1", ""});
  refused("ack", {"4294967296", "x"});
}

TEST_CASE("window compares what the header says") {
  CHECK(holds({{"window", "512"}}, tcp().window(512)));
  CHECK(holds({{"tcp.window", "! 512"}}, tcp().window(513)));
  CHECK_FALSE(holds({{"window", "!512"}}, v4().udp(1, 2)));
  refused("window", {"65536", ">5", "!", ""});
}

TEST_CASE("tcp.mss and tcp.wscale compare the first option of their kind") {
  CHECK(holds({{"tcp.mss", "<536"}}, tcp(kSyn).tcp_option(2, {1, 0})));
  CHECK(holds({{"tcp.mss", "1"}}, tcp(kSyn).raw_tcp_options({2, 4, 0, 1, 2, 4, 0, 2})));
  CHECK_FALSE(holds({{"tcp.mss", "2"}}, tcp(kSyn).raw_tcp_options({2, 4, 0, 1, 2, 4, 0, 2})));
  CHECK(holds({{"tcp.mss", "0"}}, tcp(kSyn).tcp_option(2, {0, 0})));
  CHECK_FALSE(holds({{"tcp.mss", "0"}}, tcp(kSyn)));
  CHECK_FALSE(holds({{"tcp.mss", "!9"}}, tcp(kSyn).raw_tcp_options({2, 3, 5, 0})));
  CHECK_FALSE(holds({{"tcp.mss", "!9"}}, tcp(kSyn).raw_tcp_options({1, 1, 1, 2})));
  CHECK(holds({{"tcp.wscale", "7"}}, tcp(kSyn).tcp_option(3, {7})));
  refused("tcp.mss", {"65536", "", "5-", "9<>8", "64kb", "kb", "1 k"});
  refused("tcp.wscale", {"256", ""});
}

TEST_CASE("numbers of a condition may be of kb, mb or gb") {
  CHECK(holds({{"tcp.mss", "1kb"}}, tcp(kSyn).tcp_option(2, {4, 0})));
  CHECK(holds({{"tcp.mss", "1KB<>2Kb"}}, tcp(kSyn).tcp_option(2, {4, 1})));
  CHECK_FALSE(holds({{"tcp.mss", "<1kb"}}, tcp(kSyn).tcp_option(2, {4, 0})));
  CHECK(refusal({{"icmpv6.mtu", "<1gb"}}).empty());
  refused("icmpv6.mtu", {"4gb", "9223372036854775807gb", "-1kb"});
}

TEST_CASE("l3_proto narrows the versions of the header") {
  Draft four, six, none;
  REQUIRE(read({{"l3_proto", "ipv4"}}, four) == "");
  CHECK((four.rule.header.protocols.v4 && !four.rule.header.protocols.v6));
  REQUIRE(read({{"l3_proto", "IP6"}}, six) == "");
  CHECK((!six.rule.header.protocols.v4 && six.rule.header.protocols.v6));
  CHECK(read({{"l3_proto", "ipv4"}, {"l3_proto", "ipv6"}}, none).find("another version") !=
        std::string::npos);
  refused("l3_proto", {"", "4", "ip", "\"ipv4\""});
}

TEST_CASE("ip_proto narrows the header's protocols") {
  const auto protocols = [](const Options& options) {
    Draft draft;
    draft.rule.header.protocols.numbers.set();
    REQUIRE(read(options, draft) == "");
    CHECK(draft.rule.packet.empty());
    CHECK(draft.rule.by_ip_proto);
    return draft.rule.header.protocols.numbers;
  };
  CHECK(protocols({{"ip_proto", "6"}}) == std::bitset<256>().set(6));
  CHECK(protocols({{"ip_proto", "UDP"}}) == std::bitset<256>().set(17));
  CHECK(protocols({{"ip_proto", "! icmp"}}) == std::bitset<256>().set().reset(1));
  CHECK(protocols({{"ip_proto", ">5"}, {"ip_proto", "<8"}, {"ip_proto", "!7"}}) == std::bitset<256>().set(6));
  CHECK(protocols({{"ip_proto", "0"}}).count() == 1);
}

TEST_CASE("ip_proto refuses what leaves nothing, and rules that name a protocol already") {
  const auto said = [](const Options& options) {
    Draft draft;
    draft.rule.header.protocols.numbers.set();
    return read(options, draft);
  };
  for (const char* text : {"256", "nonsense", "", "!", "<0", ">255", ">=6", "-1"})
    CHECK_FALSE(said({{"ip_proto", text}}).empty());
  CHECK_FALSE(said({{"ip_proto", "6"}, {"ip_proto", "17"}}).empty());
  CHECK_FALSE(said({{"ip_proto", "<5"}, {"ip_proto", ">10"}}).empty());
  CHECK_FALSE(refusal({{"ip_proto", "6"}}).empty());
}

TEST_CASE("icmp_id and icmp_seq look at the types that have them") {
  const auto echo = [](support::Packet packet, std::uint8_t type) {
    const auto l4 = packet.icmp(type, 0).l4_offset();
    Bytes frame = packet.payload("ping").bytes();
    const Bytes word{0, 5, 0, 6};
    std::ranges::copy(word, frame.begin() + static_cast<std::ptrdiff_t>(l4 + 4));
    return frame;
  };
  for (const int type : {0, 8, 13, 14, 15, 16, 17, 18})
    CHECK(holds({{"icmp_id", "5"}, {"icmp_seq", "6"}}, echo(v4(), static_cast<std::uint8_t>(type))));
  for (const int type : {3, 5, 11, 30})
    CHECK_FALSE(holds({{"icmp_id", "5"}}, echo(v4(), static_cast<std::uint8_t>(type))));
  CHECK(holds({{"icmp_id", "5"}}, echo(v6(), 128)));
  CHECK_FALSE(holds({{"icmp_seq", "6"}}, echo(v6(), 8)));
  CHECK(holds({{"icmpv6.mtu", "<1280"}}, echo(v6(), 2)) == false);
  CHECK(holds({{"icmpv6.mtu", "327686"}}, echo(v6(), 2)));
  CHECK_FALSE(holds({{"icmpv6.mtu", "327686"}}, echo(v4(), 2)));
  refused("icmp_id", {"65536", "!1", ">1", ""});
  refused("icmp_seq", {"65536", "x"});
  refused("icmpv6.mtu", {"4294967296", ""});
}

TEST_CASE("stream_size compares either end, both, or one of them") {
  const Bytes frame = tcp().bytes();
  const signature::StreamSizes sizes{10, 20};
  const auto size = [&](const char* text) { return holds({{"stream_size", text}}, frame, &sizes); };
  CHECK(size("client,=,10"));
  CHECK(size("server, >= ,20"));
  CHECK_FALSE(size("server,<,20"));
  CHECK(size("both,>,9"));
  CHECK_FALSE(size("both,>,10"));
  CHECK(size("either,>,10"));
  CHECK(size("either,!=,10"));
  CHECK(size("server,!,10"));
  CHECK_FALSE(size("client,!,10"));
  CHECK(size("client,<=,10"));
  CHECK_FALSE(holds({{"stream_size", "client,>=,0"}}, frame));
  refused("stream_size", {"", "client", "client,>", "any,>,5", "SERVER,>,5", "server,==,6", "server,<>,5",
                          "server,>,5,6", "server,>,4294967296", "server,>,-1"});
}

TEST_CASE("checksum keywords tell right from wrong for each protocol") {
  struct Row {
    const char* keyword;
    support::Packet packet;
  };
  const std::vector<Row> rows{{"tcpv4-csum", tcp().payload("odd")},
                              {"tcpv6-csum", v6().tcp(1, 2).payload("odd")},
                              {"udpv4-csum", v4().udp(1, 2).payload("odd")},
                              {"udpv6-csum", v6().hop_by_hop().udp(1, 2).payload("odd")},
                              {"icmpv4-csum", v4().icmp(8, 0).payload("odd")},
                              {"icmpv6-csum", v6().icmp(128, 0).payload("odd")}};
  for (const Row& row : rows) {
    INFO(row.keyword);
    const Bytes frame = row.packet.bytes();
    CHECK(holds({{row.keyword, "valid"}}, frame));
    CHECK_FALSE(holds({{row.keyword, "invalid"}}, frame));
    CHECK(holds({{row.keyword, "Invalid"}}, bent(frame, frame.size() - 1)));
    CHECK_FALSE(holds({{row.keyword, "valid"}}, bent(frame, frame.size() - 1)));
    refused(row.keyword, {"", "1", "\"valid\"", "yes"});
    for (const Row& other : rows)
      if (other.keyword != row.keyword) CHECK_FALSE(holds({{row.keyword, "valid"}}, other.packet));
  }
}

TEST_CASE("a checksum that is not there, or does not cover what was captured, is neither") {
  const auto either = [](const char* keyword, const Bytes& frame) {
    return holds({{keyword, "valid"}}, frame) || holds({{keyword, "invalid"}}, frame);
  };
  CHECK_FALSE(either("udpv4-csum", v4().udp(1, 2).no_udp_checksum().bytes()));
  CHECK(holds({{"udpv6-csum", "invalid"}}, v6().udp(1, 2).no_udp_checksum()));
  Bytes cut = tcp().payload("some payload").bytes();
  cut.pop_back();
  CHECK_FALSE(either("tcpv4-csum", cut));
  CHECK(holds({{"tcpv4-csum", "valid"}}, tcp().payload("x").pad_to(90)));
  CHECK_FALSE(either("udpv4-csum", v4().udp(1, 2).payload(std::string(64, 'a')).fragment(0, 24)));
}

TEST_CASE("ipv4-csum covers the header with its options") {
  const Bytes frame = v4().ip_options(8).udp(1, 2).bytes();
  CHECK(holds({{"ipv4-csum", "valid"}}, frame));
  CHECK(holds({{"ipv4-csum", "invalid"}}, bent(frame, v4().udp(1, 2).l3_offset() + 1)));
  CHECK_FALSE(holds({{"ipv4-csum", "invalid"}}, v6().udp(1, 2)));
}

TEST_CASE("header buffers are the headers with all that belongs to them") {
  using signature::Buffer;
  const auto size = [](Buffer buffer, const Bytes& frame) {
    return keywords::header_bytes(buffer, Decoded(frame).view()).size();
  };
  CHECK(size(Buffer::ipv4_header, v4().ip_options(8).udp(1, 2).bytes()) == 28);
  CHECK(size(Buffer::ipv4_header, v6().udp(1, 2).bytes()) == 0);
  CHECK(size(Buffer::ipv6_header, v6().udp(1, 2).bytes()) == 40);
  CHECK(size(Buffer::ipv6_header, v6().hop_by_hop().routing().atomic_fragment().udp(1, 2).bytes()) == 64);
  CHECK(size(Buffer::ipv6_header,
             v6().hop_by_hop().udp(1, 2).payload(std::string(64, 'a')).fragment(0, 24)) == 48);
  CHECK(size(Buffer::tcp_header, tcp(kSyn).tcp_option(2, {1, 0}).payload("x").bytes()) == 24);
  CHECK(size(Buffer::tcp_header, v4().udp(1, 2).bytes()) == 0);
  CHECK(size(Buffer::udp_header, v6().udp(1, 2).payload("x").bytes()) == 8);
  CHECK(size(Buffer::icmpv4_header, v4().icmp(8, 0).payload("x").bytes()) == 8);
  CHECK(size(Buffer::icmpv6_header, v6().icmp(128, 0).payload("x").bytes()) == 8);
  CHECK(size(Buffer::icmpv6_header, v4().icmp(8, 0).payload("x").bytes()) == 0);
}

TEST_CASE("the times of an ICMP timestamp belong to its header when all are there") {
  using signature::Buffer;
  const auto whole = Decoded(v4().icmp(13, 0).payload(std::string(15, 't')).bytes());
  CHECK(keywords::header_bytes(Buffer::icmpv4_header, whole.view()).size() == 20);
  CHECK(whole.meta.payload_stated == 3);
  const auto cut = Decoded(v4().icmp(13, 0).payload(std::string(11, 't')).bytes());
  CHECK(keywords::header_bytes(Buffer::icmpv4_header, cut.view()).size() == 8);
  CHECK(cut.meta.payload_stated == 11);
}

TEST_CASE("tests on a header buffer see nothing but the header") {
  const auto syn = tcp(kSyn).tcp_option(2, {1, 0}).payload("payload");
  CHECK(holds({{"tcp.hdr", ""}, {"content", "\"|02 04|\""}, {"offset", "20"}}, syn));
  CHECK_FALSE(holds({{"tcp.hdr", ""}, {"content", "\"payload\""}}, syn));
  CHECK(holds({{"tcp.hdr", ""}, {"content", "!\"payload\""}}, syn));
  CHECK_FALSE(holds({{"tcp.hdr", ""}, {"content", "!\"payload\""}}, v4().udp(1, 2)));
  CHECK(holds({{"tcp.hdr", ""}, {"isdataat", "!24"}}, syn));
  CHECK(holds({{"ipv4.hdr", ""},
               {"content", "\"|45|\""},
               {"startswith", ""},
               {"tcp.hdr", ""},
               {"content", "\"|00 50|\""}},
              syn));
}

TEST_CASE("a buffer named again goes on with its tests, and content stays with its own buffer") {
  Draft draft;
  REQUIRE(read({{"content", "\"a\""},
                {"tcp.hdr", ""},
                {"content", "\"b\""},
                {"ipv4.hdr", ""},
                {"content", "\"c\""},
                {"tcp.hdr", ""},
                {"content", "\"d\""},
                {"distance", "0"}},
               draft) == "");
  CHECK(draft.rule.payload.size() == 1);
  REQUIRE(draft.rule.headers.size() == 2);
  CHECK(draft.rule.headers[0].tests.size() == 2);
  CHECK(draft.rule.headers[1].tests.size() == 1);
  CHECK(draft.rule.headers[0].tests[1]->traits().relative);
  CHECK_FALSE(read({{"udp.hdr", ""}, {"nocase", ""}}, draft).empty());
}

TEST_CASE("keywords of the reference that cannot be had are refused each for its own reason") {
  for (const char* name :
       {"geoip", "iprep", "decode-event", "stream-event", "engine-event", "app-layer-event"}) {
    INFO(name);
    const auto* row = keywords::find_unsupported(name);
    REQUIRE(row != nullptr);
    CHECK_FALSE(row->reason.empty());
    CHECK(keywords::find(name) == nullptr);
  }
  CHECK(keywords::find_unsupported("GeoIP") != nullptr);
  CHECK(keywords::find_unsupported("content") == nullptr);
}
