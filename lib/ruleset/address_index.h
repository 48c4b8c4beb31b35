#pragma once
// Which of many address sets contain an address: one walk for all of them. The 939 rules on addresses alone
// of an ET Open set name 14,321 addresses and would cost 939 checks a flow and direction.
//
// A segment tree for each IP version: the ends of all ranges cut the address space into elementary intervals,
// the leaves; each range is stored at the few nodes that cover it exactly; the sets that contain an address
// are those on the way from its leaf to the root. With nothing but prefixes this is the longest-prefix trie,
// in which all prefixes on the way count.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/address.h"
#include "signature/rule.h"
#include "signature/sets.h"

namespace mirrorscan::ruleset {

class AddressIndex {
 public:
  struct Entry {
    signature::RuleIndex rule;
    const signature::AddressSet* set;
  };
  AddressIndex() = default;
  /// n ranges take at most about 2 n log2(2 n) entries of 4 bytes.
  explicit AddressIndex(const std::vector<Entry>& entries);

  /// visit(rule) for each set that contains the address, in no order; a rule whose sets overlap is visited
  /// for each.
  template <class Visit>
  void for_each(IpVersion version, const IpAddress& address, Visit&& visit) const noexcept {
    (version == IpVersion::v4 ? v4_ : v6_).for_each(address, visit);
  }

 private:
  class Tree {
   public:
    void build(const std::vector<Entry>& entries, IpVersion version);
    template <class Visit>
    void for_each(const IpAddress& address, Visit&& visit) const noexcept {
      if (rules_.empty()) return;
      for (std::size_t node = leaves_ + leaf_of(address); node > 0; node /= 2)
        for (std::uint32_t i = first_[node]; i < first_[node + 1]; ++i) visit(rules_[i]);
    }

   private:
    [[nodiscard]] std::size_t leaf_of(const IpAddress& address) const noexcept;

    std::vector<IpAddress> starts_;  ///< of the elementary intervals, ascending
    std::size_t leaves_ = 0;  ///< a power of two; node 1 is the root, the leaves follow the inner nodes
    std::vector<std::uint32_t> first_;  ///< into rules_, by node
    std::vector<signature::RuleIndex> rules_;
  };
  Tree v4_, v6_;
};

}  // namespace mirrorscan::ruleset
