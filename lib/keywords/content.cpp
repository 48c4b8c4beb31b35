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

bool Content::Modifiers::has_variable() const noexcept {
  const auto is = [](const std::optional<Quantity>& q) noexcept { return q && q->is_variable(); };
  return is(offset) || is(depth) || is(distance) || is(within);
}

Content::Range Content::range(const signature::Inspection& in, std::uint32_t cursor) const noexcept {
  const auto limit = static_cast<std::int64_t>(in.buffer.size());
  std::int64_t begin = modifiers_.offset ? modifiers_.offset->count(in) : 0;
  std::int64_t end = limit;
  if (modifiers_.relative()) {
    begin = modifiers_.first ? 0 : cursor;
    if (modifiers_.distance) begin += modifiers_.distance->distance(in);
    if (modifiers_.within) end = begin + modifiers_.within->count(in);
  } else if (modifiers_.startswith) {
    end = length();
  } else if (modifiers_.depth) {
    end = begin + modifiers_.depth->count(in);
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
  return modifiers_.startswith || modifiers_.depth || (modifiers_.offset && modifiers_.offset->most() > 0);
}

bool Content::ends_at(ByteView buffer, Range range, std::size_t end_at) const noexcept {
  if (end_at < range.begin + length() || end_at > range.end) return false;
  if (modifiers_.endswith && end_at != buffer.size()) return false;
  return needle_.stands_at(buffer, end_at - length());
}

bool Content::match(signature::Inspection& in, std::size_t index, std::uint32_t cursor) const noexcept {
  if ((from_start() && !in.from_start) || (modifiers_.endswith && !in.to_end)) return false;
  const auto [begin, end] = range(in, cursor);
  if (index == in.pinned_test) {
    if (!ends_at(in.buffer, {begin, end}, in.pinned_end)) return false;
    return in.rest(index + 1, in.pinned_end) || in.give_up(index);
  }
  std::size_t at = find(in, begin, end);
  if (modifiers_.negated) return at == Needle::kNone && in.rest(index + 1, cursor);
  while (at != Needle::kNone) {
    if (in.rest(index + 1, static_cast<std::uint32_t>(at + length()))) return true;
    if (!in.try_again(index)) return false;
    at = find(in, at + 1, end);
  }
  return false;
}

namespace {

/// A limit that Content::place_traits and the window can work with; `most` beyond that is none.
std::optional<std::uint32_t> bound(std::int64_t most) noexcept {
  if (most >= static_cast<std::int64_t>(Quantity::kFar)) return std::nullopt;
  return static_cast<std::uint32_t>(std::max<std::int64_t>(most, 0));
}

std::int64_t most_of(const std::optional<Quantity>& quantity) noexcept {
  return quantity ? quantity->most() : 0;
}

}  // namespace

signature::PayloadTraits Content::traits() const {
  const Modifiers& m = modifiers_;
  signature::PayloadTraits out;
  out.relative = m.relative() && !m.first;
  out.negated = m.negated;
  out.moves_cursor = !m.negated;
  out.from_start = from_start();
  out.anchored = out.on_segments = out.from_start || m.endswith;
  out.monotone = !m.negated && !m.endswith;
  out.nocase = m.nocase;
  out.fast_pattern = m.fast_pattern;
  if (!m.negated) out.literal = as_text(needle_.bytes());
  place_traits(out);
  return out;
}

void Content::place_traits(signature::PayloadTraits& out) const {
  const Modifiers& m = modifiers_;
  if (m.startswith) out.max_offset_end = length();
  if (m.depth) out.max_offset_end = bound(most_of(m.offset) + most_of(m.depth)).value_or(0);
  if (m.first && m.within) out.max_offset_end = bound(most_of(m.distance) + most_of(m.within)).value_or(0);
  if (out.relative) {
    const std::int64_t back = m.distance ? -m.distance->least() : 0;
    constexpr auto kFar = static_cast<std::int64_t>(Quantity::kFar);
    out.reach_back = static_cast<std::uint32_t>(std::clamp<std::int64_t>(back, 0, kFar - 1));
    if (m.within) out.reach_ahead = bound(most_of(m.distance) + most_of(m.within));
  } else if (!m.negated) {
    out.reach_ahead = length();
  }
}

std::string Content::describe() const {
  const Modifiers& m = modifiers_;
  std::string out = m.negated ? "content !\"" : "content \"";
  out += literal_text(needle_.bytes()) + '"';
  if (m.nocase) out += " nocase";
  if (m.startswith) out += " startswith";
  if (m.offset) out += " offset " + m.offset->text();
  if (m.depth) out += " depth " + m.depth->text();
  if (m.distance) out += " distance " + m.distance->text();
  if (m.within) out += " within " + m.within->text();
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
