// Proof that faults hold what they hold within their budgets: under the counter of tests/support/no_alloc.

#include <array>

#include "support/catch.h"
#include "support/no_alloc/call_count.h"
#include "traffic/faults.h"

using namespace mirrorscan;
using namespace mirrorscan::traffic;

namespace {

/// Packets of one flow after another, without end.
class Endless final : public PlanSource {
 public:
  explicit Endless(std::uint64_t gap_ns) : gap_ns_(gap_ns) {}
  std::size_t next(std::span<PacketPlan> out) override {
    for (PacketPlan& plan : out) {
      plan = {};
      plan.time_ns = made_ * gap_ns_;
      plan.flow = made_++ / 100;
    }
    return out.size();
  }

 private:
  std::uint64_t gap_ns_, made_ = 0;
};

}  // namespace

TEST_CASE("with everything copied and delayed faults need no more memory than at the start") {
  const support::CallCount calls;
  REQUIRE(calls.loaded());
  // From packets at one time to packets so rare that each delay ends by time.
  for (const std::uint64_t gap_ns : {0, 1, 10'000, 3'000'000, 100'000'000}) {
    Profile profile;
    profile.mirrors.sources_per_vni = 2;
    profile.faults = {.reorder = 1, .reorder_distance = 256, .duplicate = 1, .double_mirrored = 1};
    Endless from(gap_ns);
    FaultSource source(from, profile);
    std::array<PacketPlan, 32> plans;
    std::size_t given = 0;
    {
      const support::Counted counted(calls);
      while (given < 50'000) given += source.next(plans);
    }
    CAPTURE(gap_ns);
    CHECK(calls.text().empty());
    CHECK(source.held() > 0);
  }
}
