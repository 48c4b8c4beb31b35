#pragma once
// Events that several workers may each see and that an operator wants to read once.

#include <cstdint>
#include <unordered_set>

#include "record/record.h"

namespace mirrorscan::exporter {

/// Remembers which pairs of tenants were told to be in conflict, whichever of the two came first.
class Once {
 public:
  static constexpr std::size_t kMaxPairs = 4'096;  ///< 16 workers tell 256 each at most

  /// True for every record but an anomaly `tenant_conflict` of a pair that was told before. Beyond kMaxPairs
  /// a pair is told each time, and counted: better twice than never.
  [[nodiscard]] bool first_time(const record::Record& record);

  /// Conflicts told without being remembered.
  [[nodiscard]] std::uint64_t unremembered() const { return unremembered_; }

 private:
  std::unordered_set<std::uint64_t> pairs_;
  std::uint64_t unremembered_ = 0;
};

}  // namespace mirrorscan::exporter
