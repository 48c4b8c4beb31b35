#include "keywords/pcre.h"
#include "support/catch.h"
#include "support/draft.h"

using namespace mirrorscan;
using keywords::Draft;
using keywords::parts_of;
using signature::PcreLimits;
using signature::PcreWorkspace;
using testing::evaluate;
using testing::Options;
using testing::read;
using testing::says;

namespace {

std::string refusal(const std::string& args) {
  Draft draft;
  return read({{"pcre", args}}, draft);
}

bool matches(const Options& options, std::string_view bytes, bool from_start = true, bool to_end = true) {
  Draft draft;
  REQUIRE(read(options, draft) == "");
  PcreWorkspace workspace;
  REQUIRE(workspace.ready());
  const auto result = evaluate(draft, bytes, from_start, to_end, &workspace);
  CHECK_FALSE(result.pcre_limit_hit);
  return result.matched;
}

bool matches(const std::string& pcre, std::string_view bytes, bool from_start = true, bool to_end = true) {
  return matches(Options{{"pcre", pcre}}, bytes, from_start, to_end);
}

signature::PayloadTraits traits_of(const std::string& pcre) {
  Draft draft;
  REQUIRE(read({{"content", "\"x\""}, {"pcre", pcre}}, draft) == "");
  return draft.rule.payload.back()->traits();
}

}  // namespace

TEST_CASE("a pcre matches with Perl's and PCRE's flags") {
  CHECK(matches(R"("/ab+c/")", "xabbbc"));
  CHECK_FALSE(matches(R"("/ab+c/")", "xABc"));
  CHECK(matches(R"("/ab+c/i")", "xABc"));
  CHECK_FALSE(matches(R"("/a.c/")", "a\nc"));
  CHECK(matches(R"("/a.c/s")", "a\nc"));
  CHECK_FALSE(matches(R"("/^c/")", "a\nc"));
  CHECK(matches(R"("/^c/m")", "a\nc"));
  CHECK(matches(R"("/a b c/x")", "abc"));
  CHECK_FALSE(matches(R"("/b/A")", "ab"));
  CHECK(matches(R"("/b$/")", "ab\n"));
  CHECK_FALSE(matches(R"("/b$/E")", "ab\n"));
  CHECK(matches(R"("/a/BO")", "a"));
  CHECK(matches(R"("/\xff\x00/")", std::string("\xff\0", 2)));
}

TEST_CASE("an expression may hold slashes, escapes and quotes") {
  CHECK(matches(R"("/a\/b/c/")", "a/b/c"));
  CHECK(matches(R"("/a\"b\;c/")", "a\"b;c"));
}

TEST_CASE("an m may stand before the expression, as in Perl") {
  CHECK(matches(R"("m/a/i")", "A"));
  CHECK_FALSE(matches(R"(!"m/a/")", "a"));
}

TEST_CASE("names for captures may follow a pcre, and change nothing") {
  CHECK(matches(R"("/x(..)/,pkt:name")", "xab"));
  CHECK(matches(R"("/X(.)(.)/i, flow:ua/ubuntu/repo, pkt:b")", "xab"));
  CHECK(matches(R"("/x(?P<flow_name>..)(?P<pkt_b>.)/")", "xabc"));
  CHECK(matches(R"("/x/,pkt:name")", "x"));
  CHECK(matches(R"("/x,pkt:name/i")", "X,PKT:NAME"));
}

TEST_CASE("the quotes of a pcre may be left out") {
  CHECK(matches("/ab/i", "AB"));
  CHECK_FALSE(matches("!/ab/", "ab"));
}

TEST_CASE("a negated pcre matches where the expression does not") {
  CHECK(matches(R"(!"/ab/")", "ba"));
  CHECK_FALSE(matches(R"(!"/ab/")", "ab"));
  CHECK(
      matches({{"content", "\"a\""}, {"pcre", R"(!"/x/")"}, {"content", "\"b\""}, {"within", "1"}}, "a.ab"));
}

