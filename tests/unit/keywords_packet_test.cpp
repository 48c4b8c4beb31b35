#include "keywords/validate.h"
#include "support/catch.h"
#include "support/draft.h"

using namespace mirrorscan;
using keywords::Draft;
using testing::Options;
using testing::read;
using testing::refusal;
using testing::says;

namespace {

/// The numbers from 0 to 40 that the condition accepts.
std::vector<std::uint32_t> accepted_sizes(const std::string& condition) {
  Draft draft;
  REQUIRE(read({{"dsize", condition}}, draft).empty());
  const packet::Meta meta;
  std::vector<std::uint32_t> out;
  for (std::uint32_t size = 0; size <= 40; ++size) {
    if (draft.rule.packet[0]->match({meta, {}, size})) out.push_back(size);
  }
  return out;
}

bool matches_icmp(const Options& options, packet::Transport transport, std::uint8_t type, std::uint8_t code) {
  Draft draft;
  REQUIRE(read(options, draft).empty());
  packet::Meta meta;
  meta.transport = transport;
  meta.icmp_type = type;
  meta.icmp_code = code;
  for (const auto& test : draft.rule.packet) {
    if (!test->match({meta, {}, 0})) return false;
  }
  return true;
}

using Sizes = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("the keyword of a header without a test behind it is refused") {
  for (const Options& options : {Options{{"tcp.hdr", ""}}, Options{{"content", "\"a\""}, {"udp.hdr", ""}}}) {
    Draft draft;
    REQUIRE(read(options, draft) == "");
    const Status status = keywords::validate(draft);
    REQUIRE_FALSE(status.ok());
    CHECK(says(status.error().text(), "no test stands behind"));
  }
}

TEST_CASE("dsize compares the payload's length") {
  CHECK(accepted_sizes("10") == Sizes{10});
  CHECK(accepted_sizes("=10") == Sizes{10});
  CHECK(accepted_sizes("0x0a") == Sizes{10});
  CHECK(accepted_sizes("<3") == Sizes{0, 1, 2});
  CHECK(accepted_sizes("<=2") == Sizes{0, 1, 2});
  CHECK(accepted_sizes("> 38") == Sizes{39, 40});
  CHECK(accepted_sizes(">=39") == Sizes{39, 40});
  CHECK(accepted_sizes("!7").size() == 39);
}

TEST_CASE("a range leaves out both of its ends") {
  CHECK(accepted_sizes("8<>12") == Sizes{9, 10, 11});
  CHECK(accepted_sizes("8-12") == Sizes{9, 10, 11});
  CHECK(accepted_sizes("8 <> 10") == Sizes{9});
  CHECK(accepted_sizes("!1<>40") == Sizes{1, 40});
}

TEST_CASE("conditions on numbers that nothing meets, or that are none, are refused") {
  CHECK(says(refusal({{"dsize", "<0"}}), "no value"));
  CHECK(says(refusal({{"dsize", ">65535"}}), "no value"));
  CHECK(says(refusal({{"dsize", "65536"}}), "no value"));
  CHECK(says(refusal({{"dsize", "8<>9"}}), "no value"));
  CHECK(says(refusal({{"dsize", "9<>8"}}), "no value"));
  CHECK(says(refusal({{"dsize", "-1"}}), "not a condition"));
  CHECK(says(refusal({{"dsize", "x"}}), "not a condition"));
  CHECK(says(refusal({{"dsize", ""}}), "not a condition"));
  CHECK(says(refusal({{"dsize", "<>5"}}), "not a condition"));
  CHECK(says(refusal({{"dsize", "1"}, {"dsize", "1"}}), "given twice"));
  CHECK(says(refusal({{"itype", "256"}}), "no value"));
}

TEST_CASE("itype and icode test the ICMP header of both families") {
  using packet::Transport;
  CHECK(matches_icmp({{"itype", "8"}}, Transport::icmp, 8, 0));
  CHECK_FALSE(matches_icmp({{"itype", "8"}}, Transport::icmp, 0, 0));
  CHECK(matches_icmp({{"itype", "7<>20"}}, Transport::icmp, 8, 0));
  CHECK_FALSE(matches_icmp({{"itype", "7<>20"}}, Transport::icmp, 7, 0));
  CHECK_FALSE(matches_icmp({{"itype", "7<>20"}}, Transport::icmp, 20, 0));
  CHECK(matches_icmp({{"itype", "4"}, {"icode", "0"}}, Transport::icmpv6, 4, 0));
  CHECK_FALSE(matches_icmp({{"itype", "4"}, {"icode", "0"}}, Transport::icmpv6, 4, 1));
}

TEST_CASE("itype matches no packet that is not ICMP") {
  CHECK_FALSE(matches_icmp({{"itype", "0"}}, packet::Transport::udp, 0, 0));
  CHECK_FALSE(matches_icmp({{"itype", "0"}}, packet::Transport::none, 0, 0));
  CHECK_FALSE(matches_icmp({{"icode", "!1"}}, packet::Transport::tcp, 0, 0));
}

TEST_CASE("flow's words fill the condition") {
  using namespace signature;
  Draft draft;
  CHECK_FALSE(draft.rule.flow.present);
  REQUIRE(read({{"flow", "to_server, established ,only_stream,no_frag"}}, draft).empty());
  CHECK(draft.rule.flow.present);
  CHECK(draft.rule.flow.direction == Wanted::to_server);
  CHECK(draft.rule.flow.established == Established::yes);
  CHECK(draft.rule.flow.stream == StreamMatch::only_stream);
  CHECK(draft.rule.flow.fragments == Fragments::no_frag);
}

TEST_CASE("from_client is to_server, from_server is to_client, and stateless asks for no state") {
  using namespace signature;
  Draft a, b, c;
  REQUIRE(read({{"flow", "from_client,not_established,no_stream,only_frag"}}, a).empty());
  CHECK(a.rule.flow.direction == Wanted::to_server);
  CHECK(a.rule.flow.established == Established::no);
  CHECK(a.rule.flow.stream == StreamMatch::no_stream);
  CHECK(a.rule.flow.fragments == Fragments::only_frag);
  REQUIRE(read({{"flow", "from_server"}}, b).empty());
  CHECK(b.rule.flow.direction == Wanted::to_client);
  REQUIRE(read({{"flow", "Stateless"}}, c).empty());
  CHECK(c.rule.flow.present);
  CHECK(c.rule.flow.established == Established::any);
}

TEST_CASE("packets of no flow meet a direction, or no_stream with what it leaves open") {
  const auto needs_flow = [](const char* words) {
    Draft draft;
    REQUIRE(read({{"flow", words}}, draft).empty());
    return draft.rule.flow.needs_flow;
  };
  for (const char* words : {"to_server", "no_stream", "no_stream,stateless", "not_established,no_stream",
                            "no_stream,no_frag", "no_stream,only_frag"}) {
    INFO(words);
    CHECK_FALSE(needs_flow(words));
  }
  for (const char* words : {"to_server,no_stream", "established,no_stream", "stateless", "no_frag",
                            "to_server,not_established"}) {
    INFO(words);
    CHECK(needs_flow(words));
  }
}

TEST_CASE("flow refuses words that contradict each other or are not known") {
  CHECK(says(refusal({{"flow", "to_server,to_client"}}), "'to_client' after 'to_server'"));
  CHECK(says(refusal({{"flow", "to_server,from_client"}}), "after"));
  CHECK(says(refusal({{"flow", "established,stateless"}}), "after"));
  CHECK(says(refusal({{"flow", "established,not_established"}}), "after"));
  CHECK(says(refusal({{"flow", "only_stream,no_stream"}}), "after"));
  CHECK(says(refusal({{"flow", "no_frag,only_frag"}}), "after"));
  CHECK(says(refusal({{"flow", "to_server,"}}), "not known"));
  CHECK(says(refusal({{"flow", "sideways"}}), "'sideways' is not known"));
  CHECK(says(refusal({{"flow", "to_server"}, {"flow", "established"}}), "given twice"));
}

TEST_CASE("a rule whose contents need more bytes than dsize allows is refused as a whole") {
  const auto verdict = [](const Options& options) {
    Draft draft;
    REQUIRE(read(options, draft).empty());
    const Status status = keywords::validate(draft);
    return status ? std::string() : status.error().text();
  };
  const Options boom = {{"content", "\"boom\""}, {"content", "\"loom\""}};
  const auto with = [&](const std::string& dsize, const std::string& distance) {
    Options out = boom;
    out.emplace_back("distance", distance);
    out.emplace_back("dsize", dsize);
    return verdict(out);
  };
  CHECK(says(with("10", "10"), "need 18 bytes but dsize allows 10"));
  CHECK(says(with("6", "3"), "need 11 bytes"));
  CHECK(with("10", "2").empty());
  CHECK(says(with("<10", "2"), "dsize allows 9"));
  CHECK(with("10", "-10").empty());
  CHECK(with("10", "-15").empty());
  CHECK(with(">4", "10").empty());
  CHECK(says(verdict({{"content", "\"abc\""}, {"offset", "8"}, {"dsize", "10"}}), "need 11 bytes"));
  CHECK(verdict({{"content", "!\"abc\""}, {"offset", "8"}, {"dsize", "10"}}).empty());
}
