#pragma once
// The payload keywords once more, slow and obviously right: every position of every content is tried, and all
// conditions are asked of it. It knows nothing of search algorithms or of which positions are worth trying,
// and shares no code with lib/keywords: the ground truth comes from here, and tests compare the two.

#include <cctype>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mirrorscan::truth {

struct NaiveTest {
  enum class Kind { content, isdataat } kind = Kind::content;
  bool negated = false;
  // content
  std::string bytes;
  bool nocase = false, startswith = false, endswith = false;
  std::optional<int> offset, depth, distance, within;
  // isdataat
  int position = 0;
  bool relative = false;

  [[nodiscard]] bool is_relative() const { return relative || distance || within; }
  [[nodiscard]] bool is_positive_content() const { return kind == Kind::content && !negated; }
};

struct NaivePayload {
  std::string bytes;
  bool from_start = true, to_end = true;
  /// The match of this test must end here; the others may stand where they like.
  std::optional<std::size_t> pinned_test;
  int pinned_end = 0;
};

[[nodiscard]] inline bool same_byte(char have, char want, bool nocase) {
  const auto a = static_cast<unsigned char>(have), b = static_cast<unsigned char>(want);
  return nocase ? std::tolower(a) == std::tolower(b) : a == b;
}

/// Whether the content's bytes are at `at`; at + size lies within the text.
[[nodiscard]] inline bool stands_at(const NaiveTest& t, const std::string& text, int at) {
  for (int i = 0; i < static_cast<int>(t.bytes.size()); ++i)
    if (!same_byte(text[at + i], t.bytes[i], t.nocase)) return false;
  return true;
}

/// Whether an occurrence at `at` is one the content's modifiers accept.
[[nodiscard]] inline bool accepted(const NaiveTest& t, const NaivePayload& payload, int at, int cursor) {
  const int end = at + static_cast<int>(t.bytes.size());
  if (t.startswith && at != 0) return false;
  if (t.endswith && end != static_cast<int>(payload.bytes.size())) return false;
  if (t.offset && at < *t.offset) return false;
  if (t.depth && end > t.offset.value_or(0) + *t.depth) return false;
  if (t.is_relative() && at < cursor + t.distance.value_or(0)) return false;
  if (t.within && end > cursor + t.distance.value_or(0) + *t.within) return false;
  return true;
}

/// Whether the payload's bytes are enough to know.
[[nodiscard]] inline bool decidable(const NaiveTest& t, const NaivePayload& payload, bool cursor_known) {
  const bool counts_from_start =
      t.kind == NaiveTest::Kind::isdataat ? !t.relative : t.startswith || t.depth || t.offset.value_or(0) > 0;
  const bool needs_start = counts_from_start || (t.is_relative() && !cursor_known);
  const bool needs_end = t.endswith || (t.kind == NaiveTest::Kind::isdataat && t.negated);
  return (payload.from_start || !needs_start) && (payload.to_end || !needs_end);
}

/// Whether the test at `index` is a negated content and the next one isdataat:!1,relative: together they say
/// that the payload does not end with it.
[[nodiscard]] inline bool says_endswith(const std::vector<NaiveTest>& tests, std::size_t index) {
  const NaiveTest& t = tests[index];
  if (t.kind != NaiveTest::Kind::content || !t.negated || t.endswith || index + 1 == tests.size())
    return false;
  const NaiveTest& next = tests[index + 1];
  return next.kind == NaiveTest::Kind::isdataat && next.negated && next.relative && next.position == 1;
}

/// Whether tests[index] and all after it hold, the last match having ended at `cursor`.
[[nodiscard]] inline bool matches(const std::vector<NaiveTest>& tests, const NaivePayload& payload,
                                  std::size_t index = 0, int cursor = 0, bool cursor_known = false) {
  if (index == tests.size()) return true;
  NaiveTest t = tests[index];
  t.endswith = t.endswith || says_endswith(tests, index);
  const std::size_t next = index + (says_endswith(tests, index) ? 2 : 1);
  const int size = static_cast<int>(payload.bytes.size());
  if (!decidable(t, payload, cursor_known)) return false;
  if (t.kind == NaiveTest::Kind::isdataat) {
    const bool there = t.relative ? cursor + t.position <= size : t.position < size;
    return there != t.negated && matches(tests, payload, next, cursor, cursor_known);
  }
  bool found = false;
  for (int at = 0; at + static_cast<int>(t.bytes.size()) <= size; ++at) {
    const int end = at + static_cast<int>(t.bytes.size());
    if (payload.pinned_test == index && end != payload.pinned_end) continue;
    if (!stands_at(t, payload.bytes, at) || !accepted(t, payload, at, cursor)) continue;
    found = true;
    if (!t.negated && matches(tests, payload, next, end, true)) return true;
  }
  return t.negated && !found && matches(tests, payload, next, cursor, cursor_known);
}

}  // namespace mirrorscan::truth
