#include "rules/reader.h"

#include "rules/classify.h"
#include "rules/classtypes.h"
#include "rules/options.h"
#include "rules/parse.h"
#include "rules/refusal.h"
#include "rules/text.h"

namespace mirrorscan::rules {

namespace {

ruleset::Remark remark(const signature::Rule& rule, std::string reason, std::string remedy) {
  return {rule.text.file, rule.text.line, rule.sid, std::move(reason), std::move(remedy)};
}

std::string place(const signature::Rule& rule) {
  return "rev " + std::to_string(rule.rev) + " in " + rule.text.file + ":" + std::to_string(rule.text.line);
}

}  // namespace

void Reader::read(std::string_view file, std::string_view text) {
  LineReader lines(text);
  while (const auto line = lines.next()) {
    ++report_.rules;
    read_rule(file, *line);
  }
}

void Reader::read_rule(std::string_view file, const LogicalLine& line) {
  try {
    if (line.too_long) throw Refusal("the rule is longer than 1 MiB");
    keywords::Draft draft = parse_rule(line.text, sets_);
    draft.rule.text.file = file;
    draft.rule.text.line = line.number;
    draft.rule.rule_class = class_of(draft.rule);
    draft.rule.acts_on_flow = is_header_only(draft.rule);
    name_category(draft.rule, draft.priority_set);
    keep(std::move(draft.rule));
  } catch (const Refusal& refusal) {
    report_.rejected.push_back(
        {std::string(file), line.number, find_sid(line.text), refusal.what(), refusal.remedy()});
  }
}

void Reader::name_category(signature::Rule& rule, bool priority_set) {
  if (rule.text.classtype.empty()) return;
  const Classtype* known = find_classtype(rule.text.classtype);
  if (known == nullptr) {
    report_.warnings.push_back(remark(rule, "unknown classtype " + quoted(rule.text.classtype),
                                      "the rule has no category, and priority 3 unless it states one"));
    return;
  }
  rule.text.category = known->category;
  if (!priority_set) rule.priority = known->priority;
}

void Reader::keep(signature::Rule rule) {
  const auto [at, is_new] = by_id_.try_emplace({rule.gid, rule.sid}, rules_.size());
  if (is_new) {
    rules_.push_back(std::move(rule));
    return;
  }
  signature::Rule& kept = rules_[at->second];
  if (rule.rev > kept.rev) std::swap(rule, kept);
  report_.rejected.push_back(remark(rule, "another rule has the same sid: " + place(kept),
                                    "give it a sid of its own, or remove the older one"));
}

}  // namespace mirrorscan::rules