TEST_CASE("with R the cursor is the start of the subject") {
  CHECK(matches({{"content", "\"ab\""}, {"pcre", R"("/^c/R")"}}, "abc"));
  CHECK_FALSE(matches({{"content", "\"ab\""}, {"pcre", R"("/^c/R")"}}, "ab.c"));
  CHECK(matches({{"content", "\"ab\""}, {"pcre", R"("/^c/R")"}}, "ab.abc"));
  CHECK(matches({{"content", "\"ab\""}, {"pcre", R"("/^$/R")"}}, "ab"));
  CHECK_FALSE(matches({{"content", "\"ab\""}, {"pcre", R"("/(?<=b)c/R")"}}, "abc"));
  CHECK(matches(R"("/^a/R")", "abc"));
  CHECK_FALSE(matches(R"("/^a/R")", "abc", false));
}

TEST_CASE("what follows a pcre is relative to its end, and later matches are tried") {
  const Options options = {{"pcre", R"("/a[0-9]/")"}, {"content", "\"x\""}, {"within", "1"}};
  CHECK(matches(options, "a1.a2x"));
  CHECK_FALSE(matches(options, "a1.a2.x"));
  CHECK(matches({{"pcre", R"("/a*/")"}, {"content", "\"b\""}, {"within", "1"}}, "aab"));
}

TEST_CASE("the ends of a buffer that are not the payload's do not satisfy anchors") {
  CHECK_FALSE(matches(R"("/^a/")", "ab", false));
  CHECK(matches(R"("/^b/m")", "a\nb", false));
  CHECK_FALSE(matches(R"("/^a/m")", "a\nb", false));
  CHECK(matches(R"("/(^|;)a/")", ";a", false));
  CHECK_FALSE(matches(R"("/\Aa/")", "a", false));
  CHECK_FALSE(matches(R"("/a/A")", "a", false));
  CHECK_FALSE(matches(R"("/a$/")", "a", true, false));
  CHECK_FALSE(matches(R"("/a\z/")", "a", true, false));
  CHECK_FALSE(matches(R"(!"/b$/")", "a", true, false));
  CHECK_FALSE(matches(R"(!"/^b/")", "a", false));
  CHECK(matches(R"("/a/")", "a", false, false));
}

