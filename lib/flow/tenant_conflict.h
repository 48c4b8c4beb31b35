#pragma once
// Notices that two tenants use the same addresses: the sign of mirror sessions that the config should have
// named as one tenant, or of address spaces that overlap.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/lazy_array.h"
#include "flow/key.h"

namespace mirrorscan::flow {

/// A direct-mapped memory of the last flows' 5-tuples without their tenant. Best effort by design: a newer
/// tuple overwrites an older one with the same place, so a conflict may be told later than its first flow,
/// but never without cause.
class TenantConflicts {
 public:
  struct Other {
    std::uint32_t tenant = 0, vni = 0;
  };
  static constexpr std::size_t kEntries = 65'536;
  static constexpr std::size_t kPairs = 256;

  explicit TenantConflicts(HashSeed seed = {}) : seed_(seed), entries_(kEntries) {}

  /// To be called when a flow is created. The other tenant, and its VNI, that the same 5-tuple was last seen
  /// under; once for each pair of tenants, in whichever order they come.
  [[nodiscard]] std::optional<Other> seen(const Key& key, std::uint32_t vni) noexcept;

  /// Conflicts not told because kPairs pairs had been told already.
  [[nodiscard]] std::uint64_t untold() const noexcept { return untold_; }

 private:
  struct Entry {
    std::uint64_t tuple = 0;  ///< hash; 0 = empty
    std::uint32_t tenant = 0, vni = 0;
  };
  enum class Told : std::uint8_t { now, before, no_room };
  [[nodiscard]] Told tell(std::uint32_t tenant, std::uint32_t other) noexcept;

  HashSeed seed_;
  LazyArray<Entry> entries_;
  std::array<std::array<std::uint32_t, 2>, kPairs> pairs_{};
  std::size_t pairs_told_ = 0;
  std::uint64_t untold_ = 0;
};

}  // namespace mirrorscan::flow
