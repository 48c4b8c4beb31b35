#pragma once
// The ground truth of generated traffic: watches the packets as they go out, after all faults, and says which
// alerts they have to raise.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "traffic/plan.h"
#include "traffic/profile.h"
#include "truth/attack_book.h"

namespace mirrorscan::truth {

struct SeenPacket;  // flow_record.h

/// Keeps, for the flows with attacks alone, which of their bytes went out. What was planted is not taken on
/// trust: every rule of the file is held against all that such a flow said.
class TruthLedger {
 public:
  struct Counts {
    std::uint64_t flows = 0;     ///< with attacks, of which a packet went out
    std::uint64_t dropped = 0;   ///< packets not watched because the budget was used up
    std::size_t used_bytes = 0;  ///< of the budget
  };

  /// `book` must outlive it. `budget_bytes`: of memory for flows; some 300 bytes each.
  TruthLedger(const traffic::Profile& profile, const AttackBook& book,
              std::size_t budget_bytes = std::size_t{1} << 30);
  ~TruthLedger();

  /// The next packets, in the order in which they go out.
  void saw(std::span<const traffic::PacketPlan> plans);

  /// The truth file (docs/truth-format.md). Errors: the budget did not suffice, or the file cannot be
  /// written.
  [[nodiscard]] Status write(const std::string& path) const;

  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }

 private:
  struct State;
  void keep(const traffic::PacketPlan& plan, const SeenPacket& seen);

  Counts counts_;
  std::unique_ptr<State> state_;
};

}  // namespace mirrorscan::truth
