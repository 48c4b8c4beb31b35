#include "keywords/variables.h"

#include <algorithm>
#include <string>

#include "keywords/arguments.h"

namespace mirrorscan::keywords {

bool looks_like_variable(std::string_view text) noexcept {
  const char c = text.empty() ? '0' : text.front();
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

Result<std::uint8_t> define_variable(Draft& draft, std::string_view name, std::string_view keyword,
                                     std::uint64_t most) {
  const std::string word(keyword);
  if (name.empty()) return refuse(word + ": the variable has no name", "write a name of letters and digits");
  if (draft.variables.size() == kMostVariables) {
    return refuse(word + ": more than " + std::to_string(kMostVariables) + " variables in one rule",
                  "use fewer of them");
  }
  const auto slot = static_cast<std::uint8_t>(draft.variables.size());
  draft.variables.push_back({std::string(name), slot, most, draft.next_order()});
  return slot;
}

Result<Quantity> variable(const Draft& draft, std::string_view name, std::string_view keyword) {
  const auto found = std::ranges::find(draft.variables, name, &Variable::name);
  const std::string what = std::string(keyword) + ": the variable '" + std::string(name) + "' ";
  if (found == draft.variables.end())
    return refuse(what + "is not defined", "define it before, with byte_extract or byte_math");
  if (found->order > draft.next_order()) {
    return refuse(what + "has no value yet: its buffer is looked at later",
                  "headers are looked at in the order of the rule, and then the payload");
  }
  return Quantity(*found);
}

Result<Quantity> number_or_variable(const Draft& draft, std::string_view text, std::string_view keyword,
                                    std::int64_t least, std::int64_t most) {
  text = trimmed(text);
  if (looks_like_variable(text)) return variable(draft, text, keyword);
  const auto value = number_between(text, keyword, least, most);
  if (!value) return value.error();
  return Quantity(value.value());
}

}  // namespace mirrorscan::keywords
