#include "flow/index.h"

namespace mirrorscan::flow {

namespace {
/// The load to aim at: six of eight ways, before the rounding up to a power of two lowers it further.
constexpr std::uint32_t kFlowsPerBucket = 6;
}  // namespace

std::uint32_t Index::bucket_count(std::uint32_t max_flows) noexcept {
  return std::bit_ceil(max_flows / kFlowsPerBucket + 1);
}

std::uint64_t Index::bytes(std::uint32_t max_flows) noexcept {
  return std::uint64_t{bucket_count(max_flows)} * (sizeof(Bucket) + sizeof(std::uint32_t)) +
         std::uint64_t{max_flows} * sizeof(Place);
}

Index::Index(std::uint32_t max_flows)
    : mask_(bucket_count(max_flows) - 1),
      buckets_(bucket_count(max_flows)),
      chains_(bucket_count(max_flows)),
      places_(max_flows) {}

void Index::insert(std::uint64_t hash, Slot slot) noexcept {
  const std::uint32_t number = bucket_of(hash);
  Bucket& bucket = buckets_[number];
  Place& place = places_[slot];
  place = {number, signature_of(hash), 0};
  if (full(bucket)) {
    place.chain = chains_[number];
    chains_[number] = slot + 1;
    return;
  }
  const auto way = static_cast<std::size_t>(std::countr_zero(matches(bucket, 0)));
  bucket.signatures[way] = place.signature;
  bucket.slots[way] = slot;
}

void Index::erase(Slot slot) noexcept {
  const Place place = places_[slot];
  Bucket& bucket = buckets_[place.bucket];
  std::uint32_t hits = matches(bucket, place.signature);
  while (hits != 0 && bucket.slots[std::countr_zero(hits)] != slot) hits &= hits - 1;
  if (hits == 0) return unchain(slot);

  const auto hole = static_cast<std::size_t>(std::countr_zero(hits));
  if (const std::uint32_t link = chains_[place.bucket]; link != 0) {
    bucket.signatures[hole] = places_[link - 1].signature;
    bucket.slots[hole] = link - 1;
    chains_[place.bucket] = places_[link - 1].chain;
    return;
  }
  const std::uint32_t free = matches(bucket, 0);
  const std::size_t last = (free == 0 ? kWays : static_cast<std::size_t>(std::countr_zero(free))) - 1;
  bucket.signatures[hole] = bucket.signatures[last];
  bucket.slots[hole] = bucket.slots[last];
  bucket.signatures[last] = 0;
}

void Index::unchain(Slot slot) noexcept {
  std::uint32_t* link = &chains_[places_[slot].bucket];
  while (*link != slot + 1) link = &places_[*link - 1].chain;
  *link = places_[slot].chain;
}

}  // namespace mirrorscan::flow
