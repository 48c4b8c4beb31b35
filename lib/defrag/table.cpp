#include "defrag/table.h"

#include <bit>

#include "base/mix.h"

namespace mirrorscan::defrag {

Table::Table(std::uint32_t max_datagrams, std::uint64_t seed)
    : datagrams_(max_datagrams),
      buckets_(std::bit_ceil(std::uint64_t{max_datagrams} * 2), kNone),
      seed_(seed) {}

std::uint32_t& Table::bucket(const Key& key) noexcept {
  std::uint64_t hash = mix(mix(seed_, key.src), key.dst);
  hash = mix(hash, std::uint64_t{key.tenant} << 32 | key.ip_id);
  hash =
      mix(hash, std::uint64_t{key.vlans} << 16 | static_cast<std::uint64_t>(key.version) << 8 | key.protocol);
  return buckets_[hash & (buckets_.size() - 1)];
}

std::uint32_t Table::find(const Key& key) noexcept {
  std::uint32_t index = bucket(key);
  while (index != kNone && datagrams_[index].key != key) index = datagrams_[index].next_in_bucket;
  return index;
}

std::uint32_t Table::insert(const Key& key, Timestamp deadline) noexcept {
  const std::uint32_t index = datagrams_.take();
  std::uint32_t& first = bucket(key);
  Datagram& datagram = datagrams_[index];
  datagram.key = key;
  datagram.deadline = deadline;
  datagram.next_in_bucket = first;
  datagram.older = newest_;
  datagram.newer = kNone;
  datagram.first_fragment = datagram.last_fragment = kNone;
  datagram.there = datagram.reach = 0;
  datagram.end = kEndUnknown;
  datagram.chunks.fill(kNone);
  datagram.head.length = 0;
  first = index;
  (newest_ == kNone ? oldest_ : datagrams_[newest_].newer) = index;
  newest_ = index;
  return index;
}

void Table::unlink(std::uint32_t index) noexcept {
  const Datagram& datagram = datagrams_[index];
  std::uint32_t* link = &bucket(datagram.key);
  while (*link != index) link = &datagrams_[*link].next_in_bucket;
  *link = datagram.next_in_bucket;
  (datagram.older == kNone ? oldest_ : datagrams_[datagram.older].newer) = datagram.newer;
  (datagram.newer == kNone ? newest_ : datagrams_[datagram.newer].older) = datagram.older;
}

}  // namespace mirrorscan::defrag
