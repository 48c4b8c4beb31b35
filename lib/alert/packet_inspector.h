#pragma once
// Rules of class packet and anchored, and every rule on payload that belongs to no tracked stream: one
// packet, whole.

#include <cstdint>

#include "alert/alert_memory.h"
#include "alert/evaluator.h"
#include "alert/generation.h"
#include "alert/match_list.h"
#include "alert/rule_budgets.h"
#include "alert/subject.h"
#include "base/stage_cycles.h"
#include "signature/inspection.h"

namespace mirrorscan::alert {

struct PacketUnderTest {
  const Subject& subject;
  const signature::PacketView& view;
  ruleset::ScanKind kind;
  ByteView payload;                 ///< in one piece
  StreamState* stream = nullptr;    ///< of a tracked segment, else null
  std::uint64_t stream_offset = 0;  ///< of the payload's first byte, when tracked
};

class PacketInspector {
 public:
  PacketInspector(match::Scanner& scanner, Evaluator& evaluator, AlertMemory& memory, RuleBudgets& budgets,
                  StageMeter stages)
      : scanner_(scanner), evaluator_(evaluator), memory_(memory), budgets_(budgets), stages_(stages) {}

  /// True when patterns or rules were there to look at the payload: its bytes count as scanned.
  bool inspect(Generation& generation, const PacketUnderTest& packet, MatchList& matches) noexcept;

  /// Rules that need nothing but the header: once a flow and direction.
  void inspect_header(Generation& generation, const Subject& subject, MatchList& matches) noexcept;

 private:
  static void add(const signature::Rule& rule, const Match& match, MatchList& matches) noexcept;
  void consider(Generation& generation, const PacketUnderTest& packet, signature::RuleIndex index,
                MatchList& matches) noexcept;

  /// The rule's tests on the packet and its payload.
  [[nodiscard]] bool holds(const signature::Rule& rule, const PacketUnderTest& packet) noexcept;

  match::Scanner& scanner_;
  Evaluator& evaluator_;
  AlertMemory& memory_;
  RuleBudgets& budgets_;
  [[no_unique_address]] StageMeter stages_;
};

}  // namespace mirrorscan::alert
