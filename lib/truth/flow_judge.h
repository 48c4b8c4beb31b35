#pragma once
// Which alerts a flow has to raise, and which of its attacks cannot raise one, from the packets that went
// out.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "truth/attack_book.h"
#include "truth/flow_record.h"
#include "truth/stream_truth.h"

namespace mirrorscan::truth {

/// Alerts of a rule in one direction of a flow.
struct Expected {
  signature::RuleIndex rule = 0;
  Direction direction = Direction::to_server;
  std::uint32_t count = 0;
  std::uint32_t segments = 0;  ///< the most over which a match was spread: its attack's bytes, else its
                               ///< trigger's
};

/// An occurrence of the planted attack that raises no alert; `open`: or does, nothing decides it.
struct Damaged {
  signature::RuleIndex rule = 0;
  Direction direction = Direction::to_server;
  std::string why;
  bool open = false;
};

struct FlowTruth {
  std::vector<Expected> expected;  ///< one for each rule and direction
  std::vector<Damaged> damaged;    ///< one for each occurrence
};

class FlowJudge {
 public:
  explicit FlowJudge(const AttackBook& book);

  /// Deterministic: a flow's truth does not depend on those judged before.
  [[nodiscard]] FlowTruth judge(const FlowRecord& flow);

 private:
  struct Case;
  /// Where windows begin: at the stream's first byte, or nobody knows.
  enum class Windows : std::uint8_t { from_start, anywhere };
  struct StreamMatches {
    std::vector<StreamMatch> all;        ///< in all that went out
    std::vector<StreamMatch> picked_up;  ///< in what did from the place where the stream was picked up
    Windows windows;
  };
  void stream(Case& c, Direction direction);
  void segments(Case& c, Direction direction);
  void datagrams(Case& c);
  [[nodiscard]] std::vector<StreamMatch> matches_from(const Case& c, Direction direction, std::uint64_t from);
  void tell_stream(Case& c, Direction direction, const StreamMatches& found);
  void tell_damaged(Case& c) const;
  /// Of the direction when nothing of it is missing, which is the same for all flows that say it.
  [[nodiscard]] const std::vector<StreamMatch>& whole(const Case& c, Direction direction);

  const AttackBook& book_;
  StreamTruth truth_;
  std::map<std::array<std::uint32_t, 3>, std::vector<StreamMatch>> whole_;  ///< by attack, variant, direction
};

}  // namespace mirrorscan::truth
