#include "traffic/faults_check.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "traffic/field_range.h"

namespace mirrorscan::traffic {
namespace {

constexpr std::uint32_t kLeastTruncation = 64;
constexpr double kMostLoss = 0.99;

}  // namespace

Status check(const Faults& faults, const Mirrors& mirrors) {
  const std::array<std::pair<std::string_view, double>, 4> shares = {{
      {"reorder", faults.reorder},
      {"duplicate", faults.duplicate},
      {"double_mirrored", faults.double_mirrored},
      {"one_sided", faults.one_sided},
  }};
  for (const auto& [name, share] : shares)
    if (!within(share, 0.0, 1.0)) return out_of_range(name, "give a share from 0 to 1");
  if (!within(faults.loss, 0.0, kMostLoss)) return out_of_range("loss", "give a share from 0 to 0.99");
  if (faults.truncate_bytes != 0 && faults.truncate_bytes < kLeastTruncation)
    return out_of_range("truncate_bytes",
                        fmt::format("give 0 (whole frames) or at least {}", kLeastTruncation));
  if (faults.reorder_distance == 0 || faults.reorder_distance > kMostReorderDistance)
    return out_of_range("reorder_distance", fmt::format("give 1 to {} packets", kMostReorderDistance));
  if (faults.double_mirrored > 0 && mirrors.sources_per_vni < 2)
    return Error{"double_mirrored", "a VNI with one source has no second mirror",
                 "give 2 or more sources a VNI"};
  return success();
}

}  // namespace mirrorscan::traffic
