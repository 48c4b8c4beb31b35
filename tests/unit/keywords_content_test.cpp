#include <random>

#include "support/catch.h"
#include "support/draft.h"
#include "support/draft_checks.h"
#include "support/random_chain.h"

using namespace mirrorscan;
using keywords::Draft;
using testing::evaluate;
using testing::matches;
using testing::Options;
using testing::read;
using testing::refusal;
using testing::says;
using testing::traits_of_last;

namespace {

/// Options after a content of three bytes.
Options abc(Options modifiers) {
  modifiers.insert(modifiers.begin(), {"content", "\"abc\""});
  return modifiers;
}

/// The same after an earlier content, so that relative modifiers have something to refer to.
Options after_x(const Options& modifiers) {
  Options out = abc(modifiers);
  out.insert(out.begin(), {"content", "\"x\""});
  return out;
}

}  // namespace

TEST_CASE("a content is text, escapes and hexadecimal parts") {
  CHECK(traits_of_last({{"content", R"("a|0d 0A|b")"}}).literal == "a\r\nb");
  CHECK(traits_of_last({{"content", R"("|610d62|")"}}).literal == "a\rb");
  CHECK(traits_of_last({{"content", R"("\"\;\:\\ http://")"}}).literal == R"(";:\ http://)");
  CHECK(traits_of_last({{"content", R"("|00|")"}}).literal == std::string(1, '\0'));
  CHECK(traits_of_last({{"content", R"( "x" )"}}).literal == "x");
}

TEST_CASE("a malformed content is refused with what to write") {
  CHECK(says(refusal({{"content", "abc"}}), "quotes"));
  CHECK(says(refusal({{"content", "\""}}), "quotes"));
  CHECK(says(refusal({{"content", R"("")"}}), "no bytes"));
  CHECK(says(refusal({{"content", R"("||")"}}), "no bytes"));
  CHECK(says(refusal({{"content", R"("|0|")"}}), "odd number"));
  CHECK(says(refusal({{"content", R"("|0g|")"}}), "not a hexadecimal digit"));
  CHECK(says(refusal({{"content", R"("a|00")"}}), "closing pipe"));
  CHECK(says(refusal({{"content", R"("a\nb")"}}), "backslash"));
  CHECK(says(refusal({{"content", R"("a"b")"}}), "quote inside"));
  CHECK(says(refusal({{"content", R"("abc\")"}}), "quotes"));
}

TEST_CASE("a content matches anywhere, its negation nowhere") {
  CHECK(matches(abc({}), "xxabcxx"));
  CHECK_FALSE(matches(abc({}), "xxABCxx"));
  CHECK_FALSE(matches(abc({}), "ab"));
  CHECK(matches({{"content", "!\"abc\""}}, "xxab"));
  CHECK(matches({{"content", "!\"abc\""}}, ""));
  CHECK_FALSE(matches({{"content", "! \"abc\""}}, "xabc"));
}

TEST_CASE("nocase folds ASCII letters and nothing else") {
  CHECK(matches(abc({{"nocase", ""}}), "xAbCx"));
  CHECK(matches({{"content", "\"A1-Z\""}, {"nocase", ""}}, "xa1-zx"));
  CHECK_FALSE(matches({{"content", "\"@[\""}, {"nocase", ""}}, "`{"));
  CHECK_FALSE(matches({{"content", "\"|c0|\""}, {"nocase", ""}}, "\xe0"));
}

TEST_CASE("offset and depth bound the whole match, counted from the payload's start") {
  CHECK(matches(abc({{"offset", "2"}}), "xxabc"));
  CHECK_FALSE(matches(abc({{"offset", "3"}}), "xxabc"));
  CHECK(matches(abc({{"depth", "5"}}), "xxabc"));
  CHECK_FALSE(matches(abc({{"depth", "4"}}), "xxabc"));
  CHECK(matches(abc({{"offset", "2"}, {"depth", "3"}}), "xxabc"));
  CHECK_FALSE(matches(abc({{"depth", "3"}, {"offset", "1"}}), "xxabc"));
  CHECK(matches({{"content", "!\"abc\""}, {"offset", "9"}}, "abc"));
}

TEST_CASE("distance and within bound the whole match, counted from the last match's end") {
  CHECK(matches(after_x({{"distance", "1"}, {"within", "3"}}), "x.abc"));
  CHECK_FALSE(matches(after_x({{"distance", "2"}, {"within", "3"}}), "x.abc"));
  CHECK_FALSE(matches(after_x({{"within", "3"}}), "x.abc"));
  CHECK(matches(after_x({{"distance", "-4"}}), "abcx"));
  CHECK_FALSE(matches(after_x({{"distance", "-3"}}), "abcx"));
  CHECK(matches(after_x({{"distance", "-900"}}), "abcx"));
}

TEST_CASE("distance without an earlier match counts from the payload's start") {
  CHECK(matches(abc({{"distance", "2"}, {"within", "3"}}), "..abc"));
  CHECK_FALSE(matches(abc({{"within", "3"}}), ".abc"));
  const auto traits = traits_of_last(abc({{"distance", "2"}, {"within", "3"}}));
  CHECK_FALSE(traits.relative);
  CHECK(traits.from_start);
  CHECK(traits.max_offset_end == 5);
}

TEST_CASE("a later position of the first content is tried when the second one needs it") {
  CHECK(matches({{"content", "\"a\""}, {"content", "\"b\""}, {"within", "1"}}, "a.a.ab"));
  CHECK(matches({{"content", "\"a\""}, {"isdataat", "!1,relative"}}, "aa.a"));
  CHECK_FALSE(matches({{"content", "\"a\""}, {"content", "\"b\""}, {"within", "1"}}, "a.a.a.b"));
}

TEST_CASE("what does not depend on earlier positions is not tried again for each of them") {
  Draft draft;
  REQUIRE(read({{"content", "\"a\""}, {"content", "\"b\""}, {"distance", "0"}, {"content", "\"c\""}},
               draft) == "");
  const auto result = evaluate(draft, std::string(1'000, 'a') + "b", true, true, nullptr, 100);
  CHECK_FALSE(result.matched);
  CHECK_FALSE(result.steps_exhausted);
}

TEST_CASE("a variable that was read beside an earlier position makes other positions matter") {
  const Options options = {
      {"content", "\"a\""}, {"byte_extract", "1,0,n,relative"}, {"content", "\"c\""}, {"offset", "n"}};
  CHECK(matches(options, "a\x40 a\x02 c"));
  CHECK_FALSE(matches(options, "a\x40 a\x09 c"));
}

TEST_CASE("a test that moves no cursor may stand between a match and what is relative to it") {
  const Options options = {{"content", "\"a\""}, {"content", "!\"z\""}, {"isdataat", "3"},
                           {"content", "\"b\""}, {"distance", "0"},     {"within", "1"}};
  CHECK(matches(options, "a.ab"));
  CHECK_FALSE(matches(options, "a.abz"));
}

TEST_CASE("startswith and endswith bind the content to the payload's ends") {
  CHECK(matches(abc({{"startswith", ""}}), "abcx"));
  CHECK_FALSE(matches(abc({{"startswith", ""}}), "xabc"));
  CHECK(matches(abc({{"endswith", ""}}), "abcxabc"));
  CHECK_FALSE(matches(abc({{"endswith", ""}}), "abcx"));
  CHECK(matches(abc({{"startswith", ""}, {"endswith", ""}}), "abc"));
  CHECK_FALSE(matches(abc({{"startswith", ""}, {"endswith", ""}}), "abcabc"));
  CHECK(matches({{"content", "!\"abc\""}, {"endswith", ""}}, "abcx"));
  CHECK_FALSE(matches({{"content", "!\"abc\""}, {"endswith", ""}}, "abc"));
  CHECK(matches(after_x({{"distance", "1"}, {"within", "4"}, {"endswith", ""}}), "x..abc"));
  CHECK_FALSE(matches(after_x({{"distance", "1"}, {"within", "3"}, {"endswith", ""}}), "x..abc"));
}

TEST_CASE("isdataat asks for a byte, and relative for that many more") {
  CHECK(matches({{"isdataat", "31"}}, std::string(32, 'a')));
  CHECK_FALSE(matches({{"isdataat", "32"}}, std::string(32, 'a')));
  CHECK(matches({{"isdataat", "!32"}}, std::string(32, 'a')));
  CHECK(matches({{"isdataat", "32,relative"}}, std::string(32, 'a')));
  CHECK_FALSE(matches({{"isdataat", "33 , relative"}}, std::string(32, 'a')));
  CHECK(matches({{"content", "\"c\""}, {"isdataat", "5,relative,rawbytes"}}, "abcdefgh"));
  CHECK_FALSE(matches({{"content", "\"c\""}, {"isdataat", "6,relative"}}, "abcdefgh"));
  CHECK(matches({{"content", "\"h\""}, {"isdataat", "! 1,relative"}}, "abcdefgh"));
}

TEST_CASE("isdataat:!1,relative after a negated content says that the payload does not end so") {
  const Options not_at_end = {{"content", "\"x\""}, {"content", "!\"abc\""}, {"isdataat", "!1,relative"}};
  CHECK(matches(not_at_end, "x.abc."));
  CHECK_FALSE(matches(not_at_end, "x.abc"));
  CHECK(matches(not_at_end, "x"));
}

TEST_CASE("isdataat refuses what it does not know") {
  CHECK(says(refusal({{"isdataat", "x"}}), "not defined"));
  CHECK(says(refusal({{"isdataat", "-"}}), "not a number"));
  CHECK(says(refusal({{"isdataat", "65536"}}), "out of range"));
  CHECK(says(refusal({{"isdataat", "1,sideways"}}), "not known"));
}

TEST_CASE("a place that the buffer cannot show does not match") {
  Draft placed, ending;
  REQUIRE(read(abc({{"depth", "3"}}), placed) == "");
  CHECK(evaluate(placed, "abc").matched);
  CHECK_FALSE(evaluate(placed, "abc", false).matched);
  REQUIRE(read(abc({{"endswith", ""}}), ending) == "");
  CHECK_FALSE(evaluate(ending, "abc", true, false).matched);
}

TEST_CASE("modifiers without a content are refused") {
  for (const auto& [name, args] : Options{{"nocase", ""},
                                          {"offset", "1"},
                                          {"depth", "1"},
                                          {"distance", "1"},
                                          {"within", "1"},
                                          {"startswith", ""},
                                          {"endswith", ""},
                                          {"rawbytes", ""},
                                          {"fast_pattern", ""}}) {
    INFO(name);
    CHECK(says(refusal({{name, args}}), "no content stands before it"));
  }
}

TEST_CASE("a modifier given twice is refused") {
  for (const auto& [name, args] : Options{{"nocase", ""},
                                          {"offset", "1"},
                                          {"depth", "4"},
                                          {"distance", "1"},
                                          {"within", "4"},
                                          {"startswith", ""},
                                          {"endswith", ""},
                                          {"fast_pattern", ""}}) {
    INFO(name);
    CHECK(says(refusal(after_x({{name, args}, {name, args}})), "given twice"));
  }
}

TEST_CASE("modifiers that contradict each other are refused in either order") {
  const std::vector<std::pair<std::string, std::string>> absolute = {
      {"offset", "1"}, {"depth", "4"}, {"startswith", ""}};
  const std::vector<std::pair<std::string, std::string>> relative = {{"distance", "1"}, {"within", "4"}};
  for (const auto& a : absolute) {
    for (const auto& r : relative) {
      INFO(a.first << " and " << r.first);
      CHECK(says(refusal(after_x({a, r})), "cannot be combined"));
      CHECK(says(refusal(after_x({r, a})), "cannot be combined"));
    }
  }
  CHECK(says(refusal(abc({{"startswith", ""}, {"depth", "3"}})), "cannot be combined"));
  CHECK(says(refusal(abc({{"offset", "3"}, {"startswith", ""}})), "cannot be combined"));
}

TEST_CASE("numbers of modifiers end at their limits") {
  CHECK(refusal(abc({{"offset", "65535"}})).empty());
  CHECK(says(refusal(abc({{"offset", "65536"}})), "out of range"));
  CHECK(says(refusal(abc({{"offset", "-1"}})), "out of range"));
  CHECK(refusal(abc({{"depth", "3"}})).empty());
  CHECK(says(refusal(abc({{"depth", "2"}})), "less than the content's 3 bytes"));
  CHECK(says(refusal(after_x({{"within", "2"}})), "less than the content's 3 bytes"));
  CHECK(refusal(after_x({{"distance", "-1048576"}})).empty());
  CHECK(says(refusal(after_x({{"distance", "1048577"}})), "out of range"));
  CHECK(says(refusal(after_x({{"within", "0"}})), "out of range"));
  CHECK(says(refusal(after_x({{"within", "length"}})), "byte_extract"));
}

TEST_CASE("fast_pattern marks one content of the rule") {
  CHECK(traits_of_last(abc({{"fast_pattern", ""}})).fast_pattern);
  CHECK(traits_of_last(abc({{"fast_pattern", "only"}})).fast_pattern);
  CHECK(traits_of_last(abc({{"fast_pattern", "1,2"}})).literal == "abc");
  CHECK(traits_of_last({{"content", "!\"abc\""}, {"fast_pattern", ""}}).fast_pattern);
}

TEST_CASE("fast_pattern is refused where it cannot hold") {
  CHECK(says(refusal(abc({{"fast_pattern", "1,3"}})), "ends beyond"));
  CHECK(says(refusal(abc({{"fast_pattern", "sometimes"}})), "not known"));
  CHECK(
      says(refusal(abc({{"fast_pattern", ""}, {"content", "\"x\""}, {"fast_pattern", ""}})), "given twice"));
  CHECK(says(refusal(abc({{"offset", "1"}, {"fast_pattern", "only"}})), "has a place"));
  CHECK(says(refusal({{"content", "!\"abc\""}, {"fast_pattern", "only"}}), "negated"));
  CHECK(says(refusal(abc({{"fast_pattern", "only"}, {"offset", "1"}})), "fast_pattern:only"));
  CHECK(says(refusal({{"content", "!\"abc\""}, {"offset", "1"}, {"fast_pattern", ""}}), "negated"));
  CHECK(says(refusal({{"content", "!\"abc\""}, {"fast_pattern", ""}, {"offset", "1"}}), "negated"));
  CHECK(
      says(refusal(abc({{"fast_pattern", "only"}, {"content", "\"x\""}, {"distance", "0"}})), "relative to"));
}

TEST_CASE("a content tells the compile side its reach and its place") {
  const auto relative = traits_of_last(after_x({{"distance", "-4"}, {"within", "10"}}));
  CHECK(relative.relative);
  CHECK(relative.reach_ahead == 6u);
  CHECK(relative.reach_back == 4);
  CHECK_FALSE(relative.anchored);
  CHECK_FALSE(traits_of_last(after_x({{"distance", "3"}})).reach_ahead.has_value());
  CHECK(traits_of_last(abc({})).reach_ahead == 3u);
  const auto placed = traits_of_last(abc({{"offset", "2"}, {"depth", "5"}}));
  CHECK(placed.anchored);
  CHECK(placed.from_start);
  CHECK(placed.max_offset_end == 7);
  CHECK(traits_of_last(abc({{"startswith", ""}})).max_offset_end == 3);
  const auto ending = traits_of_last(abc({{"endswith", ""}}));
  CHECK(ending.anchored);
  CHECK_FALSE(ending.from_start);
  CHECK_FALSE(ending.monotone);
  const auto negated = traits_of_last({{"content", "!\"abc\""}});
  CHECK(negated.negated);
  CHECK(negated.literal.empty());
  CHECK_FALSE(negated.moves_cursor);
  CHECK_FALSE(negated.monotone);
}

TEST_CASE("isdataat tells the compile side its reach and its place") {
  CHECK(traits_of_last({{"isdataat", "10"}}).from_start);
  CHECK(traits_of_last({{"isdataat", "10"}}).anchored);
  const auto relative = traits_of_last({{"content", "\"x\""}, {"isdataat", "10,relative"}});
  CHECK(relative.relative);
  CHECK(relative.reach_ahead == 10u);
  CHECK_FALSE(relative.anchored);
  CHECK(traits_of_last({{"content", "\"x\""}, {"isdataat", "!1,relative"}}).anchored);
}

TEST_CASE("tests describe themselves as the rule says them") {
  Draft draft;
  REQUIRE(read({{"content", R"(!"a|00 22|b")"},
                {"nocase", ""},
                {"content", "\"c\""},
                {"distance", "-1"},
                {"isdataat", "!1,relative"}},
               draft) == "");
  CHECK(draft.rule.payload[0]->describe() == R"(content !"a|00 22|b" nocase)");
  CHECK(draft.rule.payload[1]->describe() == R"(content "c" distance -1)");
  CHECK(draft.rule.payload[2]->describe() == "isdataat !1 relative");
}

TEST_CASE("the work of a chain ends with its steps") {
  Options options;
  for (int i = 0; i < 12; ++i) {
    options.emplace_back("content", "\"a\"");
    if (i > 0) options.emplace_back("distance", "0");
  }
  options.emplace_back("content", "\"b\"");
  options.emplace_back("distance", "0");
  Draft draft;
  REQUIRE(read(options, draft) == "");
  const auto result = evaluate(draft, std::string(4096, 'a'), true, true, nullptr, 10'000);
  CHECK_FALSE(result.matched);
  CHECK(result.steps_exhausted);
}

TEST_CASE("random chains of contents and isdataat agree with the naive twin") {
  std::mt19937 random(20190627);
  const auto pick = [&random](int bound) {
    return static_cast<int>(random() % static_cast<unsigned>(bound));
  };
  int matched = 0;
  for (int round = 0; round < 60'000; ++round) {
    const auto chain = naive::draw_chain(pick);
    const auto payload = naive::draw_payload(pick);
    Draft draft;
    const std::string refused = read(naive::options(chain), draft);
    const bool expected = naive::matches(chain, payload);
    const bool got = evaluate(draft, payload.bytes, payload.from_start, payload.to_end).matched;
    matched += expected;
    if (refused.empty() && got == expected) continue;
    std::string text;
    for (const auto& [name, args] : naive::options(chain)) text += name + ":" + args + "; ";
    FAIL(refused << text << "on " << payload.bytes << " start " << payload.from_start << " end "
                 << payload.to_end);
  }
  CHECK(matched > 6'000);  // the chains are not so strict that only failures are compared
}
