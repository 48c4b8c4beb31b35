// fast_pattern: the rule's author chooses the content whose hit starts the rule's evaluation.

#include <algorithm>
#include <string>

#include "keywords/arguments.h"
#include "keywords/content.h"
#include "keywords/content_modifiers.h"

namespace mirrorscan::keywords {
namespace {

/// A rule has one trigger, so a second wish would be ignored silently.
bool rule_has_one(const Draft& draft) {
  const auto chosen = [](const signature::TestList& tests) {
    return std::ranges::any_of(tests, [](const auto& test) { return test->traits().fast_pattern; });
  };
  return chosen(draft.rule.payload) ||
         std::ranges::any_of(draft.rule.headers, [&](const auto& header) { return chosen(header.tests); });
}

Status check_piece(std::string_view args, std::uint32_t length) {
  const auto parts = split(args, ',');
  if (parts.size() != 2) {
    return refuse("fast_pattern: '" + std::string(args) + "' is not known",
                  "write fast_pattern, fast_pattern:only or fast_pattern:offset,length");
  }
  const auto offset = number_between(parts[0], "fast_pattern offset", 0, 65535);
  if (!offset) return offset.error();
  const auto size = number_between(parts[1], "fast_pattern length", 1, 65535);
  if (!size) return size.error();
  if (offset.value() + size.value() > length) {
    return refuse("fast_pattern: the piece ends beyond the content's " + std::to_string(length) + " bytes");
  }
  return success();
}

}  // namespace

Status parse_fast_pattern(std::string_view args, Draft& draft) {
  Content* content = last_content(draft).content;
  if (!content)
    return refuse("fast_pattern: no content stands before it", "write it after the content it is for");
  if (rule_has_one(draft)) return refuse("fast_pattern: given twice in one rule", "keep one of the two");
  Content::Modifiers m = content->modifiers();
  if (m.negated && m.placed()) {
    return refuse(
        "fast_pattern: a negated content with offset, depth, distance, within or startswith cannot be it",
        "choose a content that must be there");
  }
  m.fast_pattern = true;
  m.fast_pattern_only = trimmed(args) == "only";
  if (m.fast_pattern_only && (m.negated || m.placed())) {
    return refuse("fast_pattern:only: the content is negated or has a place", "write fast_pattern");
  }
  if (!args.empty() && !m.fast_pattern_only) {
    if (const Status piece = check_piece(args, content->length()); !piece) return piece;
  }
  content->set(m);
  return success();
}

}  // namespace mirrorscan::keywords
