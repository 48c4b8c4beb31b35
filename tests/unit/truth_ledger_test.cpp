#include <fstream>
#include <sstream>

#include "rules/load.h"
#include "support/catch.h"
#include "support/scratch_folder.h"
#include "traffic/faults.h"
#include "truth/truth_ledger.h"

using namespace mirrorscan;
using namespace mirrorscan::truth;

namespace {

constexpr const char* kRule =
    "alert tcp any any -> any 80 (flow:to_server; content:\"only in attacks\"; sid:77;)\n";

/// One flow with an attack, packet by packet.
class OneFlow {
 public:
  explicit OneFlow(std::size_t budget = 1 << 20)
      : profile_(with_attacks()),
        loaded_(rules::load_text("t.rules", kRule, {}, {}).value()),
        books_(traffic::Books::make(profile_).value()),
        book_(AttackBook::make(profile_, *loaded_.ruleset, books_).value()),
        ledger_(profile_, *book_, budget) {
    const AttackVariant& variant = book_->attacks()[0].variants[book_->variant_of(0, kSerial)];
    for (const traffic::Message& message : variant.conversation.messages) {
      plan_.payload = message.bytes;
      plan_.direction = message.direction;
      plan_.stream_offset = said_[index_of(message.direction)];
      said_[index_of(message.direction)] += static_cast<std::uint32_t>(message.bytes.size());
      plans_.push_back(plan_);
      attack_.push_back(plans_.size() - 1 == variant.occurrences[0].message);
    }
  }

  /// The plans, each as often as `copies` says of whether it carries the attack.
  template <class Copies>
  void play(Copies&& copies) {
    for (std::size_t i = 0; i < plans_.size(); ++i)
      for (int left = copies(attack_[i]); left > 0; --left) ledger_.saw({&plans_[i], 1});
  }
  [[nodiscard]] std::string truth() {
    REQUIRE(ledger_.write(path()).ok());
    std::ifstream file(path());
    std::ostringstream out;
    std::string line;
    std::getline(file, line);  // the header
    while (std::getline(file, line)) out << line << '\n';
    return out.str();
  }
  [[nodiscard]] std::string path() const { return scratch_.folder + "/truth"; }
  TruthLedger& ledger() { return ledger_; }
  traffic::PacketPlan& operator[](std::size_t i) { return plans_[i]; }

 private:
  static constexpr std::uint64_t kSerial = 5;

  static traffic::Profile with_attacks() {
    traffic::Profile out;
    out.attacks = {.share = 1, .occurrences = 1, .most_segments = 1};
    return out;
  }

  support::ScratchFolder scratch_;
  traffic::Profile profile_;
  rules::Loaded loaded_;
  traffic::Books books_;
  std::unique_ptr<AttackBook> book_;
  TruthLedger ledger_;
  traffic::PacketPlan plan_{.flow = kSerial,
                            .ends = {.client = IpAddress::v4(10, 0, 0, 1),
                                     .server = IpAddress::v4(10, 0, 0, 2),
                                     .client_port = 40'000,
                                     .server_port = 80},
                            .attack = 0};
  std::array<std::uint32_t, kDirections> said_{};
  std::vector<traffic::PacketPlan> plans_;
  std::vector<bool> attack_;
};

constexpr const char* kExpected =
    "{\"type\":\"expected\",\"sid\":77,\"vni\":4711,\"proto\":\"TCP\",\"src_ip\":\"10.0.0.1\",\"src_port\":"
    "40000,"
    "\"dest_ip\":\"10.0.0.2\",\"dest_port\":80,\"direction\":\"to_server\",\"count\":1,\"segments\":1}\n";

}  // namespace

TEST_CASE("an attack that went out is expected once, also when its segments are sent again") {
  OneFlow once, twice;
  once.play([](bool) { return 1; });
  CHECK(once.truth() == kExpected);
  twice.play([](bool) { return 2; });
  CHECK(twice.truth() == kExpected);
}

TEST_CASE("an attack that was lost is damaged, and nothing is expected") {
  OneFlow flow;
  flow.play([](bool attack) { return attack ? 0 : 1; });
  const std::string truth = flow.truth();
  CHECK(truth.find("\"expected\"") == std::string::npos);
  CHECK(truth.find("not all of its bytes went out") != std::string::npos);
}

TEST_CASE("a flow that pauses for longer than flows are remembered is left open") {
  OneFlow flow;
  flow[1].time_ns = 31'000'000'000;
  flow.ledger().saw({&flow[0], 1});
  flow.ledger().saw({&flow[1], 1});
  flow.play([](bool) { return 1; });
  CHECK(flow.truth().find("\"open\":true") != std::string::npos);
}

TEST_CASE("packets of flows without an attack are not kept") {
  OneFlow flow;
  traffic::PacketPlan ordinary = flow[0];
  ordinary.attack = traffic::kNoAttack;
  flow.ledger().saw({&ordinary, 1});
  CHECK(flow.ledger().counts().flows == 0);
  CHECK(flow.ledger().counts().used_bytes == 0);
}

TEST_CASE("no truth is told when its memory did not suffice, or its file cannot be written") {
  OneFlow small(256);
  small.play([](bool) { return 9; });
  CHECK(small.ledger().counts().dropped > 0);
  CHECK_FALSE(small.ledger().write(small.path()).ok());
  OneFlow flow;
  CHECK_FALSE(flow.ledger().write("/nowhere/truth").ok());
}
