#pragma once
// Rule texts to rules, and a report on those that cannot be used.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/header_sets.h"
#include "rules/lines.h"
#include "rules/variables.h"
#include "ruleset/report.h"
#include "signature/rule.h"

namespace mirrorscan::rules {

/// Reads one file after the other. Never fails: what cannot be used is in the report. Of rules with the same
/// gid and sid the one with the highest rev stays, or the first.
class Reader {
 public:
  explicit Reader(const Variables& variables) : sets_(variables) {}

  void read(std::string_view file, std::string_view text);

  /// In the order read; a rule with `<>` whose sides differ stands as two, one for each way, next to each
  /// other (Rule::way_back). Everything is set but trigger, reach and monotone.
  [[nodiscard]] std::vector<signature::Rule> take_rules();
  /// `rules`, `rejected` and `warnings` are filled.
  [[nodiscard]] ruleset::Report take_report() { return std::move(report_); }

 private:
  /// A rule, and its second half if it is for both ways.
  struct Read {
    signature::Rule rule;
    std::optional<signature::Rule> way_back;
  };

  void read_rule(std::string_view file, const LogicalLine& line);
  void add_way_back(std::string_view text, Read& read);
  void name_category(signature::Rule& rule, bool priority_set);
  void keep(Read read);

  HeaderSets sets_;
  std::vector<Read> rules_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> by_id_;  ///< (gid, sid) to position
  ruleset::Report report_;
};

}  // namespace mirrorscan::rules
