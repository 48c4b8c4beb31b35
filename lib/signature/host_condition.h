#pragma once
// What a rule asks of the state of hosts: thresholds, xbits and hostbits, and whom it is silent about. The
// state itself is in lib/hosts; a match meets it after the conditions of its flow.

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "signature/sets.h"

namespace mirrorscan::signature {

enum class ThresholdKind : std::uint8_t {
  limit,             ///< the first `count` matches of a window alert
  threshold,         ///< each `count`-th match of a window alerts
  both,              ///< the `count`-th match of a window alerts, once
  detection_filter,  ///< matches after the first `count` of a window alert
  rate_filter,       ///< more than `count` in a window change the action for `timeout_s`
};

/// Whose matches are counted together.
enum class ThresholdTrack : std::uint8_t { by_src, by_dst, by_both, by_rule, by_flow };

/// `threshold`, `detection_filter`, and the lines of a threshold file that count.
struct Threshold {
  ThresholdKind kind = ThresholdKind::limit;
  ThresholdTrack track = ThresholdTrack::by_src;
  std::uint32_t count = 1;
  std::uint32_t seconds = 1;        ///< of the window, whose last microsecond still belongs to it
  std::uint32_t timeout_s = 0;      ///< rate_filter
  bool silent_beyond_rate = false;  ///< rate_filter with new_action pass
};

enum class BitCommand : std::uint8_t { set, unset, toggle, isset, isnotset };

/// Whose bit it is: the host's that sends, the host's that receives, or one of the pair in either order.
enum class BitTrack : std::uint8_t { src, dst, pair };

enum class BitKeyword : std::uint8_t { xbits, hostbits };

/// One `xbits` or `hostbits`. Both name the same bits of hosts, as in the reference.
struct HostBit {
  BitKeyword keyword = BitKeyword::xbits;
  BitCommand command = BitCommand::set;
  BitTrack track = BitTrack::src;
  std::string name;
  std::uint32_t id = 0;  ///< of the name, within its ruleset
  std::uint32_t expire_s = 0;
  [[nodiscard]] bool asks() const noexcept {
    return command == BitCommand::isset || command == BitCommand::isnotset;
  }
};

/// `suppress` of a threshold file: no alert where the address is one of these.
struct Suppression {
  enum class Track : std::uint8_t { any, by_src, by_dst, by_either };
  Track track = Track::any;
  AddressSet addresses;  ///< not for Track::any
};

/// What decides which worker keeps the state that a rule asks for.
enum class HostOwner : std::uint8_t { src, dst, pair, flow, home };

struct HostPart {
  std::vector<HostBit> conditions;        ///< isset, isnotset: all must hold
  std::vector<HostBit> effects;           ///< set, unset, toggle: take place when the conditions hold
  std::optional<Threshold> threshold;     ///< after the effects
  std::vector<Suppression> suppressions;  ///< no state: decided where the match is
  HostOwner owner = HostOwner::src;
  /// HostOwner::home: all state of the rule is in one place, of this number. The rule counts without regard
  /// to hosts, or it, or one that shares bits with it, asks for two hosts at once.
  std::uint32_t home = 0;
  /// The answer is needed where the match is, not only where it is told: the rule's action or what it does to
  /// its flow depends on it.
  bool urgent = false;

  [[nodiscard]] bool empty() const noexcept { return !needs_state() && suppressions.empty(); }
  /// Whether a match needs the state of hosts.
  [[nodiscard]] bool needs_state() const noexcept {
    return !conditions.empty() || !effects.empty() || threshold.has_value();
  }
};

/// The reference evaluates rules that change hostbits before all others, and then those that ask for xbits:
/// its order within an action, after flowbits and flowint and before the priority. A lower rank is first.
struct HostBitRank {
  std::uint8_t changes_hostbits = 1;  ///< 0 = it does
  std::uint8_t asks_xbits = 1;        ///< 0 = it does
  friend auto operator<=>(const HostBitRank&, const HostBitRank&) = default;
};

[[nodiscard]] inline HostBitRank host_bit_rank(const HostPart& host) noexcept {
  const auto any = [](const std::vector<HostBit>& bits, BitKeyword keyword) {
    return std::any_of(bits.begin(), bits.end(), [&](const HostBit& b) { return b.keyword == keyword; });
  };
  return {static_cast<std::uint8_t>(any(host.effects, BitKeyword::hostbits) ? 0 : 1),
          static_cast<std::uint8_t>(any(host.conditions, BitKeyword::xbits) ? 0 : 1)};
}

}  // namespace mirrorscan::signature
