#pragma once
// Rules on the reassembled bytes of a stream: one answer for every segmentation (design section 2).
//
// A trigger that ends at stream offset e is decided on the bytes [start of the trigger - look_back, e +
// look_ahead), cut off only by gaps and by the two ends of the stream. Those bytes, and therefore the answer,
// do not depend on how the stream was cut into segments. A rule may alert before all of them are there only
// if more bytes cannot take the match back (Rule::monotone); otherwise the trigger is pended until bytes, a
// gap or the end decide it. A match that only lacks an established connection (data on a SYN) waits for it in
// the same way.

#include <cstdint>
#include <vector>

#include "alert/alert_memory.h"
#include "alert/evaluator.h"
#include "alert/generation.h"
#include "alert/match_list.h"
#include "alert/rule_budgets.h"
#include "alert/subject.h"
#include "base/stage_cycles.h"

namespace mirrorscan::alert {

/// In-order bytes in one piece of memory.
struct StreamBytes {
  ByteView bytes;
  std::uint64_t offset = 0;      ///< of the first byte in the stream
  std::uint64_t gap_before = 0;  ///< bytes given up just before it
};

enum class Scanned : std::uint8_t { yes, no_rule, over_budget };

class StreamInspector {
 public:
  struct Budgets {
    std::size_t window_bytes = 134'217'728;
    std::uint32_t pended = 65'536;
  };
  StreamInspector(const Budgets& budgets, match::Scanner& scanner, Evaluator& evaluator, AlertMemory& memory,
                  RuleBudgets& rule_budgets, ledger::Counters& counters, StageMeter stages);

  /// The next bytes of a stream that rules look at. `subject` is the stream's direction.
  [[nodiscard]] Scanned bytes(Generation& generation, StreamState& stream, const Subject& subject,
                              const StreamBytes& next, MatchList& matches) noexcept;
  /// Decides what is pended of rules with state as far as the bytes that are there can decide it: others are
  /// about to see what they changed.
  void catch_up(Generation& generation, StreamState& stream, const Subject& subject,
                MatchList& matches) noexcept;
  /// Nothing will follow: decides all that waits and gives everything back but what has alerted.
  void end(Generation& generation, StreamState& stream, const Subject& subject, MatchList& matches) noexcept;

  /// Of all streams, for those who look at the same bytes.
  [[nodiscard]] WindowPool& windows() noexcept { return windows_; }
  [[nodiscard]] std::size_t window_bytes_used() const noexcept { return windows_.used_bytes(); }
  [[nodiscard]] std::uint32_t pended() const noexcept { return pended_.used(); }

 private:
  /// Hits that wait in a stream beyond these cost their rules a step for each chunk: a flood of them, which
  /// bytes that come one by one would walk again and again, ends in a suspension.
  static constexpr std::uint32_t kFreeWalk = 64;
  enum class Finality : std::uint8_t { more_may_follow, gap_follows, stream_ended };
  struct Pended {
    std::uint64_t end = 0;  ///< of the trigger, stream offset
    /// Do not evaluate again before this many bytes are there. Of what is decided: the match's position.
    std::uint64_t next_try = 0;
    signature::RuleIndex rule = 0;
    std::uint32_t next = kNoNode;
    bool matches = false;  ///< decided; waits for the connection to be established
  };
  /// One chunk's inspection: what all steps need.
  struct Job {
    Generation& generation;
    StreamState& stream;
    const Subject& subject;
    StreamBytes chunk;
    MatchList& matches;
    Finality finality = Finality::more_may_follow;
    std::uint64_t linear_from = 0, linear_to = 0;  ///< stream range copied to linear_
    [[nodiscard]] std::uint64_t available() const noexcept { return chunk.offset + chunk.bytes.size(); }
  };
  enum class Decision : std::uint8_t { matched, no_match, undecided };
  /// A trigger that ends at `end`; for rules with state, Match::position.
  struct Found {
    std::uint64_t end = 0, position = 0;
  };

  void start(Generation& generation, StreamState& stream, const Subject& subject) noexcept;
  void hit(Job& job, signature::RuleIndex index, std::uint64_t end) noexcept;
  /// A match of this hit could only repeat the newest one.
  [[nodiscard]] static bool comes_too_late(const Job& job, signature::RuleIndex index,
                                           std::uint64_t end) noexcept;
  /// Whether the rule is for this stream, established or not.
  [[nodiscard]] static bool concerns(const signature::Rule& rule, const Subject& subject) noexcept;
  [[nodiscard]] Decision try_again(Job& job, Pended& trigger, Found& found) noexcept;
  /// Alerts.
  static void tell(Job& job, signature::RuleIndex index, const Found& found) noexcept;
  [[nodiscard]] bool append(StreamState& stream, const Pended& trigger) noexcept;
  /// Sets `found` when it matched.
  [[nodiscard]] Decision decide(Job& job, signature::RuleIndex index, std::uint64_t end,
                                Found& found) noexcept;
  /// The rule's tests on the piece, measured and charged.
  [[nodiscard]] bool evaluate(Generation& generation, signature::RuleIndex index,
                              const Piece& piece) noexcept;
  /// The least length of the piece, from `least`, at which the rule matches; it does at the whole.
  [[nodiscard]] std::size_t first_match(Generation& generation, signature::RuleIndex index,
                                        const Piece& piece, std::size_t least) noexcept;
  void pend(Job& job, const Pended& trigger) noexcept;
  void decide_pended(Job& job) noexcept;
  void whole_windows(Job& job, std::uint64_t from) noexcept;
  /// Alerts once a window, or waits for the connection to be established.
  void matched(Job& job, signature::RuleIndex index, const Found& found) noexcept;
  /// [from, to) of the stream; `from` moves up to the first byte that is still there.
  [[nodiscard]] ByteView view(Job& job, std::uint64_t& from, std::uint64_t to) noexcept;

  match::Scanner& scanner_;
  Evaluator& evaluator_;
  AlertMemory& memory_;
  RuleBudgets& rule_budgets_;
  ledger::Counters& counters_;
  [[no_unique_address]] StageMeter stages_;
  WindowPool windows_;
  NodePool<Pended> pended_;
  std::vector<std::uint8_t> linear_;
};

}  // namespace mirrorscan::alert
