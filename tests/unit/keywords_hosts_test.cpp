#include "support/catch.h"
#include "support/draft.h"

using namespace mirrorscan;
using keywords::Draft;
using signature::BitCommand;
using signature::BitKeyword;
using signature::BitTrack;
using signature::HostBit;
using signature::Threshold;
using signature::ThresholdKind;
using signature::ThresholdTrack;
using testing::Options;
using testing::read;
using testing::refusal;
using testing::says;

namespace {

Threshold threshold(const std::string& keyword, const std::string& args) {
  Draft draft;
  REQUIRE(read({{keyword, args}}, draft).empty());
  REQUIRE(draft.rule.host.threshold.has_value());
  return *draft.rule.host.threshold;
}

HostBit bit(const std::string& keyword, const std::string& args) {
  Draft draft;
  REQUIRE(read({{keyword, args}}, draft).empty());
  const auto& host = draft.rule.host;
  REQUIRE(host.conditions.size() + host.effects.size() == 1);
  return host.conditions.empty() ? host.effects[0] : host.conditions[0];
}

}  // namespace

TEST_CASE("threshold reads its four parts in any order and spacing") {
  for (const char* text :
       {"type limit, track by_src, count 5, seconds 60", "type limit,track by_src,count 5,seconds 60",
        "count 5, seconds 60, track by_src, type limit",
        " type  limit , track by_src , count 5 , seconds 60 ,"}) {
    const Threshold t = threshold("threshold", text);
    CHECK(t.kind == ThresholdKind::limit);
    CHECK(t.track == ThresholdTrack::by_src);
    CHECK(t.count == 5);
    CHECK(t.seconds == 60);
  }
  CHECK(threshold("threshold", "type threshold, track by_dst, count 1, seconds 0").kind ==
        ThresholdKind::threshold);
  CHECK(threshold("threshold", "type both, track by_both, count 0, seconds 4294967295").seconds ==
        4294967295);
  CHECK(threshold("threshold", "type both, track by_rule, count 1, seconds 1").track ==
        ThresholdTrack::by_rule);
  CHECK(threshold("threshold", "type both, track by_flow, count 1, seconds 1").track ==
        ThresholdTrack::by_flow);
}

TEST_CASE("threshold refuses what is missing, twice, unknown or out of range") {
  const auto with = [](const std::string& args) { return refusal({{"threshold", args}}); };
  CHECK(says(with("type limit, track by_src, count 1"), "seconds is missing"));
  CHECK(says(with("track by_src, count 1, seconds 1"), "type is missing"));
  CHECK(says(with("type limit, type both, track by_src, count 1, seconds 1"), "twice"));
  CHECK(says(with("type Limit, track by_src, count 1, seconds 1"), "type 'Limit' is not known"));
  CHECK(says(with("type backoff, track by_flow, count 1, multiplier 10"), "multiplier"));
  CHECK(says(with("type limit, track by_host, count 1, seconds 1"), "by_host"));
  CHECK(says(with("type limit, track by_src, count -1, seconds 1"), "out of range"));
  CHECK(says(with("type limit, track by_src, count 4294967296, seconds 1"), "out of range"));
  CHECK(says(with("type limit track by_src count 1 seconds 1"), "missing"));
  CHECK_FALSE(with("").empty());
  CHECK_FALSE(with(",,,").empty());
}

TEST_CASE("detection_filter reads its three parts in any order") {
  for (const char* text : {"track by_dst, count 5, seconds 60", "seconds 60,track by_dst,count 5"}) {
    const Threshold t = threshold("detection_filter", text);
    CHECK(t.kind == ThresholdKind::detection_filter);
    CHECK(t.track == ThresholdTrack::by_dst);
    CHECK(t.count == 5);
    CHECK(t.seconds == 60);
  }
  CHECK(says(refusal({{"detection_filter", "track by_src, count 0, seconds 60"}}), "out of range"));
  CHECK(says(refusal({{"detection_filter", "track by_src, count 1, seconds 0"}}), "out of range"));
  CHECK(says(refusal({{"detection_filter", "type limit, track by_src, count 1, seconds 1"}}), "'type'"));
  CHECK(says(refusal({{"detection_filter", "track by_src, count 1"}}), "missing"));
}

