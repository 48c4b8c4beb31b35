#pragma once
// A twin of the payload keywords that is slow and obviously right: it tries every position of every content
// and asks whether all conditions hold. It knows nothing of search algorithms or of which positions are worth
// trying.

#include <cctype>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mirrorscan::naive {

struct Test {
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
  [[nodiscard]] bool moves_cursor() const { return kind == Kind::content && !negated; }
};

struct Payload {
  std::string bytes;
  bool from_start = true, to_end = true;
};

/// The keywords and arguments that say the same as `tests`; bytes must need no escapes.
[[nodiscard]] inline std::vector<std::pair<std::string, std::string>> options(
    const std::vector<Test>& tests) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const Test& t : tests) {
    const std::string bang = t.negated ? "!" : "";
    if (t.kind == Test::Kind::isdataat) {
      out.emplace_back("isdataat", bang + std::to_string(t.position) + (t.relative ? ",relative" : ""));
      continue;
    }
    out.emplace_back("content", bang + "\"" + t.bytes + "\"");
    if (t.nocase) out.emplace_back("nocase", "");
    if (t.startswith) out.emplace_back("startswith", "");
    if (t.endswith) out.emplace_back("endswith", "");
    if (t.offset) out.emplace_back("offset", std::to_string(*t.offset));
    if (t.depth) out.emplace_back("depth", std::to_string(*t.depth));
    if (t.distance) out.emplace_back("distance", std::to_string(*t.distance));
    if (t.within) out.emplace_back("within", std::to_string(*t.within));
  }
  return out;
}

[[nodiscard]] inline bool stands_at(const Test& t, const std::string& text, int at) {
  for (int i = 0; i < static_cast<int>(t.bytes.size()); ++i) {
    const auto have = static_cast<unsigned char>(text[at + i]);
    const auto want = static_cast<unsigned char>(t.bytes[i]);
    if (t.nocase ? std::tolower(have) != std::tolower(want) : have != want) return false;
  }
  return true;
}

/// Whether an occurrence at `at` is one the content's modifiers accept.
[[nodiscard]] inline bool accepted(const Test& t, const Payload& payload, int at, int cursor) {
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
[[nodiscard]] inline bool decidable(const Test& t, const Payload& payload, bool cursor_known) {
  const bool counts_from_start =
      t.kind == Test::Kind::isdataat ? !t.relative : t.startswith || t.depth || t.offset.value_or(0) > 0;
  const bool needs_start = counts_from_start || (t.is_relative() && !cursor_known);
  const bool needs_end = t.endswith || (t.kind == Test::Kind::isdataat && t.negated);
  return (payload.from_start || !needs_start) && (payload.to_end || !needs_end);
}

[[nodiscard]] inline bool matches(const std::vector<Test>& tests, const Payload& payload,
                                  std::size_t index = 0, int cursor = 0, bool cursor_known = false) {
  if (index == tests.size()) return true;
  const Test& t = tests[index];
  const int size = static_cast<int>(payload.bytes.size());
  if (!decidable(t, payload, cursor_known)) return false;
  if (t.kind == Test::Kind::isdataat) {
    const bool there = t.relative ? cursor + t.position <= size : t.position < size;
    return there != t.negated && matches(tests, payload, index + 1, cursor, cursor_known);
  }
  bool found = false;
  for (int at = 0; at + static_cast<int>(t.bytes.size()) <= size; ++at) {
    if (!stands_at(t, payload.bytes, at) || !accepted(t, payload, at, cursor)) continue;
    found = true;
    const int end = at + static_cast<int>(t.bytes.size());
    if (!t.negated && matches(tests, payload, index + 1, end, true)) return true;
  }
  return t.negated && !found && matches(tests, payload, index + 1, cursor, cursor_known);
}

}  // namespace mirrorscan::naive
