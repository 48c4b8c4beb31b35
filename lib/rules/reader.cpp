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

bool sides_differ(const signature::Header& header) {
  return header.src.v4() != header.dst.v4() || header.src.v6() != header.dst.v6() ||
         header.src_ports.ranges() != header.dst_ports.ranges();
}

}  // namespace

std::vector<signature::Rule> Reader::take_rules() {
  std::vector<signature::Rule> out;
  for (Read& read : rules_) {
    out.push_back(std::move(read.rule));
    if (read.way_back) out.push_back(std::move(*read.way_back));
  }
  rules_.clear();
  return out;
}

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
    Read read{std::move(draft.rule), {}};
    if (draft.both_ways && sides_differ(read.rule.header)) add_way_back(line.text, read);
    keep(std::move(read));
  } catch (const Refusal& refusal) {
    report_.rejected.push_back(
        {std::string(file), line.number, find_sid(line.text), refusal.what(), refusal.remedy()});
  }
}

/// The reference makes two rules of `<>`, and a packet that meets both alerts twice.
void Reader::add_way_back(std::string_view text, Read& read) {
  signature::Rule back = parse_rule(text, sets_).rule;
  back.text = read.rule.text;
  back.priority = read.rule.priority;
  back.rule_class = read.rule.rule_class;
  back.acts_on_flow = read.rule.acts_on_flow;
  back.way_back = true;
  std::swap(back.header.src, back.header.dst);
  std::swap(back.header.src_ports, back.header.dst_ports);
  read.way_back = std::move(back);
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

void Reader::keep(Read read) {
  const auto [at, is_new] = by_id_.try_emplace({read.rule.gid, read.rule.sid}, rules_.size());
  if (is_new) {
    rules_.push_back(std::move(read));
    return;
  }
  Read& kept = rules_[at->second];
  if (read.rule.rev > kept.rule.rev) std::swap(read, kept);
  report_.rejected.push_back(remark(read.rule, "another rule has the same sid: " + place(kept.rule),
                                    "give it a sid of its own, or remove the older one"));
}

}  // namespace mirrorscan::rules