TEST_CASE("a rule has one threshold or detection_filter") {
  const std::pair<std::string, std::string> limit{"threshold",
                                                  "type limit, track by_src, count 1, seconds 60"};
  const std::pair<std::string, std::string> filter{"detection_filter", "track by_src, count 1, seconds 60"};
  CHECK(says(refusal({limit, filter}), "already"));
  CHECK(says(refusal({filter, limit}), "already"));
  CHECK(says(refusal({limit, limit}), "already"));
  CHECK(says(refusal({filter, filter}), "already"));
}

TEST_CASE("xbits reads command, name, track and expire") {
  const HostBit set = bit("xbits", "set,ET.name,track ip_src,expire 10");
  CHECK(set.keyword == BitKeyword::xbits);
  CHECK(set.command == BitCommand::set);
  CHECK(set.name == "ET.name");
  CHECK(set.track == BitTrack::src);
  CHECK(set.expire_s == 10);
  CHECK(bit("xbits", "isset, a b , track ip_dst").name == "a b");
  CHECK(bit("xbits", "toggle,a,track ip_pair").track == BitTrack::pair);
  CHECK(bit("xbits", "unset,a,track ip_dst").expire_s == 30);
  CHECK(bit("xbits", "isnotset,a,track ip_src").asks());
}

TEST_CASE("a noalert behind the parts of xbits is taken and means nothing") {
  Draft draft;
  REQUIRE(read({{"xbits", "set,a,track ip_src,noalert"}}, draft) == "");
  CHECK_FALSE(draft.rule.noalert);
  REQUIRE(draft.rule.host.effects.size() == 1);
  CHECK(draft.rule.host.effects[0].track == BitTrack::src);
}

TEST_CASE("xbits refuses what it cannot track, and names the commands") {
  const auto with = [](const std::string& args) { return refusal({{"xbits", args}}); };
  CHECK(says(with("set,a"), "track"));
  CHECK(says(with("set,a,track by_src"), "ip_src"));
  CHECK(says(with("set,a,track tx"), "'tx'"));
  CHECK(says(with("SET,a,track ip_src"), "isnotset"));
  CHECK(says(with("set,,track ip_src"), "no name"));
  CHECK(says(with("set,a,track ip_src,expire 0"), "out of range"));
  CHECK(says(with("set,a,track ip_src,expire x"), "not a number"));
  CHECK(says(with("set,a,b,track ip_src"), "'b'"));
  CHECK_FALSE(with("").empty());
}

TEST_CASE("hostbits reads command, name and host, which is the source if not named") {
  const HostBit set = bit("hostbits", " set , name ");
  CHECK(set.keyword == BitKeyword::hostbits);
  CHECK(set.name == "name");
  CHECK(set.track == BitTrack::src);
  CHECK(set.expire_s == 300);
  CHECK(bit("hostbits", "isnotset,name,dst").track == BitTrack::dst);
  CHECK(bit("hostbits", "toggle,name,src").command == BitCommand::toggle);
}

TEST_CASE("hostbits refuses both, other hosts and names with blanks") {
  const auto with = [](const std::string& args) { return refusal({{"hostbits", args}}); };
  CHECK(says(with("set,a,both"), "both"));
  CHECK(says(with("set,a,any"), "src or dst"));
  CHECK(says(with("set,a b"), "blank"));
  CHECK(says(with("set"), "no name"));
  CHECK(says(with("set,a,src,60"), "more than"));
  CHECK(says(with("noalert,a"), "command"));
}

TEST_CASE("xbits and hostbits with noalert keep the rule from telling") {
  for (const char* keyword : {"xbits", "hostbits"}) {
    Draft draft;
    REQUIRE(read({{keyword, "noalert"}}, draft).empty());
    CHECK(draft.rule.noalert);
    CHECK(draft.rule.host.empty());
  }
}

TEST_CASE("conditions and effects of a rule stand apart") {
  Draft draft;
  REQUIRE(
      read({{"xbits", "isset,a,track ip_src"}, {"xbits", "unset,a,track ip_src"}, {"hostbits", "isnotset,b"}},
           draft)
          .empty());
  CHECK(draft.rule.host.conditions.size() == 2);
  CHECK(draft.rule.host.effects.size() == 1);
}
