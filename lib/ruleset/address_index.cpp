#include "ruleset/address_index.h"

#include <algorithm>

namespace mirrorscan::ruleset {

using signature::AddressRange;

namespace {

[[nodiscard]] const std::vector<AddressRange>& ranges_of(const signature::AddressSet& set,
                                                         IpVersion version) {
  return version == IpVersion::v4 ? set.v4() : set.v6();
}

/// The address after `last`; all zero after the highest of its version.
[[nodiscard]] IpAddress after(IpAddress address, IpVersion version) {
  for (std::size_t i = version == IpVersion::v4 ? 4 : 16; i-- > 0;)
    if (++address.bytes[i] != 0) return address;
  return {};
}

/// In two words: the comparison of arrays goes byte by byte.
[[nodiscard]] bool less(const IpAddress& a, const IpAddress& b) noexcept {
  using Words = std::array<std::uint64_t, 2>;
  const auto x = std::bit_cast<Words>(a.bytes), y = std::bit_cast<Words>(b.bytes);
  const std::size_t word = x[0] == y[0] ? 1 : 0;
  return __builtin_bswap64(x[word]) < __builtin_bswap64(y[word]);
}

}  // namespace

AddressIndex::AddressIndex(const std::vector<Entry>& entries) {
  v4_.build(entries, IpVersion::v4);
  v6_.build(entries, IpVersion::v6);
}

void AddressIndex::Tree::build(const std::vector<Entry>& entries, IpVersion version) {
  starts_.assign(1, IpAddress{});
  for (const Entry& entry : entries)
    for (const AddressRange& range : ranges_of(*entry.set, version)) {
      starts_.push_back(range.first);
      starts_.push_back(after(range.last, version));
    }
  std::sort(starts_.begin(), starts_.end());
  starts_.erase(std::unique(starts_.begin(), starts_.end()), starts_.end());
  leaves_ = std::bit_ceil(starts_.size());

  std::vector<std::vector<signature::RuleIndex>> nodes(2 * leaves_);
  for (const Entry& entry : entries)
    for (const AddressRange& range : ranges_of(*entry.set, version)) {
      const IpAddress end = after(range.last, version);
      std::size_t low = leaves_ + leaf_of(range.first);
      std::size_t high = leaves_ + (end == IpAddress{} ? leaves_ : leaf_of(end));  // beyond the last
      for (; low < high; low /= 2, high /= 2) {
        if (low % 2 == 1) nodes[low++].push_back(entry.rule);
        if (high % 2 == 1) nodes[--high].push_back(entry.rule);
      }
    }
  first_.assign(1, 0);
  for (const auto& rules : nodes) {
    rules_.insert(rules_.end(), rules.begin(), rules.end());
    first_.push_back(static_cast<std::uint32_t>(rules_.size()));
  }
}

std::size_t AddressIndex::Tree::leaf_of(const IpAddress& address) const noexcept {
  const auto above = std::upper_bound(starts_.begin(), starts_.end(), address, less);
  return static_cast<std::size_t>(above - starts_.begin()) - 1;
}

}  // namespace mirrorscan::ruleset
