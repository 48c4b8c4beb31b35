#include "flow/tenant_conflict.h"

#include <algorithm>

namespace mirrorscan::flow {

std::optional<TenantConflicts::Other> TenantConflicts::seen(const Key& key, std::uint32_t vni) noexcept {
  Key tuple = key;
  tuple.tenant = 0;
  const std::uint64_t tuple_hash = std::max<std::uint64_t>(hash(tuple, seed_), 1);
  Entry& entry = entries_[(tuple_hash >> 32) % kEntries];
  const Entry before = entry;
  entry = {tuple_hash, key.tenant, vni};
  if (before.tuple != tuple_hash || before.tenant == key.tenant) return std::nullopt;
  if (tell(key.tenant, before.tenant) != Told::now) return std::nullopt;
  return Other{before.tenant, before.vni};
}

TenantConflicts::Told TenantConflicts::tell(std::uint32_t tenant, std::uint32_t other) noexcept {
  const std::array<std::uint32_t, 2> pair{std::min(tenant, other), std::max(tenant, other)};
  const auto told = pairs_.begin() + static_cast<std::ptrdiff_t>(pairs_told_);
  if (std::find(pairs_.begin(), told, pair) != told) return Told::before;
  if (pairs_told_ == kPairs) {
    ++untold_;
    return Told::no_room;
  }
  pairs_[pairs_told_++] = pair;
  return Told::now;
}

}  // namespace mirrorscan::flow