TEST_CASE("a malformed pcre is refused with the reason") {
  CHECK(says(refusal("a/b/"), "quotes"));
  CHECK(says(refusal(R"("a")"), "slashes"));
  CHECK(says(refusal(R"("/a")"), "slashes"));
  CHECK(says(refusal(R"("//")"), "empty"));
  CHECK(says(refusal(R"("/a/k")"), "flag k is not known"));
  CHECK(says(refusal(R"("/a/Ui")"), "buffer not supported"));
  CHECK(says(refusal(R"("/a(/")"), "missing closing parenthesis at offset 2"));
  CHECK(says(refusal(R"("/(*UTF)a/")"), "UTF"));
  CHECK(says(refusal(R"("/x(..)/,alert:name")"), "no expression"));
  CHECK(says(refusal(R"("/x(..)/,pkt:name,pkt:other")"), "2 names for 1 groups"));
  CHECK(refusal(R"("/a, flow:b/")").empty());
}

TEST_CASE("every HTTP buffer flag is refused by name") {
  for (const char flag : std::string("UIPQHDMCSYVW")) {
    INFO(flag);
    CHECK(says(refusal(std::string("\"/a/") + flag + "\""), "buffer not supported"));
  }
}

TEST_CASE("the parts of an expression are seen outside of escapes and classes") {
  CHECK(parts_of("^a").caret);
  CHECK_FALSE(parts_of("[^a]").caret);
  CHECK_FALSE(parts_of(R"(\^a)").caret);
  CHECK(parts_of("[]a]$").dollar);
  CHECK_FALSE(parts_of(R"([\]$])").dollar);
  CHECK_FALSE(parts_of("[[:alpha:]$]").dollar);
  CHECK_FALSE(parts_of(R"(\Q$\E)").dollar);
  CHECK(parts_of(R"(a\z)").end_assertion);
  CHECK(parts_of(R"(\Aa)").start_assertion);
  CHECK(parts_of("a(?=b)").look_ahead);
  CHECK(parts_of("a(?!b)").look_ahead);
  CHECK_FALSE(parts_of("(?<=b)a").look_ahead);
  CHECK(parts_of(R"(a\b)").word_boundary);
  CHECK_FALSE(parts_of(R"([\b])").word_boundary);
  CHECK(parts_of("a++b").committing);
  CHECK(parts_of("(?>a)b").committing);
  CHECK_FALSE(parts_of("(?:a)b+").committing);
  CHECK(parts_of("a|b").choice);
  CHECK_FALSE(parts_of(R"(a\+b[*])").choice);
  CHECK_FALSE(parts_of("[").caret);
  CHECK_FALSE(parts_of("\\").caret);
}

TEST_CASE("a pcre tells the compile side what Hyperscan may look for") {
  const auto plain = traits_of(R"("/a.b/ism")");
  CHECK(plain.expression == "a.b");
  CHECK(plain.expression_nocase);
  CHECK(plain.expression_dotall);
  CHECK(plain.expression_multiline);
  CHECK(plain.monotone);
  CHECK(plain.moves_cursor);
  CHECK_FALSE(plain.anchored);
  CHECK(traits_of(R"("/a b/x")").expression == "(?x)a b");
  CHECK(traits_of(R"(!"/a/")").expression.empty());
  CHECK(traits_of(R"("/^a/")").expression == "^a");
  CHECK(traits_of(R"("/^a/R")").expression.empty());
  CHECK(traits_of(R"("/a/R")").expression == "a");
}

TEST_CASE("a pcre tells the compile side what more bytes can change") {
  for (const char* text : {R"("/a$/")", R"("/a\z/")", R"("/a\Z/")", R"("/a\b/")", R"("/a(?!b)/")",
                           R"("/a(?=b)/")", R"(!"/a/")", R"("/(?>a.*)/")"}) {
    INFO(text);
    CHECK_FALSE(traits_of(text).monotone);
  }
  Draft draft;
  REQUIRE(read({{"pcre", R"("/a.*b/")"}, {"content", "\"x\""}, {"distance", "0"}}, draft) == "");
  CHECK_FALSE(draft.rule.payload[0]->traits().monotone);
}

TEST_CASE("a pcre tells the compile side which ends of the payload it needs") {
  CHECK(traits_of(R"("/^a/")").from_start);
  CHECK(traits_of(R"("/a/A")").from_start);
  CHECK(traits_of(R"("/a$/")").anchored);
  CHECK_FALSE(traits_of(R"("/a$/")").from_start);
  CHECK_FALSE(traits_of(R"("/^a$/m")").anchored);
  CHECK_FALSE(traits_of(R"("/^a/R")").anchored);
  CHECK(traits_of(R"("/^a/R")").relative);
}

TEST_CASE("a catastrophic expression ends at the limit and says so") {
  Draft draft;
  REQUIRE(read({{"pcre", R"("/(a+)+$/E")"}, {"content", "!\"x\""}}, draft) == "");
  PcreWorkspace workspace;
  const auto result = evaluate(draft, std::string(4096, 'a') + "b", true, true, &workspace);
  CHECK_FALSE(result.matched);
  CHECK(result.pcre_limit_hit);
}

TEST_CASE("a long text alone does not reach the limit") {
  Draft draft;
  REQUIRE(read({{"pcre", R"("/(?:one|two)(?:x|y)+end/")"}}, draft) == "");
  PcreWorkspace workspace({.match = 100});
  const std::string text = std::string(8'000, 'o');
  CHECK_FALSE(evaluate(draft, text, true, true, &workspace).pcre_limit_hit);
  CHECK(evaluate(draft, text + "twoxyend", true, true, &workspace).matched);
}

TEST_CASE("a negated expression that reaches the limit does not match either") {
  Draft draft;
  REQUIRE(read({{"pcre", R"(!"/(a+)+$/E")"}}, draft) == "");
  PcreWorkspace workspace;
  const auto result = evaluate(draft, std::string(4096, 'a') + "b", true, true, &workspace);
  CHECK_FALSE(result.matched);
  CHECK(result.pcre_limit_hit);
}

TEST_CASE("the workspace serves the next search after a limit") {
  PcreWorkspace workspace;
  Draft hostile, plain;
  REQUIRE(read({{"pcre", R"("/(a+)+$/E")"}}, hostile) == "");
  REQUIRE(read({{"pcre", R"("/b/")"}}, plain) == "");
  const std::string text = std::string(4096, 'a') + "b";
  for (int i = 0; i < 3; ++i) {
    CHECK(evaluate(hostile, text, true, true, &workspace).pcre_limit_hit);
    CHECK(evaluate(plain, text, true, true, &workspace).matched);
  }
}

TEST_CASE("the interpreter stays within its arena, and gives JIT's answers") {
  int error = 0;
  PCRE2_SIZE offset = 0;
  const std::string pattern = "(a|ab)(c|bcd)(d*)";
  const keywords::PcreCode code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), 0,
                                              &error, &offset, nullptr));
  REQUIRE(code);
  PcreWorkspace workspace;
  signature::PcreSpan span;
  const auto run = [&](std::string_view text) {
    return workspace.search(code.get(), PcreWorkspace::Engine::interpreter, as_bytes(text), 0, 0, span);
  };
  CHECK(run("xxabcd") == signature::PcreResult::found);
  CHECK(span.begin == 2);
  CHECK(span.end == 6);
  CHECK(run("") == signature::PcreResult::not_found);
}

TEST_CASE("an interpreted expression that needs too much memory ends at the limit, again and again") {
  int error = 0;
  PCRE2_SIZE offset = 0;
  const std::string pattern = "(?:(a)|b)*c";
  const keywords::PcreCode code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), 0,
                                              &error, &offset, nullptr));
  REQUIRE(code);
  PcreWorkspace workspace(PcreLimits{.match = 100'000'000, .depth = 100'000'000});
  signature::PcreSpan span;
  const std::string text = std::string(60'000, 'a') + "dc";
  for (int i = 0; i < 3; ++i) {
    CHECK(workspace.search(code.get(), PcreWorkspace::Engine::interpreter, as_bytes(text), 0, 0, span) ==
          signature::PcreResult::limit);
    CHECK(workspace.search(code.get(), PcreWorkspace::Engine::interpreter, as_bytes("aac"), 0, 0, span) ==
          signature::PcreResult::found);
  }
}

