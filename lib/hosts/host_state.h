#pragma once
// All that one worker remembers of its hosts, and its answers to matches that depend on it.

#include <cstdint>
#include <optional>

#include "base/address.h"
#include "base/timestamp.h"
#include "hosts/table.h"
#include "signature/host_condition.h"

namespace mirrorscan::hosts {

/// A match of a rule, as its hosts see it.
struct Question {
  std::uint64_t rule = 0;  ///< gid and sid: what its counters are known by
  std::uint32_t tenant = 0;
  IpVersion version = IpVersion::none;
  IpAddress src, dst;
  std::uint64_t flow_id = 0;
  /// Where a match of the same rule and flow was before, this one does not count: the window of the stream
  /// and its direction. nullopt: each match counts.
  std::optional<std::uint64_t> once_in;
  bool may_alert = true;         ///< false: only conditions and effects
  bool only_conditions = false;  ///< nothing is changed: whether they hold
  Timestamp now;
};

enum class Answer : std::uint8_t {
  alerts,
  silent,    ///< matched, and does not alert
  exceeds,   ///< likewise, since it has alerted often enough
  no_match,  ///< a condition does not hold
};

class HostState {
 public:
  HostState(std::uint32_t budget, std::uint64_t seed) : table_(budget, seed) {}

  /// In the order of the reference: conditions, effects, threshold. `now` earlier than before counts as what
  /// was before.
  [[nodiscard]] Answer ask(const signature::HostPart& part, const Question& question) noexcept;

  [[nodiscard]] std::uint32_t size() const noexcept { return table_.size(); }
  [[nodiscard]] std::uint64_t evicted() const noexcept { return table_.evicted(); }

 private:
  [[nodiscard]] bool is_set(const signature::HostBit& bit, const Question& question) noexcept;
  void change(const signature::HostBit& bit, const Question& question) noexcept;
  [[nodiscard]] bool was_before(const Question& question) noexcept;

  Table table_;
  Timestamp now_;
};

/// Which worker keeps the state that a rule asks for is a hash of this: the same for all matches that share
/// state.
[[nodiscard]] std::uint64_t owner_hash(const signature::HostPart& part, const Question& question,
                                       std::uint64_t seed) noexcept;

/// Whether the rule is silent about these addresses.
[[nodiscard]] bool suppressed(const signature::HostPart& part, IpVersion version, const IpAddress& src,
                              const IpAddress& dst) noexcept;

}  // namespace mirrorscan::hosts
