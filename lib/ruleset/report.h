#pragma once
// What a load tells a human: counts, what was refused and why, and how each rule will be looked for. Written
// by lib/rules, printed by `mirrorscan check`, in the order of the rule files.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ruleset/ruleset.h"
#include "signature/rule.h"

namespace mirrorscan::ruleset {

/// A rule that was refused, or that is kept with a reservation.
struct Remark {
  std::string file;
  std::uint32_t line = 0;            ///< the rule's first line, from 1
  std::optional<std::uint32_t> sid;  ///< as far as it could be found
  std::string reason;
  std::string remedy;  ///< may be empty

  /// "file:line: sid 7: reason; remedy", parts that are not known left out.
  [[nodiscard]] std::string text() const;
};

/// One pcre of a rule.
struct PcreUse {
  std::string test;    ///< its description
  std::string engine;  ///< "PCRE2 JIT", "Hyperscan, then PCRE2 JIT" ...
  std::string why;
};

/// Where and with what a loaded rule is looked for.
struct Explanation {
  std::uint32_t sid = 0, gid = 1, rev = 0;
  std::string file;
  std::uint32_t line = 0;
  std::string msg;
  signature::RuleClass rule_class = signature::RuleClass::packet;
  std::string trigger;             ///< the description of the test that starts the evaluation; empty = always
  std::string trigger_buffer;      ///< what the trigger is looked for in; empty = always
  bool prefilter = false;          ///< the trigger is a necessary condition only
  std::vector<std::string> tests;  ///< packet tests, then payload tests
  std::uint32_t look_back = 0, look_ahead = 0;  ///< stream rules: bytes
  /// [direction][kind]: the scans that look for the rule
  std::array<std::array<bool, kScanKinds>, kDirections> scans{};
  std::vector<PcreUse> pcres;
  std::vector<std::string> costly;  ///< why it is, with what to change

  /// "stream", "packet", "datagram": what the rule is matched on.
  [[nodiscard]] std::vector<std::string_view> runs_on() const;
};

inline constexpr std::size_t kRuleClasses = 4;

/// How many rules were refused for a reason.
struct ReasonCount {
  std::string reason;
  std::size_t rules = 0;
};

struct Report {
  std::size_t rules = 0;  ///< active rules in the files
  std::size_t loaded = 0;
  std::array<std::size_t, kRuleClasses> by_class{};  ///< of the loaded ones
  std::vector<Remark> rejected;                      ///< rules == loaded + rejected.size()
  std::vector<Remark> warnings;                      ///< of rules that are loaded all the same
  std::vector<Remark> bad_lines;                     ///< of the threshold file: they have no effect
  std::vector<Explanation> explanations;             ///< one for each loaded rule

  /// Loaded rules in percent of the active ones; 100 when there is none.
  [[nodiscard]] double coverage_pct() const noexcept;
  /// The reasons of the rejected rules, the most frequent first.
  [[nodiscard]] std::vector<ReasonCount> reasons() const;
};

/// "ip_only", "packet", "anchored", "stream".
[[nodiscard]] std::string_view name_of(signature::RuleClass rule_class) noexcept;

/// "tcp_stream" ... "other".
[[nodiscard]] std::string_view name_of(ScanKind kind) noexcept;

}  // namespace mirrorscan::ruleset