TEST_CASE("without a workspace no expression matches, and it shows as a limit") {
  Draft draft;
  REQUIRE(read({{"pcre", R"("/a/")"}}, draft) == "");
  const auto result = evaluate(draft, "a");
  CHECK_FALSE(result.matched);
  CHECK(result.pcre_limit_hit);
}

TEST_CASE("expressions whose cost may explode are known by their repeats") {
  for (const char* light : {"abc", "a+b", "^Host: [^\\r\\n]+", "a{2}b{3}", "a?b?c?", "[+*]+x", "\\+\\*a*",
                            "a{1,9}b+", "(abc)?", "a++", "(?:a|b)c{0,}"}) {
    CAPTURE(light);
    CHECK_FALSE(parts_of(light).may_explode());
  }
  for (const char* heavy :
       {"(a+)+$", "(a|aa)+$", "a+b+", "a{1,90}a{1,90}[bc]", ".*x.*y", "(?:ab){2,}", "a*b{3,}"}) {
    CAPTURE(heavy);
    CHECK(parts_of(heavy).may_explode());
  }
}

TEST_CASE(
    "a search that explodes below the match limit is cut off by the steps that its evaluation has left") {
  const std::string text = std::string(8'191, 'a') + "!";
  for (const char* expression :
       {"/a{1,90}a{1,90}[bc]/", "/(a+)+$/", "/.{0,60}.{0,8000}[bc]/", "/a*a*a*[bc]/"}) {
    CAPTURE(expression);
    Draft draft;
    REQUIRE(parse_pcre(std::string("\"") + expression + "\"", draft));
    signature::PcreWorkspace pcre;
    signature::Inspection in;
    in.buffer = as_bytes(text);
    in.tests = draft.rule.payload;
    in.pcre = &pcre;
    in.steps_left = 5'000;
    CHECK_FALSE(in.rest(0, 0));
    CHECK(in.pcre_limit_hit);
    CHECK(pcre.units() <= 4 * 5'000 + 1 + text.size() / 64);
  }
}
