#include "traffic/profile.h"

#include <fmt/format.h>

#include <numeric>

#include "traffic/faults_check.h"

namespace mirrorscan::traffic {
namespace {

[[nodiscard]] Error bad(std::string_view what, std::string_view remedy) {
  return {.where = std::string(what), .what = "is out of range", .remedy = std::string(remedy)};
}

}  // namespace

Status check(const Profile& profile) {
  const Flows& flows = profile.flows;
  if (flows.concurrent < 10 || flows.concurrent > 10'000'000) return bad("flows", "give 10 to 10,000,000");
  if (std::accumulate(flows.mix.begin(), flows.mix.end(), 0.0) <= 0)
    return bad("mix", "give a weight above 0");
  if (const Status faults = check(profile.faults, profile.mirrors); !faults) return faults;
  return success();
}

}  // namespace mirrorscan::traffic
