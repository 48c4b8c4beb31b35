#include "exporter/once.h"

#include <algorithm>

namespace mirrorscan::exporter {
namespace {

[[nodiscard]] std::uint64_t pair_of(const record::Record& record) {
  const auto [low, high] = std::minmax(record.tenant, record.anomaly.other_tenant);
  return std::uint64_t{high} << 32 | low;
}

}  // namespace

bool Once::first_time(const record::Record& record) {
  if (record.type != record::Type::anomaly || record.anomaly.kind != record::AnomalyKind::tenant_conflict)
    return true;
  const std::uint64_t pair = pair_of(record);
  if (pairs_.contains(pair)) return false;
  if (pairs_.size() < kMaxPairs)
    pairs_.insert(pair);
  else
    ++unremembered_;
  return true;
}

}  // namespace mirrorscan::exporter
