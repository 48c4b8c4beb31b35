// The ground truth against alert records.

#include <fstream>

#include "bench/expected_alerts.h"
#include "support/catch.h"
#include "support/scratch_folder.h"

using namespace mirrorscan;
using namespace mirrorscan::bench;

namespace {

constexpr const char* kTruth =
    R"({"type":"truth","version":1,"excluded":[{"sid":3,"reason":"any"}]}
{"type":"expected","sid":1,"vni":7,"proto":"TCP","src_ip":"10.0.0.1","src_port":1000,"dest_ip":"10.0.0.2","dest_port":80,"direction":"to_server","count":2,"segments":1}
{"type":"damaged","sid":2,"vni":7,"proto":"TCP","src_ip":"10.0.0.1","src_port":1000,"dest_ip":"10.0.0.2","dest_port":80,"direction":"to_server","why":"x","open":true}
)";

/// Sids are 1 to 3, in the order of the rules.
class Bench {
 public:
  Bench() {
    std::ofstream(path_) << kTruth;
    for (std::uint32_t sid = 1; sid <= 3; ++sid) {
      rules_.rules.emplace_back();
      rules_.rules.back().sid = sid;
    }
  }
  [[nodiscard]] ExpectedAlerts read() { return std::move(ExpectedAlerts::read(path_).value()); }
  void find(ExpectedAlerts& alerts, std::uint32_t sid, std::uint32_t vni = 7) {
    record::Record alert;
    alert.alert.rule = sid - 1;
    alert.tunnel.vni = vni;
    alert.protocol = 6;
    alert.src = IpAddress::v4(10, 0, 0, 1);
    alert.dst = IpAddress::v4(10, 0, 0, 2);
    alert.src_port = 1000;
    alert.dst_port = 80;
    alerts.found(alert, rules_);
  }

 private:
  support::ScratchFolder folder_;
  std::string path_ = folder_.folder + "/truth.jsonl";
  ruleset::Ruleset rules_;
};

}  // namespace

TEST_CASE("each expected alert once is exact") {
  Bench bench;
  ExpectedAlerts alerts = bench.read();
  bench.find(alerts, 1);
  bench.find(alerts, 1);
  CHECK(alerts.compare().exact());
  CHECK(alerts.compare().recall() == 1.0);
}

TEST_CASE("an alert that is not told is missing, one told again is extra") {
  Bench bench;
  ExpectedAlerts alerts = bench.read();
  bench.find(alerts, 1);
  CHECK(alerts.compare().missing == 1);
  CHECK(alerts.compare().recall() == 0.5);
  bench.find(alerts, 1);
  bench.find(alerts, 1);
  CHECK(alerts.compare().missing == 0);
  CHECK(alerts.compare().extra == 1);
}

TEST_CASE("an alert in another mirror session is extra and does not make up for the one that is missing") {
  Bench bench;
  ExpectedAlerts alerts = bench.read();
  bench.find(alerts, 1, 8);
  CHECK(alerts.compare().missing == 2);
  CHECK(alerts.compare().extra == 1);
}

TEST_CASE("alerts of excluded rules and of what is left open are ignored") {
  Bench bench;
  ExpectedAlerts alerts = bench.read();
  bench.find(alerts, 1);
  bench.find(alerts, 1);
  bench.find(alerts, 2);
  bench.find(alerts, 3);
  CHECK(alerts.compare().exact());
}

TEST_CASE("a truth file that cannot be used says where") {
  support::ScratchFolder folder;
  const std::string path = folder.folder + "/truth.jsonl";
  std::ofstream(path) << "{\"excluded\":[]}\n{\"sid\":1}\n";
  const auto read = ExpectedAlerts::read(path);
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().where == path + ":2");
  CHECK_FALSE(ExpectedAlerts::read(path + ".none").ok());
}
