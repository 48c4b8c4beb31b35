#include "truth/rule_fate.h"

#include "truth/background.h"
#include "truth/rule_scope.h"

namespace mirrorscan::truth {
namespace {

using signature::Rule;
using signature::RuleClass;

/// Why alerts of the rule are not foreseen, whatever ordinary traffic says; empty if they are.
std::string why_excluded(const Rule& rule, const PlainRule& plain) {
  if (rule.noalert) return "noalert: it tells nothing";
  if (!plain.not_understood.empty()) return "not understood: " + plain.not_understood;
  if (!plain.longest_content()) return "no content that has to be there";
  if (!rule.state.tests.empty()) return "flowbits or flowint: it depends on what matched before";
  if (!rule.host.conditions.empty()) return "xbits or hostbits: it depends on what matched before";
  if (rule.host.threshold) return "threshold or detection_filter: it depends on what a host did before";
  if (!rule.headers.empty()) return "it looks at headers";
  if (rule.flow.established == signature::Established::no)
    return "flow:not_established: it depends on which packets come first";
  if (rule.rule_class != RuleClass::stream) return "";
  return rule.trigger && rule.trigger->length > 0 ? "" : "its contents are too long to be looked for";
}

}  // namespace

Result<std::vector<RuleFate>> first_fates(const ruleset::Ruleset& rules, std::span<const PlainRule> plain,
                                          const traffic::Books& books, const traffic::Flows& flows) {
  const std::vector<std::string> background = matched_by_background(rules, plain, books, flows);
  std::vector<RuleFate> out(rules.rules.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Rule& rule = rules.rules[i];
    if (rule.action == signature::Action::pass)
      return Error{rule.text.file + ":" + std::to_string(rule.text.line), "a pass rule silences others",
                   "leave it out of the rules that attacks are drawn from"};
    std::string why = why_excluded(rule, plain[i]);
    if (why.empty() && !background[i].empty()) why = "ordinary traffic may match it: " + background[i];
    if (!why.empty()) out[i] = {Fate::excluded, std::move(why)};
  }
  return out;
}

}  // namespace mirrorscan::truth
