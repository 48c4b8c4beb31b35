#include "worker/vni_ledgers.h"

#include <algorithm>

namespace mirrorscan::worker {

VniLedgers::VniLedgers() : ledgers_(kMaxVnis + 2), vnis_(kMaxVnis + 2), buckets_(kBuckets) {}

std::uint32_t VniLedgers::slot_of(std::uint32_t vni) noexcept {
  std::uint32_t bucket = (vni * 2'654'435'761u) >> 7 & (kBuckets - 1);
  while (buckets_[bucket] != 0) {
    if (vnis_[buckets_[bucket]] == vni) return buckets_[bucket];
    bucket = (bucket + 1) & (kBuckets - 1);
  }
  if (used_ == kMaxVnis + 2) return kOther;
  vnis_[used_] = vni;
  buckets_[bucket] = used_;
  return used_++;
}

void VniLedgers::copy_from(const VniLedgers& other) noexcept {
  std::copy_n(other.ledgers_.begin(), other.used_, ledgers_.begin());
  std::copy_n(other.vnis_.begin(), other.used_, vnis_.begin());
  used_ = other.used_;
}

}  // namespace mirrorscan::worker
