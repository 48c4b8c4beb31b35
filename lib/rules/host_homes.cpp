#include "rules/host_homes.h"

#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace mirrorscan::rules {
namespace {

using signature::BitTrack;
using signature::HostBit;
using signature::HostOwner;
using signature::HostPart;
using signature::Rule;
using signature::ThresholdTrack;

HostOwner owner_of(BitTrack track) noexcept {
  switch (track) {
    case BitTrack::src: return HostOwner::src;
    case BitTrack::dst: return HostOwner::dst;
    case BitTrack::pair: break;
  }
  return HostOwner::pair;
}

HostOwner owner_of(ThresholdTrack track) noexcept {
  switch (track) {
    case ThresholdTrack::by_src: return HostOwner::src;
    case ThresholdTrack::by_dst: return HostOwner::dst;
    case ThresholdTrack::by_both: return HostOwner::pair;
    case ThresholdTrack::by_flow: return HostOwner::flow;
    case ThresholdTrack::by_rule: break;
  }
  return HostOwner::home;
}

/// Whose state the rule asks for.
std::set<HostOwner> owners_of(const HostPart& host) {
  std::set<HostOwner> out;
  for (const auto* bits : {&host.conditions, &host.effects})
    for (const HostBit& bit : *bits) out.insert(owner_of(bit.track));
  if (host.threshold) out.insert(owner_of(host.threshold->track));
  return out;
}

/// A `pass`, `drop` or `reject` that a host may void, a rule that changes its flow only where a condition of
/// a host holds, a rate_filter that lets the packet go.
bool is_urgent(const Rule& rule) noexcept {
  using signature::Action;
  const HostPart& host = rule.host;
  const bool acts = rule.action != Action::alert;
  return (acts && (host.threshold || !host.conditions.empty())) ||
         (!rule.state.effects.empty() && !host.conditions.empty()) ||
         (host.threshold && host.threshold->silent_beyond_rate);
}

/// Groups of rules that share bits, as trees of rule numbers.
class Groups {
 public:
  explicit Groups(std::size_t rules) : parent_(rules) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t of(std::uint32_t rule) {
    while (parent_[rule] != rule) rule = parent_[rule] = parent_[parent_[rule]];
    return rule;
  }
  void join(std::uint32_t a, std::uint32_t b) { parent_[of(a)] = of(b); }

 private:
  std::vector<std::uint32_t> parent_;
};

}  // namespace

void assign_host_homes(std::vector<Rule>& rules) {
  std::map<std::pair<bool, std::string>, std::uint32_t> ids;  // of hosts and of pairs apart
  std::map<std::uint32_t, std::uint32_t> user;                // bit to a rule with it
  Groups groups(rules.size());
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    for (auto* bits : {&rules[i].host.conditions, &rules[i].host.effects})
      for (HostBit& bit : *bits) {
        const auto next = static_cast<std::uint32_t>(ids.size());
        bit.id = ids.try_emplace({bit.track == BitTrack::pair, bit.name}, next).first->second;
        groups.join(i, user.try_emplace(bit.id, i).first->second);
      }
  }
  std::set<std::uint32_t> gathered;  // groups whose state is in one home
  for (std::uint32_t i = 0; i < rules.size(); ++i)
    if (owners_of(rules[i].host).size() > 1) gathered.insert(groups.of(i));
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    HostPart& host = rules[i].host;
    const std::set<HostOwner> owners = owners_of(host);
    if (owners.empty()) continue;
    host.owner = gathered.contains(groups.of(i)) ? HostOwner::home : *owners.begin();
    host.home = groups.of(i);
    host.urgent = is_urgent(rules[i]);
  }
}

}  // namespace mirrorscan::rules
