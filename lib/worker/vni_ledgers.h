#pragma once
// One ledger for each VNI on this lcore, found by VNI; slot 0 is for packets whose VNI was never known.

#include <cstdint>
#include <vector>

#include "ledger/ledger.h"

namespace mirrorscan::worker {

class VniLedgers {
 public:
  static constexpr std::uint32_t kNone = 0;   ///< refused before the VNI was known
  static constexpr std::uint32_t kOther = 1;  ///< the table was full
  static constexpr std::uint32_t kMaxVnis = 4'096;

  VniLedgers();

  /// The slot of a VNI (24 bits); kOther when kMaxVnis others were seen before it. A hash probe.
  [[nodiscard]] std::uint32_t slot_of(std::uint32_t vni) noexcept;
  [[nodiscard]] ledger::Ledger& operator[](std::uint32_t slot) noexcept { return ledgers_[slot]; }

  /// Takes over the slots in use; allocates nothing.
  void copy_from(const VniLedgers& other) noexcept;

  /// Slots 0 .. count() - 1 are in use.
  [[nodiscard]] std::uint32_t count() const noexcept { return used_; }
  [[nodiscard]] std::uint32_t vni_of(std::uint32_t slot) const noexcept { return vnis_[slot]; }
  [[nodiscard]] const ledger::Ledger& at(std::uint32_t slot) const noexcept { return ledgers_[slot]; }

 private:
  static constexpr std::uint32_t kBuckets = 2 * kMaxVnis;
  std::vector<ledger::Ledger> ledgers_;
  std::vector<std::uint32_t> vnis_;
  std::vector<std::uint32_t> buckets_;  ///< slot, or 0 = empty
  std::uint32_t used_ = 2;
};

}  // namespace mirrorscan::worker
