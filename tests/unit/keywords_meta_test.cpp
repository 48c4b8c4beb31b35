#include <algorithm>

#include "keywords/keyword.h"
#include "support/catch.h"
#include "support/draft.h"

using namespace mirrorscan;
using keywords::Draft;
using testing::Options;
using testing::read;
using testing::refusal;
using testing::says;

namespace {}  // namespace

TEST_CASE("a keyword is found in any case and an unknown one is not") {
  CHECK(keywords::find("FAST_Pattern") == keywords::find("fast_pattern"));
  CHECK(keywords::find("fast_pattern") != nullptr);
  CHECK(keywords::find("http.uri") == nullptr);
  CHECK(keywords::find("") == nullptr);
}

TEST_CASE("every row of the table has a lower-case name of its own, a sentence and a parser") {
  for (const auto& row : keywords::table()) {
    INFO(row.name);
    CHECK(keywords::find(row.name) == &row);
    CHECK(std::ranges::none_of(row.name, [](char c) { return c >= 'A' && c <= 'Z'; }));
    CHECK_FALSE(row.sentence.empty());
    CHECK(row.parse != nullptr);
  }
}

TEST_CASE("the meta keywords fill the rule's text and numbers") {
  Draft draft;
  REQUIRE(read({{"msg", R"("a \"b\"\; c\\ d")"},
                {"sid", "2100498"},
                {"gid", "10000003"},
                {"rev", "7"},
                {"classtype", "bad-unknown"},
                {"priority", "2"},
                {"reference", R"(url,example.org/x?a=1\;b,c)"},
                {"reference", "cve, 2014-0160"},
                {"metadata", "created_at 2022_25_07, tag one two, lonely"},
                {"target", "dest_ip"},
                {"noalert", ""},
                {"prefilter", ""}},
               draft)
              .empty());
  const auto& rule = draft.rule;
  CHECK(rule.text.msg == R"(a "b"; c\ d)");
  CHECK(rule.sid == 2100498);
  CHECK(draft.has_sid);
  CHECK(rule.gid == 10000003);
  CHECK(rule.rev == 7);
  CHECK(rule.text.classtype == "bad-unknown");
  CHECK(rule.priority == 2);
  CHECK(draft.priority_set);
  REQUIRE(rule.text.references.size() == 2);
  CHECK(rule.text.references[0].system == "url");
  CHECK(rule.text.references[0].id == "example.org/x?a=1;b,c");
  CHECK(rule.text.references[1].id == "2014-0160");
  REQUIRE(rule.text.metadata.size() == 3);
  CHECK(rule.text.metadata[1] == std::pair<std::string, std::string>("tag", "one two"));
  CHECK(rule.text.metadata[2] == std::pair<std::string, std::string>("lonely", ""));
  CHECK(rule.text.target == "dest_ip");
  CHECK(rule.noalert);
}

TEST_CASE("numbers of meta keywords end at their limits") {
  CHECK(refusal({{"sid", "4294967295"}}).empty());
  CHECK(says(refusal({{"sid", "4294967296"}}), "out of range"));
  CHECK(says(refusal({{"sid", "0"}}), "out of range"));
  CHECK(says(refusal({{"sid", "12x"}}), "not a number"));
  CHECK(says(refusal({{"sid", ""}}), "not a number"));
  CHECK(refusal({{"priority", "0"}}).empty());
  CHECK(refusal({{"priority", "2147483647"}}).empty());
  CHECK(says(refusal({{"priority", "2147483648"}}), "out of range"));
  CHECK(says(refusal({{"priority", "-1"}}), "out of range"));
  CHECK(says(refusal({{"rev", "-1"}}), "out of range"));
}

TEST_CASE("a meta keyword that may stand once is refused the second time") {
  for (const auto& [name, args] :
       Options{{"msg", "\"a\""}, {"sid", "1"}, {"rev", "1"}, {"classtype", "a"}, {"priority", "1"}}) {
    INFO(name);
    CHECK(says(refusal({{name, args}, {name, args}}), "given twice"));
  }
}

TEST_CASE("malformed meta keywords are refused with what to write") {
  CHECK(says(refusal({{"msg", "no quotes"}}), "quotes"));
  CHECK(says(refusal({{"msg", "\"open\\\""}}), "quotes"));
  CHECK(says(refusal({{"msg", "!\"a\""}}), "negated"));
  CHECK(says(refusal({{"msg", R"("a; content:"b")"}}), "a quote inside the text"));
  CHECK(says(refusal({{"classtype", "two words"}}), "class name"));
  CHECK(says(refusal({{"reference", "cve"}}), "system,id"));
  CHECK(says(refusal({{"reference", "cve,"}}), "system,id"));
  CHECK(says(refusal({{"target", "both"}}), "src_ip or dest_ip"));
}
