#include "rules/ip_only.h"

#include <vector>

namespace mirrorscan::rules {

namespace {

using ruleset::AddressIndex;
using signature::AddressRange;
using signature::AddressSet;
using signature::Rule;
using signature::RuleClass;
using signature::RuleIndex;

constexpr double kByteValues = 256;

/// The address as a fraction of its version's space.
double position(const IpAddress& address) {
  double out = 0;
  for (std::size_t i = address.bytes.size(); i-- > 0;) out = (out + address.bytes[i]) / kByteValues;
  return out;
}

double share(const std::vector<AddressRange>& ranges) {
  double out = 0;
  for (const AddressRange& range : ranges) out += position(range.last) - position(range.first);
  return out;
}

/// How likely a set is to be met, one version as much as the other.
double share(const AddressSet& set) {
  return share(set.v4()) + share(set.v6());
}

}  // namespace

void index_ip_only(ruleset::Ruleset& ruleset) {
  std::vector<AddressIndex::Entry> by_src, by_dst;
  for (RuleIndex index = 0; index < ruleset.rules.size(); ++index) {
    const Rule& rule = ruleset.rules[index];
    if (rule.rule_class != RuleClass::ip_only) continue;
    ruleset.ip_only.push_back(index);
    const signature::Header& header = rule.header;
    const bool src = share(header.src) <= share(header.dst);
    (src ? by_src : by_dst).push_back({index, src ? &header.src : &header.dst});
  }
  ruleset.ip_only_by_src = AddressIndex(by_src);
  ruleset.ip_only_by_dst = AddressIndex(by_dst);
}

}  // namespace mirrorscan::rules
