#include "traffic/flow_calendar.h"

#include <set>
#include <utility>
#include <vector>

#include "base/mix.h"
#include "support/catch.h"

using namespace mirrorscan;
using namespace mirrorscan::traffic;

TEST_CASE("the calendar gives slots by time and then by number, like a sorted set") {
  std::vector<Flow> flows(500);
  std::uint64_t state = 9;
  const auto drawn = [&state](std::uint64_t most) { return (state = mix(state, 77)) % most; };
  FlowCalendar calendar(flows, 40);
  std::set<std::pair<std::uint64_t, std::uint32_t>> naive;
  const auto push = [&](std::uint32_t slot, std::uint64_t at) {
    flows[slot].next_ns = at;
    naive.emplace(at, slot);
    calendar.push(slot);
  };
  for (std::uint32_t slot = 0; slot < flows.size(); ++slot) push(slot, drawn(100'000));
  for (int i = 0; i < 50'000; ++i) {
    const std::uint32_t slot = calendar.pop();
    REQUIRE(std::pair(flows[slot].next_ns, slot) == *naive.begin());
    naive.erase(naive.begin());
    // Sometimes now, sometimes today, sometimes years later.
    const std::uint64_t waits[] = {0, drawn(50), drawn(20'000), drawn(5'000'000)};
    push(slot, flows[slot].next_ns + waits[drawn(4)]);
  }
}
