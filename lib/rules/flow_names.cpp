#include "rules/flow_names.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "rules/text.h"

namespace mirrorscan::rules {

namespace {

using signature::FlowCheck;
using signature::FlowEffect;
using signature::FlowKind;
using signature::FlowOperand;
using signature::FlowOperation;
using signature::FlowTest;
using signature::FlowVariable;
using signature::Rule;

// One kind of variable.
class Names {
 public:
  void number(FlowVariable& variable) {
    variable.index =
        known_.try_emplace(variable.name, static_cast<std::uint32_t>(known_.size())).first->second;
  }
  void note_set(const FlowVariable& variable) { set_.insert(variable.index); }
  [[nodiscard]] bool is_set(const FlowVariable& variable) const { return set_.contains(variable.index); }

 private:
  std::map<std::string, std::uint32_t> known_;
  std::set<std::uint32_t> set_;
};

struct AllNames {
  Names bits, integers;
  Names& of(FlowKind kind) { return kind == FlowKind::bit ? bits : integers; }
};

void number(Rule& rule, AllNames& names) {
  const auto operand = [&](FlowOperand& o) {
    if (o.variable) names.integers.number(*o.variable);
  };
  for (FlowTest& test : rule.state.tests) {
    for (FlowVariable& variable : test.variables) names.of(kind_of(test.check)).number(variable);
    operand(test.operand);
  }
  for (FlowEffect& effect : rule.state.effects) {
    Names& kind = names.of(kind_of(effect.operation));
    kind.number(effect.variable);
    operand(effect.operand);
    const bool sets =
        effect.operation != FlowOperation::unset_bit && effect.operation != FlowOperation::subtract;
    if (sets) kind.note_set(effect.variable);
  }
}

bool is_negative(const FlowTest& test) {
  return test.check == FlowCheck::any_bit_not_set || test.check == FlowCheck::integer_not_set;
}

void warn(const Rule& rule, AllNames& names, ruleset::Report& report) {
  for (const FlowTest& test : rule.state.tests) {
    const Names& kind = names.of(kind_of(test.check));
    const auto is_set = [&](const FlowVariable& variable) { return kind.is_set(variable); };
    if (is_negative(test) || std::ranges::any_of(test.variables, is_set)) continue;
    report.warnings.push_back({rule.text.file, rule.text.line, rule.sid,
                               describe(test) + ": no loaded rule sets it, so the rule never matches",
                               "load the rule that sets it"});
  }
}

std::string_view word_of(FlowCheck check) {
  switch (check) {
    case FlowCheck::any_bit_set:
    case FlowCheck::integer_set: return "isset";
    case FlowCheck::any_bit_not_set: return "isnotset";
    case FlowCheck::integer_not_set: return "notset";
    case FlowCheck::equal: return "==";
    case FlowCheck::not_equal: return "!=";
    case FlowCheck::less: return "<";
    case FlowCheck::less_or_equal: return "<=";
    case FlowCheck::greater: return ">";
    case FlowCheck::greater_or_equal: return ">=";
  }
  return "";
}

std::string_view word_of(FlowOperation operation) {
  switch (operation) {
    case FlowOperation::set_bit: return "set";
    case FlowOperation::unset_bit: return "unset";
    case FlowOperation::toggle_bit: return "toggle";
    case FlowOperation::assign: return "=";
    case FlowOperation::add: return "+";
    case FlowOperation::subtract: return "-";
  }
  return "";
}

std::string flowint(const FlowVariable& variable, std::string_view word) {
  return "flowint:" + variable.name + "," + std::string(word);
}

std::string flowint(const FlowVariable& variable, std::string_view word, const FlowOperand& operand) {
  const std::string right = operand.variable ? operand.variable->name : std::to_string(operand.number);
  return flowint(variable, word) + "," + right;
}

}  // namespace

void resolve_flow_names(std::vector<Rule>& rules, ruleset::Report& report) {
  AllNames names;
  for (Rule& rule : rules) number(rule, names);
  for (const Rule& rule : rules)
    if (!rule.way_back) warn(rule, names, report);
}

std::string describe(const FlowTest& test) {
  const std::string_view word = word_of(test.check);
  if (kind_of(test.check) == FlowKind::integer) {
    const bool asks = test.check == FlowCheck::integer_set || test.check == FlowCheck::integer_not_set;
    const FlowVariable& variable = test.variables.front();
    return asks ? flowint(variable, word) : flowint(variable, word, test.operand);
  }
  std::string out = "flowbits:" + std::string(word);
  char separator = ',';
  for (const FlowVariable& variable : test.variables) {
    out += separator + variable.name;
    separator = '|';
  }
  return out;
}

std::string describe(const FlowEffect& effect) {
  const std::string_view word = word_of(effect.operation);
  if (kind_of(effect.operation) == FlowKind::bit)
    return "flowbits:" + std::string(word) + "," + effect.variable.name;
  return flowint(effect.variable, word, effect.operand);
}

}  // namespace mirrorscan::rules
