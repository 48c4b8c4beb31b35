// What `mirrorscan check` warns of, and which engine it says evaluates a pcre.

#include "rules/load.h"
#include "support/catch.h"

using namespace mirrorscan;

namespace {

ruleset::Explanation explained(const std::string& options, std::uint32_t window = 4'096) {
  rules::Options settings;
  settings.window = window;
  auto loaded =
      rules::load_text("test.rules", "alert tcp any any -> any any (" + options + " sid:1;)\n", {}, settings);
  if (!loaded) FAIL(loaded.error().text());
  for (const auto& remark : loaded.value().report.rejected) FAIL(remark.text());
  return loaded.value().report.explanations.at(0);
}

std::string costs(const std::string& options, std::uint32_t window = 4'096) {
  std::string out;
  for (const std::string& why : explained(options, window).costly) out += why + "\n";
  return out;
}

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a rule without faults is not called costly", "[rules]") {
  CHECK(costs("content:\"attack\"; content:\"more\"; distance:5; within:40;").empty());
  CHECK(costs("content:\"attack\"; pcre:\"/[a-z]+\\d/\";").empty());
  CHECK(costs("flow:established;").empty());
}

TEST_CASE("short, uniform and missing fast patterns are told", "[rules]") {
  CHECK(says(costs("content:\"a\";"), "fast pattern has 1 byte,"));
  CHECK(says(costs("content:\"abc\"; content:\"a\";"), "fast pattern has 3 bytes,"));
  CHECK(says(costs("content:\"|90 90 90 90 90 90|\";"), "one byte again and again"));
  CHECK(says(costs("content:!\"attack\";"), "no fast pattern"));
  CHECK(says(costs("pcre:\"/(?=x)abc/\";"), "needs at least"));
}

TEST_CASE("what reaches beyond the window is told", "[rules]") {
  CHECK(says(costs("content:\"attack\"; content:\"more\"; distance:5000;"), "detect.window_bytes (4096)"));
  CHECK(says(costs("content:\"attack\"; content:\"more\"; within:300;", 256), "detect.window_bytes (256)"));
  CHECK(says(costs("content:\"attack\"; offset:6000;"), "detect.window_bytes"));
  CHECK_FALSE(says(costs("content:\"attack\"; content:\"more\"; within:300;"), "window"));
}

TEST_CASE("an expression that may explode is told, and which engine evaluates it", "[rules]") {
  const auto around = explained("content:\"key\"; pcre:\"/(a+)+$/R\";");
  REQUIRE(around.pcres.size() == 1);
  CHECK(says(around.pcres[0].engine, "PCRE2"));
  CHECK_FALSE(says(around.pcres[0].engine, "Hyperscan"));
  CHECK(says(around.pcres[0].why, "around the hits of a content"));
  CHECK(says(costs("content:\"attack\"; pcre:\"/(a+)+$/R\";"), "may backtrack without end"));
  const auto alone = explained("pcre:\"/abc[0-9]def/\";");
  REQUIRE(alone.pcres.size() == 1);
  CHECK(alone.pcres[0].engine.starts_with("Hyperscan, then PCRE2"));
  CHECK(alone.trigger_buffer == "payload");
}
