#pragma once
// Decides whether a rule's payload tests hold on a piece of payload, within a bounded number of steps.

#include <cstdint>

#include "base/bytes.h"
#include "keywords/pcre_workspace.h"
#include "ledger/counter.h"
#include "signature/rule.h"

namespace mirrorscan::alert {

/// Where a piece of payload lies in the whole of it.
struct Piece {
  ByteView bytes;
  bool from_start = true;  ///< the first byte is the payload's or the stream's first
  bool to_end = true;      ///< nothing follows
  /// Where in the piece the hit ends that is being decided: the rule's trigger must match there. 0 =
  /// anywhere.
  std::uint32_t trigger_end = 0;
};

class Evaluator {
 public:
  struct Limits {
    std::uint32_t steps = 50'000;  ///< tests tried in one evaluation
    std::uint32_t pcre_match_limit = 10'000;
  };
  Evaluator(const Limits& limits, ledger::Counters& counters)
      : limits_(limits), counters_(counters), pcre_({.match = limits.pcre_match_limit}) {}

  [[nodiscard]] bool matches(const signature::Rule& rule, const Piece& piece) noexcept;
  /// The rule's conditions on the packet.
  [[nodiscard]] bool matches(const signature::Rule& rule, const signature::PacketView& packet) const noexcept;
  /// The rule's tests on header buffers and then, with the variables that those have set, on the payload. A
  /// rule with payload tests does not match a packet without payload.
  [[nodiscard]] bool matches(const signature::Rule& rule, const signature::PacketView& packet,
                             const Piece& payload) noexcept;

  /// Taken by all evaluations so far.
  [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }

 private:
  [[nodiscard]] signature::Inspection inspection() noexcept;
  /// Evaluates `in`, and counts the limits that it met.
  [[nodiscard]] bool holds(signature::Inspection& in) noexcept;
  Limits limits_;
  ledger::Counters& counters_;
  signature::PcreWorkspace pcre_;
  std::uint64_t steps_ = 0;
};

}  // namespace mirrorscan::alert
