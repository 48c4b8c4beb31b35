// The index of address sets against the obvious: asking each set.

#include <algorithm>
#include <random>
#include <vector>

#include "ruleset/address_index.h"
#include "support/catch.h"

using namespace mirrorscan;
using ruleset::AddressIndex;
using signature::AddressRange;
using signature::AddressSet;

namespace {

using Random = std::mt19937_64;
using Rules = std::vector<signature::RuleIndex>;

std::uint64_t below(Random& random, std::uint64_t limit) {
  return random() % limit;
}

/// Near others, so that ranges touch, nest and overlap; the ends of the space are among them.
IpAddress draw_address(Random& random, IpVersion version) {
  IpAddress out;
  const std::size_t bytes = version == IpVersion::v4 ? 4 : 16;
  const auto fill = static_cast<std::uint8_t>(below(random, 3) == 0 ? 0xff : 0);
  for (std::size_t i = 0; i < bytes; ++i)
    out.bytes[i] = below(random, 3) == 0 ? static_cast<std::uint8_t>(below(random, 4)) : fill;
  return out;
}

std::vector<AddressRange> draw_ranges(Random& random, IpVersion version) {
  std::vector<AddressRange> out;
  for (std::uint64_t i = below(random, 4); i > 0; --i) {
    IpAddress first = draw_address(random, version),
              last = below(random, 2) == 0 ? first : draw_address(random, version);
    if (last < first) std::swap(first, last);
    out.push_back({first, last});
  }
  return out;
}

Rules found(const AddressIndex& index, IpVersion version, const IpAddress& address) {
  Rules out;
  index.for_each(version, address, [&](signature::RuleIndex rule) { out.push_back(rule); });
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("an index without sets finds nothing") {
  CHECK(found(AddressIndex(), IpVersion::v4, IpAddress::v4(10, 0, 0, 1)).empty());
  CHECK(found(AddressIndex(std::vector<AddressIndex::Entry>{}), IpVersion::v6, IpAddress{}).empty());
}

TEST_CASE("a set of all addresses contains the first and the last") {
  const AddressSet any = AddressSet::any();
  const AddressIndex index({{7, &any}});
  for (const auto version : {IpVersion::v4, IpVersion::v6}) {
    IpAddress last;
    std::fill_n(last.bytes.begin(), version == IpVersion::v4 ? 4 : 16, std::uint8_t{0xff});
    CHECK(found(index, version, {}) == Rules{7});
    CHECK(found(index, version, last) == Rules{7});
  }
}

TEST_CASE("an address finds the sets that contain it, each once, as asking each set does") {
  Random random(5);
  for (int round = 0; round < 300; ++round) {
    std::vector<AddressSet> sets(below(random, 30));
    std::vector<AddressIndex::Entry> entries;
    for (AddressSet& set : sets)
      set = AddressSet::of(draw_ranges(random, IpVersion::v4), draw_ranges(random, IpVersion::v6));
    for (std::size_t i = 0; i < sets.size(); ++i)
      entries.push_back({static_cast<signature::RuleIndex>(i), &sets[i]});
    const AddressIndex index(entries);
    for (int probe = 0; probe < 60; ++probe) {
      const IpVersion version = below(random, 2) == 0 ? IpVersion::v4 : IpVersion::v6;
      const IpAddress address = draw_address(random, version);
      Rules expected;
      for (const auto& entry : entries)
        if (entry.set->contains(version, address)) expected.push_back(entry.rule);
      REQUIRE(found(index, version, address) == expected);
    }
  }
}
