#include "hosts/host_state.h"

#include <algorithm>

#include "hosts/window.h"

namespace mirrorscan::hosts {
namespace {

using signature::BitCommand;
using signature::BitTrack;
using signature::HostBit;
using signature::HostOwner;
using signature::HostPart;
using signature::Suppression;
using signature::Threshold;
using signature::ThresholdTrack;

constexpr std::int64_t kSecond = Duration::seconds(1).us;
constexpr Duration kTold = Duration::seconds(3'600);  ///< longer than a flow is idle

[[nodiscard]] Key key_of(const HostBit& bit, const Question& q) noexcept {
  Key key{{}, {}, bit.id, bit.track == BitTrack::pair ? 1U : 0U, q.tenant, StateKind::bit, q.version, 0};
  switch (bit.track) {
    case BitTrack::src: key.a = q.src; break;
    case BitTrack::dst: key.a = q.dst; break;
    case BitTrack::pair: set_pair(key, q.src, q.dst); break;
  }
  return key;
}

[[nodiscard]] Key key_of(const Threshold& threshold, const Question& q) noexcept {
  Key key{{}, {}, q.rule, 0, q.tenant, StateKind::window, q.version, 0};
  switch (threshold.track) {
    case ThresholdTrack::by_src: key.a = q.src; break;
    case ThresholdTrack::by_dst: key.a = q.dst; break;
    case ThresholdTrack::by_both: set_pair(key, q.src, q.dst); break;
    case ThresholdTrack::by_rule: key.version = IpVersion::none; break;
    case ThresholdTrack::by_flow:
      key.version = IpVersion::none;
      key.more = q.flow_id;
      break;
  }
  return key;
}

/// A bit counts until the end of its last second.
[[nodiscard]] Timestamp bit_expires(const HostBit& bit, Timestamp now) noexcept {
  return {(now.us / kSecond + std::int64_t{bit.expire_s} + 1) * kSecond - 1};
}

[[nodiscard]] bool names(const Suppression& s, IpVersion version, const IpAddress& src,
                         const IpAddress& dst) noexcept {
  switch (s.track) {
    case Suppression::Track::any: return true;
    case Suppression::Track::by_src: return s.addresses.contains(version, src);
    case Suppression::Track::by_dst: return s.addresses.contains(version, dst);
    case Suppression::Track::by_either: break;
  }
  return s.addresses.contains(version, src) || s.addresses.contains(version, dst);
}

}  // namespace

Answer HostState::ask(const HostPart& part, const Question& question) noexcept {
  Question q = question;
  q.now = now_ = std::max(now_, q.now);
  for (const HostBit& bit : part.conditions)
    if (is_set(bit, q) != (bit.command == BitCommand::isset)) return Answer::no_match;
  if (q.only_conditions) return Answer::alerts;
  if (q.once_in && was_before(q)) return Answer::no_match;
  for (const HostBit& bit : part.effects) change(bit, q);
  if (!q.may_alert) return Answer::silent;
  if (!part.threshold) return Answer::alerts;
  switch (count(*part.threshold, key_of(*part.threshold, q), table_, q.now)) {
    case Counted::alerts: return Answer::alerts;
    case Counted::silent: return Answer::silent;
    case Counted::exceeds: break;
  }
  return Answer::exceeds;
}

bool HostState::is_set(const HostBit& bit, const Question& q) noexcept {
  return table_.find(key_of(bit, q), q.now) != nullptr;
}

/// A bit that is set is not set for longer by another `set`.
void HostState::change(const HostBit& bit, const Question& q) noexcept {
  const Key key = key_of(bit, q);
  const bool is = table_.find(key, q.now) != nullptr;
  const bool shall = bit.command == BitCommand::set || (bit.command == BitCommand::toggle && !is);
  if (is == shall) return;
  if (shall)
    table_.insert(key, q.now).expires = bit_expires(bit, q.now);
  else
    table_.erase(key);
}

bool HostState::was_before(const Question& q) noexcept {
  Key key{{}, {}, q.rule, q.flow_id, q.tenant, StateKind::told, IpVersion::none, 0};
  key.a = IpAddress::from(reinterpret_cast<const std::uint8_t*>(&*q.once_in), sizeof(*q.once_in));
  State* state = table_.find(key, q.now);
  const bool before = state != nullptr;
  if (!before) state = &table_.insert(key, q.now);
  state->expires = q.now + kTold;
  return before;
}

std::uint64_t owner_hash(const HostPart& part, const Question& q, std::uint64_t seed) noexcept {
  if (part.owner == HostOwner::home) return mix(mix(seed, q.tenant), part.home);
  Key key{{}, {}, 0, 0, q.tenant, StateKind::window, q.version, 0};
  switch (part.owner) {
    case HostOwner::src: key.a = q.src; break;
    case HostOwner::dst: key.a = q.dst; break;
    case HostOwner::pair: set_pair(key, q.src, q.dst); break;
    case HostOwner::flow: key.more = q.flow_id; break;
    case HostOwner::home: break;
  }
  return hash(key, seed);
}

bool suppressed(const HostPart& part, IpVersion version, const IpAddress& src,
                const IpAddress& dst) noexcept {
  return std::any_of(part.suppressions.begin(), part.suppressions.end(),
                     [&](const Suppression& s) { return names(s, version, src, dst); });
}

}  // namespace mirrorscan::hosts
