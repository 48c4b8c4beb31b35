#pragma once
// From a hash to slots: cache-line buckets of signatures, with a chain behind each bucket that overflowed.

#include <array>
#include <bit>
#include <cstdint>

#include "base/lazy_array.h"
#include "flow/slot.h"

namespace mirrorscan::flow {

/// Maps hashes to slots below `max_flows`; keys are compared by the caller. An insert never fails: a ninth
/// slot of a bucket is chained through its own bookkeeping. A lookup reads one cache line, and the chain only
/// of buckets that are full (2 % of them at the highest load that bucket_count() leaves).
class Index {
 public:
  explicit Index(std::uint32_t max_flows);

  /// The first slot with this hash's signature for which `same(slot)` holds; kNone where there is none.
  template <class SameKey>
  [[nodiscard]] Slot find(std::uint64_t hash, const SameKey& same) const noexcept {
    const Bucket& bucket = buckets_[bucket_of(hash)];
    const std::uint32_t signature = signature_of(hash);
    for (std::uint32_t hits = matches(bucket, signature); hits != 0; hits &= hits - 1) {
      const Slot slot = bucket.slots[std::countr_zero(hits)];
      if (same(slot)) return slot;
    }
    if (!full(bucket)) return kNone;
    for (std::uint32_t link = chains_[bucket_of(hash)]; link != 0; link = places_[link - 1].chain)
      if (places_[link - 1].signature == signature && same(link - 1)) return link - 1;
    return kNone;
  }

  /// Enters a slot that is not in the index.
  void insert(std::uint64_t hash, Slot slot) noexcept;
  /// Removes a slot that is.
  void erase(Slot slot) noexcept;

  /// Asks for the cache line that find() reads first.
  void prefetch(std::uint64_t hash) const noexcept { __builtin_prefetch(&buckets_[bucket_of(hash)]); }
  /// The slot that find() will most likely compare first; kNone where no signature fits.
  [[nodiscard]] Slot candidate(std::uint64_t hash) const noexcept {
    const Bucket& bucket = buckets_[bucket_of(hash)];
    const std::uint32_t hits = matches(bucket, signature_of(hash));
    return hits == 0 ? kNone : bucket.slots[std::countr_zero(hits)];
  }

  [[nodiscard]] static std::uint32_t bucket_count(std::uint32_t max_flows) noexcept;
  /// Bytes at a full table, as touched page by page.
  [[nodiscard]] static std::uint64_t bytes(std::uint32_t max_flows) noexcept;

 private:
  static constexpr std::size_t kWays = 8;

  /// Filled from the front: the last signature is zero unless the bucket is full.
  struct alignas(64) Bucket {
    std::array<std::uint32_t, kWays> signatures;  ///< 0 = free
    std::array<Slot, kWays> slots;
  };
  static_assert(sizeof(Bucket) == 64);

  /// Where a slot stands, so that it can be removed without its key.
  struct Place {
    std::uint32_t bucket, signature;
    std::uint32_t chain;  ///< the next slot of the bucket's chain, plus one; 0 = the last
  };

  [[nodiscard]] std::uint32_t bucket_of(std::uint64_t hash) const noexcept {
    return static_cast<std::uint32_t>(hash >> 32) & mask_;
  }
  [[nodiscard]] static std::uint32_t signature_of(std::uint64_t hash) noexcept {
    const auto low = static_cast<std::uint32_t>(hash);
    return low == 0 ? 1 : low;
  }
  [[nodiscard]] static bool full(const Bucket& bucket) noexcept { return bucket.signatures[kWays - 1] != 0; }
  /// A bit for each way whose signature is equal. Compilers make it one vector comparison.
  [[nodiscard]] static std::uint32_t matches(const Bucket& bucket, std::uint32_t signature) noexcept {
    std::uint32_t bits = 0;
    for (std::size_t way = 0; way < kWays; ++way)
      bits |= static_cast<std::uint32_t>(bucket.signatures[way] == signature) << way;
    return bits;
  }
  void unchain(Slot slot) noexcept;

  std::uint32_t mask_;
  LazyArray<Bucket> buckets_;
  LazyArray<std::uint32_t> chains_;  ///< by bucket: the first slot of its chain, plus one
  LazyArray<Place> places_;          ///< by slot
};

}  // namespace mirrorscan::flow
