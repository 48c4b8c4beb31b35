#include "keywords/flowbits.h"

#include <algorithm>
#include <string>

#include "keywords/arguments.h"

namespace mirrorscan::keywords {
namespace {

using signature::FlowCheck;
using signature::FlowOperation;
using signature::FlowProgram;
using signature::FlowVariable;

struct Change {
  std::string_view name;
  FlowOperation operation;
};
struct Check {
  std::string_view name;
  FlowCheck check;
};

constexpr Change kChanges[] = {{"set", FlowOperation::set_bit},
                               {"unset", FlowOperation::unset_bit},
                               {"toggle", FlowOperation::toggle_bit}};
constexpr Check kChecks[] = {{"isset", FlowCheck::any_bit_set}, {"isnotset", FlowCheck::any_bit_not_set}};

constexpr const char* kForms =
    "write set, unset, toggle, isset or isnotset and a name after a comma, or noalert";

/// A `|` is part of the name here, which no isset can ask for.
Status change_bit(FlowOperation operation, std::string_view name, FlowProgram& state) {
  state.effects.push_back({operation, {std::string(name)}, {}});
  return success();
}

Status check_bits(FlowCheck check, std::string_view names, FlowProgram& state) {
  signature::FlowTest test{check, {}, {}};
  for (const std::string_view name : split(names, '|'))
    if (!name.empty()) test.variables.push_back({std::string(name)});
  if (test.variables.empty()) return refuse("flowbits: no name", kForms);
  state.tests.push_back(std::move(test));
  return success();
}

/// Blanks may surround the names, but not be part of them.
bool has_inner_blank(std::string_view names) {
  return std::ranges::any_of(split(names, '|'), [](std::string_view name) {
    return name.find_first_of(" \t") != std::string_view::npos;
  });
}

}  // namespace

Status parse_flowbits(std::string_view args, Draft& draft) {
  const std::size_t comma = args.find(',');
  const std::string_view word = trimmed(args.substr(0, comma));
  const std::string_view names = comma == std::string_view::npos ? "" : trimmed(args.substr(comma + 1));
  if (word == "noalert") {
    if (comma != std::string_view::npos) return refuse("flowbits: noalert takes no name");
    draft.rule.noalert = true;
    draft.rule.pass_alerts = false;
    return success();
  }
  const auto* change = std::ranges::find(kChanges, word, &Change::name);
  const auto* check = std::ranges::find(kChecks, word, &Check::name);
  if (change == std::end(kChanges) && check == std::end(kChecks))
    return refuse("flowbits: '" + std::string(word) + "' is not known", kForms);
  if (names.empty()) return refuse("flowbits: " + std::string(word) + " needs a name", kForms);
  if (has_inner_blank(names)) return refuse("flowbits: a blank in the name '" + std::string(names) + "'");
  if (change != std::end(kChanges)) return change_bit(change->operation, names, draft.rule.state);
  return check_bits(check->check, names, draft.rule.state);
}

}  // namespace mirrorscan::keywords
