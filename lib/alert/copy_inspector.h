#pragma once
// Bytes of a stream that came again: where they differ from what was inspected, the stream has a second
// version, and the receiver may have taken either. The second version is inspected too, with what was kept
// around the difference and with what follows it.
//
// Second versions share StreamInspector's windows and its memory of alerts, so that a rule which has alerted
// in a window does not do so again. Differences that lie within a rule's reach of each other make one second
// version, with the newest copy of each byte; the newest alone is tried, too.

#include <cstdint>
#include <vector>

#include "alert/alert_memory.h"
#include "alert/evaluator.h"
#include "alert/generation.h"
#include "alert/match_list.h"
#include "alert/node_pool.h"
#include "alert/rule_budgets.h"
#include "alert/stream_inspector.h"
#include "alert/subject.h"
#include "alert/window.h"

namespace mirrorscan::alert {

/// What the bytes that came again are, compared with those that came first.
enum class Copy : std::uint8_t { same, differs, not_compared };

class CopyInspector {
 public:
  CopyInspector(WindowPool& windows, match::Scanner& scanner, Evaluator& evaluator, AlertMemory& memory,
                RuleBudgets& budgets, ledger::Counters& counters);

  /// Bytes of the stream that were given to StreamInspector::bytes before, at the same offsets; what is not
  /// kept any more is inspected by itself, as far as rules can match on a part of a stream for certain.
  [[nodiscard]] Copy again(Generation& generation, StreamState& stream, const Subject& subject,
                           const StreamBytes& copy, MatchList& matches) noexcept;
  /// Before the next bytes of the stream go to StreamInspector::bytes: they are the second version's, too.
  void follow(Generation& generation, StreamState& stream, const Subject& subject, const StreamBytes& next,
              MatchList& matches) noexcept;
  /// Before StreamInspector::end().
  void end(Generation& generation, StreamState& stream, const Subject& subject, MatchList& matches) noexcept;

 private:
  static constexpr std::uint32_t kBudget = 4'096;  ///< second versions at a time

  /// A second version that is followed.
  struct Second {
    Window window;
    std::uint64_t from = 0, to = 0;        ///< what is there
    std::uint64_t changed = 0, until = 0;  ///< where it differs
    std::uint64_t next_try = 0;            ///< inspect it again when so many bytes are there
    std::uint32_t next = kNoNode;
  };
  /// A stretch of a second version.
  struct Stretch {
    ByteView bytes;
    std::uint64_t from = 0;
    std::uint64_t changed = 0, until = 0;
    enum class Edge : std::uint8_t { more_follows, last, stream_ends, unknown } edge = Edge::more_follows;
    [[nodiscard]] std::uint64_t to() const noexcept { return from + bytes.size(); }
  };
  struct Job {
    Generation& generation;
    StreamState& stream;
    const Subject& subject;
    MatchList& matches;
  };

  [[nodiscard]] Copy compared(Job& job, std::uint64_t from, ByteView copy) noexcept;
  void branch(Job& job, std::uint64_t from, ByteView copy, std::uint64_t changed,
              std::uint64_t until) noexcept;
  void inspect_second(Job& job, Stretch::Edge edge) noexcept;
  void give_back(StreamState& stream) noexcept;
  void inspect(Job& job, const Stretch& stretch) noexcept;
  void whole_windows(Job& job, const Stretch& stretch) noexcept;
  void hit(Job& job, const Stretch& stretch, signature::RuleIndex index, std::uint64_t end) noexcept;
  [[nodiscard]] bool holds(Job& job, signature::RuleIndex index, const Piece& piece) noexcept;
  void matched(Job& job, signature::RuleIndex index, std::uint64_t end) noexcept;

  WindowPool& windows_;
  match::Scanner& scanner_;
  Evaluator& evaluator_;
  AlertMemory& memory_;
  RuleBudgets& budgets_;
  ledger::Counters& counters_;
  NodePool<Second> seconds_;
  std::vector<std::uint8_t> kept_;  ///< scratch
};

}  // namespace mirrorscan::alert
