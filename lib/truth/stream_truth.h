#pragma once
// Which rules the bytes of a stream, of its start, of a segment and of a datagram match: whole, or with holes
// in them.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ruleset/ruleset.h"
#include "truth/literal_index.h"
#include "truth/plain_rule.h"
#include "truth/rule_fate.h"

namespace mirrorscan::truth {

/// A place where a rule of class stream matches: that of its trigger.
struct StreamMatch {
  signature::RuleIndex rule = 0;
  std::uint64_t begin = 0, end = 0;  ///< stream offsets
  friend bool operator==(const StreamMatch&, const StreamMatch&) = default;
};

/// Whether a rule of class stream matches with its trigger at `begin` of these bytes without a hole.
[[nodiscard]] bool matches_at(const signature::Rule& rule, const PlainRule& plain, std::string_view run,
                              std::size_t begin);

/// All rules but the excluded ones; their headers are not asked.
class StreamTruth {
 public:
  /// The spans belong to `rules.rules` and, like it, outlive this.
  StreamTruth(const ruleset::Ruleset& rules, std::span<const PlainRule> plain,
              std::span<const RuleFate> fates);

  /// Matches of class stream (docs/detection.md) in bytes without a hole: `run` lies at `offset` of its
  /// stream, with holes or the stream's ends around it. Ordered by where triggers begin.
  [[nodiscard]] std::vector<StreamMatch> in_run(std::string_view run, std::uint64_t offset) const;

  /// Rules that match a UDP datagram of which `seen` arrived and which says it has `stated` bytes.
  [[nodiscard]] std::vector<signature::RuleIndex> in_datagram(std::string_view seen,
                                                              std::size_t stated) const {
    return in_packet(datagrams_, seen, stated);
  }

  /// Rules of classes packet and anchored that match such a TCP segment alone.
  [[nodiscard]] std::vector<signature::RuleIndex> in_segment(std::string_view seen,
                                                             std::size_t stated) const {
    return in_packet(segments_, seen, stated);
  }

  /// Rules of class anchored that match the first bytes of a stream, when nothing follows them, or
  /// something.
  enum class After : std::uint8_t { nothing, more };
  [[nodiscard]] std::vector<signature::RuleIndex> at_start(std::string_view bytes, After after) const;

 private:
  [[nodiscard]] std::vector<signature::RuleIndex> in_packet(const LiteralIndex& contents,
                                                            std::string_view seen, std::size_t stated) const;

  const ruleset::Ruleset& rules_;
  std::span<const PlainRule> plain_;
  LiteralIndex triggers_;  ///< of rules of class stream
  // A content of each rule that can match:
  LiteralIndex datagrams_;
  LiteralIndex segments_;
  LiteralIndex starts_;
};

}  // namespace mirrorscan::truth
