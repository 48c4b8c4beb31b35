#include "keywords/isdataat.h"

#include <memory>
#include <string>

#include "keywords/arguments.h"
#include "keywords/chain.h"
#include "keywords/content.h"
#include "keywords/content_modifiers.h"
#include "keywords/variables.h"

namespace mirrorscan::keywords {

bool IsDataAt::match(signature::Inspection& in, std::size_t index, std::uint32_t cursor) const noexcept {
  if ((from_start() && !in.from_start) || (spec_.negated && !in.to_end)) return false;
  const std::uint64_t base = spec_.first ? 0 : cursor;
  const auto position = static_cast<std::uint64_t>(spec_.position.count(in));
  const std::uint64_t needed = spec_.relative ? base + position : position + 1;
  return (in.buffer.size() >= needed) != spec_.negated && in.rest(index + 1, cursor);
}

signature::PayloadTraits IsDataAt::traits() const {
  signature::PayloadTraits out;
  out.relative = !from_start();
  out.negated = spec_.negated;
  out.from_start = from_start();
  out.anchored = from_start() || spec_.negated;
  out.on_segments = spec_.negated;
  out.monotone = !spec_.negated;
  const std::int64_t most = spec_.position.most() + (spec_.relative ? 0 : 1);
  if (!spec_.position.anywhere()) out.reach_ahead = static_cast<std::uint32_t>(most);
  return out;
}

std::string IsDataAt::describe() const {
  return std::string("isdataat ") + (spec_.negated ? "!" : "") + spec_.position.text() +
         (spec_.relative ? " relative" : "");
}

namespace {

/// `content:!"x"; isdataat:!1,relative;` says that the payload does not end with x: the reference makes
/// `endswith` of it, as a content that is not there has no end to count from.
bool says_endswith(Draft& draft, const IsDataAt::Spec& spec) {
  if (!spec.negated || !spec.relative || spec.position.is_variable() || spec.position.most() != 1)
    return false;
  const ContentPlace last = last_content(draft);
  if (last.content == nullptr || last.index + 1 != draft.tests().size()) return false;
  return last.content->modifiers().negated && !last.content->modifiers().endswith;
}

}  // namespace

Status parse_isdataat(std::string_view args, Draft& draft) {
  IsDataAt::Spec spec;
  const auto parts = split(args, ',');
  std::string_view place = parts[0];
  if (place.starts_with('!')) {
    spec.negated = true;
    place = trimmed(place.substr(1));
  }
  auto position = number_or_variable(draft, place, "isdataat", 0, 65535);
  if (!position) return position.error();
  spec.position = std::move(position).value();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i] == "relative") {
      spec.relative = true;
    } else if (parts[i] != "rawbytes") {
      return refuse("isdataat: '" + std::string(parts[i]) + "' is not known", "write relative or rawbytes");
    }
  }
  if (says_endswith(draft, spec)) return parse_endswith({}, draft);
  if (spec.relative) {
    const auto previous = note_relative(draft, draft.tests().size(), "isdataat");
    if (!previous) return previous.error();
    spec.first = previous.value() == Previous::none;
  }
  draft.tests().push_back(std::make_unique<IsDataAt>(std::move(spec)));
  return success();
}

}  // namespace mirrorscan::keywords
