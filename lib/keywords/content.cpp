#include "keywords/content.h"

#include <algorithm>

#include "keywords/arguments.h"
#include "keywords/literal.h"

namespace mirrorscan::keywords {

Content::Content(std::vector<std::uint8_t> bytes, bool negated)
    : needle_(std::move(bytes), Needle::Case::exact) {
  modifiers_.negated = negated;
}

void Content::set(const Modifiers& modifiers) {
  if (modifiers.nocase != modifiers_.nocase) {
    const ByteView bytes = needle_.bytes();
    needle_ =
        Needle({bytes.begin(), bytes.end()}, modifiers.nocase ? Needle::Case::any : Needle::Case::exact);
  }
  modifiers_ = modifiers;
}

Content::Range Content::range(std::size_t size, std::uint32_t cursor) const noexcept {
  const auto limit = static_cast<std::int64_t>(size);
  std::int64_t begin = modifiers_.offset.value_or(0);
  std::int64_t end = limit;
  if (modifiers_.relative()) {
    begin = (modifiers_.first ? 0 : cursor) + std::int64_t{modifiers_.distance.value_or(0)};
    if (modifiers_.within) end = begin + *modifiers_.within;
  } else if (modifiers_.startswith) {
    end = length();
  } else if (modifiers_.depth) {
    end = begin + *modifiers_.depth;
  }
  return {static_cast<std::size_t>(std::max<std::int64_t>(begin, 0)),
          static_cast<std::size_t>(std::clamp<std::int64_t>(end, 0, limit))};
}

std::size_t Content::find(signature::Inspection& in, std::size_t begin, std::size_t end) const noexcept {
  const ByteView buffer = in.buffer;
  if (!modifiers_.endswith) {
    std::size_t tried = 0;
    const std::size_t at = needle_.find(buffer, begin, end, tried);
    const std::size_t scanned = std::min(at, std::max(begin, end)) - begin;
    // A needle of which each place in hostile bytes shows nearly all costs its length there.
    in.charge(static_cast<std::uint32_t>((scanned + tried * needle_.size()) / kBytesPerStep));
    return at;
  }
  if (end != buffer.size() || end < length()) return Needle::kNone;
  const std::size_t only = end - length();
  return only >= begin && needle_.stands_at(buffer, only) ? only : Needle::kNone;
}

bool Content::from_start() const noexcept {
  if (modifiers_.relative()) return modifiers_.first;
  return modifiers_.startswith || modifiers_.depth || modifiers_.offset.value_or(0) > 0;
}

bool Content::ends_at(ByteView buffer, Range range, std::size_t end_at) const noexcept {
  if (end_at < range.begin + length() || end_at > range.end) return false;
  if (modifiers_.endswith && end_at != buffer.size()) return false;
  return needle_.stands_at(buffer, end_at - length());
}

bool Content::match(signature::Inspection& in, std::size_t index, std::uint32_t cursor) const noexcept {
  if ((from_start() && !in.from_start) || (modifiers_.endswith && !in.to_end)) return false;
  const auto [begin, end] = range(in.buffer.size(), cursor);
  if (index == in.pinned_test)
    return ends_at(in.buffer, {begin, end}, in.pinned_end) && in.rest(index + 1, in.pinned_end);
  std::size_t at = find(in, begin, end);
  if (modifiers_.negated) return at == Needle::kNone && in.rest(index + 1, cursor);
  while (at != Needle::kNone) {
    if (in.rest(index + 1, static_cast<std::uint32_t>(at + length()))) return true;
    if (!relative_next || in.steps_exhausted || in.pcre_limit_hit) return false;
    at = find(in, at + 1, end);
  }
  return false;
}

signature::PayloadTraits Content::traits() const {
  const Modifiers& m = modifiers_;
  signature::PayloadTraits out;
  out.relative = m.relative() && !m.first;
  out.negated = m.negated;
  out.moves_cursor = !m.negated;
  out.from_start = from_start();
  out.anchored = out.from_start || m.endswith;
  out.monotone = !m.negated && !m.endswith;
  out.nocase = m.nocase;
  out.fast_pattern = m.fast_pattern;
  if (!m.negated) out.literal = as_text(needle_.bytes());
  if (m.startswith) out.max_offset_end = length();
  if (m.depth) out.max_offset_end = m.offset.value_or(0) + *m.depth;
  if (m.first && m.within) {
    out.max_offset_end = static_cast<std::uint32_t>(std::max(0, m.distance.value_or(0) + *m.within));
  }
  if (out.relative) {
    const std::int32_t distance = m.distance.value_or(0);
    out.reach_back = distance < 0 ? static_cast<std::uint32_t>(-distance) : 0;
    if (m.within) out.reach_ahead = static_cast<std::uint32_t>(std::max(0, distance + *m.within));
  } else if (!m.negated) {
    out.reach_ahead = length();
  }
  return out;
}

std::string Content::describe() const {
  const Modifiers& m = modifiers_;
  std::string out = m.negated ? "content !\"" : "content \"";
  out += literal_text(needle_.bytes()) + '"';
  if (m.nocase) out += " nocase";
  if (m.startswith) out += " startswith";
  if (m.offset) out += " offset " + std::to_string(*m.offset);
  if (m.depth) out += " depth " + std::to_string(*m.depth);
  if (m.distance) out += " distance " + std::to_string(*m.distance);
  if (m.within) out += " within " + std::to_string(*m.within);
  if (m.endswith) out += " endswith";
  if (m.fast_pattern) out += " fast_pattern";
  return out;
}

Status parse_content(std::string_view args, Draft& draft) {
  const auto text = quoted(args, "content");
  if (!text) return text.error();
  auto bytes = parse_literal(text.value().text);
  if (!bytes) return bytes.error();
  draft.tests().push_back(std::make_unique<Content>(std::move(bytes).value(), text.value().negated));
  return success();
}

ContentPlace last_content(Draft& draft) {
  auto& payload = draft.tests();
  for (std::size_t i = payload.size(); i-- > 0;) {
    if (auto* content = dynamic_cast<Content*>(payload[i].get())) return {content, i};
  }
  return {};
}

}  // namespace mirrorscan::keywords
