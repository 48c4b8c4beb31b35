// Medians over rounds, and literals as rules.

#include "bench/figures.h"
#include "bench/literals.h"
#include "support/catch.h"
#include "support/scratch_folder.h"

#include <fstream>

using namespace mirrorscan;
using namespace mirrorscan::bench;

namespace {

[[nodiscard]] Figures round_of(double kpps, double cycles) {
  Figures worker, round;
  worker.number("kpps", kpps).number("cycles", cycles);
  round.object("worker", std::move(worker)).text("word", "is no number");
  return round;
}

}  // namespace

TEST_CASE("a summary has median, least and most of every number, by its path") {
  Figures all;
  for (const double kpps : {300.0, 100.0, 200.0}) all.append("rounds", round_of(kpps, 1));
  const std::string text = all.summary_of("rounds").text();
  const Figures summary = all.summary_of("rounds");
  CHECK(text.find("\"worker.kpps\"") != std::string::npos);
  CHECK(text.find("\"median\": 200") != std::string::npos);
  CHECK(text.find("\"min\": 100") != std::string::npos);
  CHECK(text.find("\"max\": 300") != std::string::npos);
  CHECK(text.find("word") == std::string::npos);
}

TEST_CASE("the median of an even number of rounds lies between the middle two") {
  Figures all;
  for (const double kpps : {10.0, 40.0, 20.0, 30.0}) all.append("rounds", round_of(kpps, 1));
  CHECK(all.summary_of("rounds").text().find("\"median\": 25") != std::string::npos);
}

TEST_CASE("what is not finite is null and in no summary") {
  Figures all;
  all.append("rounds", round_of(1.0 / 0.0, 1));
  CHECK(all.text().find("\"kpps\": null") != std::string::npos);
  CHECK(all.summary_of("rounds").text().find("kpps") == std::string::npos);
}

TEST_CASE("a literal becomes a rule with its line as sid") {
  const std::vector<Literal> literals{{3, {0x41, 0x7c}, true, true}};
  CHECK(rules_of(literals, RuleProtocol::as_listed) ==
        "alert udp any any -> any any (msg:\"literal 3\"; content:\"|41 7c|\"; nocase; sid:3; rev:1;)\n");
  CHECK(rules_of(literals, RuleProtocol::tcp).starts_with("alert tcp "));
}

TEST_CASE("literals that cannot be read say where and why") {
  support::ScratchFolder folder;
  const std::string path = folder.folder + "/literals.txt";
  std::ofstream(path) << "4142 - tcp\n414 i tcp\n";
  CHECK(read_literals(path, 1).ok());
  const auto bad = read_literals(path, 2);
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().where == path + ":2");
  CHECK_FALSE(read_literals(path + ".none", 1).ok());
}

TEST_CASE("more literals than a list has are refused") {
  support::ScratchFolder folder;
  const std::string path = folder.folder + "/literals.txt";
  std::ofstream(path) << "4142 - tcp\n";
  CHECK_FALSE(read_literals(path, 2).ok());
  REQUIRE(read_literals(path, 0).ok());
  CHECK(read_literals(path, 0).value().size() == 1);
}
