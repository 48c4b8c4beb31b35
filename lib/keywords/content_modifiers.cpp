#include "keywords/content_modifiers.h"

#include <string>
#include <utility>

#include "keywords/arguments.h"
#include "keywords/chain.h"
#include "keywords/content.h"
#include "keywords/variables.h"

namespace mirrorscan::keywords {
namespace {

using Modifiers = Content::Modifiers;

constexpr std::int64_t kMostOffset = 65535;
constexpr std::int64_t kMostDistance = 1048576;  // 1 MiB: Suricata user guide, payload keywords

Error without_content(std::string_view keyword) {
  return refuse(std::string(keyword) + ": no content stands before it",
                "write it after the content it is for");
}

Error twice(std::string_view keyword) {
  return refuse(std::string(keyword) + ": given twice for one content", "keep one of the two");
}

Error contradiction(std::string_view keyword, std::string_view other) {
  return refuse(std::string(keyword) + ": cannot be combined with " + std::string(other),
                "keep one of the two, or write a second content");
}

/// The word for what already places the content, among those in conflict with absolute or relative modifiers.
std::string_view absolute_word(const Modifiers& m) {
  if (m.startswith) return "startswith";
  if (m.offset) return "offset";
  return m.depth ? "depth" : "";
}

std::string_view relative_word(const Modifiers& m) {
  if (m.distance) return "distance";
  return m.within ? "within" : "";
}

/// What every modifier that places a content must obey, whichever of the two came first.
Status may_place(const Modifiers& m, std::string_view keyword) {
  if (m.fast_pattern_only) return contradiction(keyword, "fast_pattern:only");
  if (m.negated && m.fast_pattern) return contradiction(keyword, "fast_pattern on a negated content");
  return success();
}

Status may_be_absolute(const Modifiers& m, std::string_view keyword) {
  if (const auto word = relative_word(m); !word.empty()) return contradiction(keyword, word);
  if (m.startswith) return contradiction(keyword, "startswith");
  return may_place(m, keyword);
}

Status may_be_relative(const Modifiers& m, std::string_view keyword) {
  if (const auto word = absolute_word(m); !word.empty()) return contradiction(keyword, word);
  return may_place(m, keyword);
}

Status long_enough(const Quantity& room, const Content& content, std::string_view keyword) {
  if (room.is_variable() || room.most() >= content.length()) return success();
  return refuse(std::string(keyword) + ": " + room.text() + " is less than the content's " +
                    std::to_string(content.length()) + " bytes, so it never matches",
                "write at least the content's length");
}

Status note_cursor(Draft& draft, const ContentPlace& place, Modifiers& m, std::string_view keyword) {
  const auto previous = note_relative(draft, place.index, keyword);
  if (!previous) return previous.error();
  m.first = previous.value() == Previous::none;
  return success();
}

}  // namespace

Status parse_nocase(std::string_view, Draft& draft) {
  Content* content = last_content(draft).content;
  if (!content) return without_content("nocase");
  Modifiers m = content->modifiers();
  if (m.nocase) return twice("nocase");
  m.nocase = true;
  content->set(m);
  return success();
}

Status parse_offset(std::string_view args, Draft& draft) {
  Content* content = last_content(draft).content;
  if (!content) return without_content("offset");
  Modifiers m = content->modifiers();
  if (m.offset) return twice("offset");
  if (const Status may = may_be_absolute(m, "offset"); !may) return may;
  auto value = number_or_variable(draft, args, "offset", 0, kMostOffset);
  if (!value) return value.error();
  m.offset = std::move(value).value();
  content->set(m);
  return success();
}

Status parse_depth(std::string_view args, Draft& draft) {
  Content* content = last_content(draft).content;
  if (!content) return without_content("depth");
  Modifiers m = content->modifiers();
  if (m.depth) return twice("depth");
  if (const Status may = may_be_absolute(m, "depth"); !may) return may;
  auto value = number_or_variable(draft, args, "depth", 1, kMostOffset);
  if (!value) return value.error();
  if (const Status room = long_enough(value.value(), *content, "depth"); !room) return room;
  m.depth = std::move(value).value();
  content->set(m);
  return success();
}

Status parse_distance(std::string_view args, Draft& draft) {
  const ContentPlace place = last_content(draft);
  if (!place.content) return without_content("distance");
  Modifiers m = place.content->modifiers();
  if (m.distance) return twice("distance");
  if (const Status may = may_be_relative(m, "distance"); !may) return may;
  auto value = number_or_variable(draft, args, "distance", -kMostDistance, kMostDistance);
  if (!value) return value.error();
  if (const Status cursor = note_cursor(draft, place, m, "distance"); !cursor) return cursor;
  m.distance = std::move(value).value();
  place.content->set(m);
  return success();
}

Status parse_within(std::string_view args, Draft& draft) {
  const ContentPlace place = last_content(draft);
  if (!place.content) return without_content("within");
  Modifiers m = place.content->modifiers();
  if (m.within) return twice("within");
  if (const Status may = may_be_relative(m, "within"); !may) return may;
  auto value = number_or_variable(draft, args, "within", 1, kMostDistance);
  if (!value) return value.error();
  if (const Status room = long_enough(value.value(), *place.content, "within"); !room) return room;
  if (const Status cursor = note_cursor(draft, place, m, "within"); !cursor) return cursor;
  m.within = std::move(value).value();
  place.content->set(m);
  return success();
}

Status parse_startswith(std::string_view, Draft& draft) {
  Content* content = last_content(draft).content;
  if (!content) return without_content("startswith");
  Modifiers m = content->modifiers();
  if (m.startswith) return twice("startswith");
  if (const auto word = absolute_word(m); !word.empty()) return contradiction("startswith", word);
  if (const Status may = may_be_absolute(m, "startswith"); !may) return may;
  m.startswith = true;
  content->set(m);
  return success();
}

Status parse_endswith(std::string_view, Draft& draft) {
  Content* content = last_content(draft).content;
  if (!content) return without_content("endswith");
  Modifiers m = content->modifiers();
  if (m.endswith) return twice("endswith");
  m.endswith = true;
  content->set(m);
  return success();
}

Status parse_rawbytes(std::string_view, Draft& draft) {
  return last_content(draft).content ? success() : Status(without_content("rawbytes"));
}

}  // namespace mirrorscan::keywords
