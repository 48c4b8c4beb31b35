#pragma once
// What each rule of class stream means, said about a whole stream at once: in which windows it has to alert
// (docs/detection.md, "Class stream: one answer"). It knows nothing of segments, chunks, windows that slide
// or triggers that wait, and where naive_rule.h has words for a rule's tests it does not use theirs either.

#include <cstdint>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "keywords/pcre_workspace.h"
#include "ruleset/ruleset.h"
#include "truth/plain_rule.h"

struct hs_database;
struct hs_scratch;

namespace mirrorscan::support {

class StreamOracle {
 public:
  explicit StreamOracle(const ruleset::Ruleset& rules);
  ~StreamOracle();
  StreamOracle(const StreamOracle&) = delete;
  StreamOracle& operator=(const StreamOracle&) = delete;

  /// Rules that it can speak about: class stream, alert, nothing to do with other flows or packets.
  [[nodiscard]] bool understands(signature::RuleIndex index) const;
  /// Whether the rule's tests are evaluated by naive_rule.h, and not by the keywords' own code.
  [[nodiscard]] bool in_plain_words(signature::RuleIndex index) const {
    return plain_[index].not_understood.empty();
  }

  /// The windows of the stream in which the rule alerts, header and `flow` apart. The stream begins with its
  /// first byte and ends with its last.
  [[nodiscard]] std::set<std::uint64_t> windows(signature::RuleIndex index, std::string_view stream);

  /// Evaluations that a limit of PCRE2 cut off: the answer of the inspector may differ there.
  [[nodiscard]] std::uint64_t cut_off() const { return cut_off_; }

 private:
  struct Piece {
    std::string_view bytes;
    bool from_start, to_end;
    std::size_t pinned_end;  ///< 0 = the trigger may match anywhere
  };
  [[nodiscard]] std::vector<std::size_t> trigger_ends(signature::RuleIndex index, std::string_view stream);
  [[nodiscard]] bool holds(signature::RuleIndex index, const Piece& piece);

  const ruleset::Ruleset& rules_;
  std::vector<truth::PlainRule> plain_;
  std::vector<hs_database*> expressions_;  ///< by rule; null where its trigger is a literal
  hs_scratch* scratch_ = nullptr;
  signature::PcreWorkspace pcre_;
  std::uint64_t cut_off_ = 0;
};

}  // namespace mirrorscan::support
