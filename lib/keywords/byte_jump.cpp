#include "keywords/byte_jump.h"

#include <algorithm>
#include <memory>

#include "keywords/arguments.h"
#include "keywords/variables.h"

namespace mirrorscan::keywords {

namespace {

using From = ByteJump::From;
constexpr std::int64_t kMostOffset = 65535;
// A number that is negative beyond all sense is no step back.
constexpr std::int64_t kFurthestBack = -(std::int64_t{1} << 46);

Status start_from(From from, ByteJump::Spec& spec) {
  if (spec.from != From::number && spec.from != from) {
    return refuse("byte_jump: both from_beginning and from_end", "keep one of them");
  }
  spec.from = from;
  return success();
}

Status parse_own_option(std::string_view option, ByteJump::Spec& spec) {
  const auto [word, value] = first_word(option);
  if (option == "from_beginning") return start_from(From::beginning, spec);
  if (option == "from_end") return start_from(From::end, spec);
  if (option == "align") {
    spec.align = true;
    return success();
  }
  if (word == "multiplier") {
    const auto multiplier = number_between(value, "byte_jump multiplier", 1, kMostOffset);
    if (!multiplier) return multiplier.error();
    spec.multiplier = static_cast<std::uint64_t>(multiplier.value());
    return success();
  }
  if (word == "post_offset") {
    const auto text = value.starts_with('+') ? value.substr(1) : value;
    const auto post = number_between(text, "byte_jump post_offset", -kMostOffset, kMostOffset);
    if (!post) return post.error();
    spec.post_offset = post.value();
    return success();
  }
  return refuse(
      "byte_jump: '" + std::string(option) + "' is not known",
      "write relative, big, little, string, hex, dec, oct, multiplier, align, from_beginning, from_end "
      "or post_offset");
}

Status parse_option(std::string_view option, FieldOptions& options, ByteJump::Spec& spec) {
  const auto taken = options.take(option, spec.field);
  if (!taken) return taken.error();
  return taken.value() ? success() : parse_own_option(option, spec);
}

}  // namespace

std::int64_t ByteJump::step(std::uint64_t number) const noexcept {
  number *= spec_.multiplier;
  if (spec_.align) number = (number + 3) & ~std::uint64_t{3};
  return static_cast<std::int64_t>(number + static_cast<std::uint64_t>(spec_.post_offset));
}

std::optional<std::uint32_t> ByteJump::target(const signature::Inspection& in,
                                              const ByteField::Found& found) const noexcept {
  const auto size = static_cast<std::int64_t>(in.buffer.size());
  const std::int64_t base = spec_.from == From::beginning ? 0 : spec_.from == From::end ? size : found.end;
  const std::int64_t bytes = step(found.value);
  if (bytes > size - base || bytes < kFurthestBack) return std::nullopt;
  return static_cast<std::uint32_t>(bytes < -base ? 0 : base + bytes);
}

bool ByteJump::match(signature::Inspection& in, std::size_t index, std::uint32_t cursor) const noexcept {
  if ((spec_.from == From::beginning && !in.from_start) || (spec_.from == From::end && !in.to_end))
    return false;
  const auto found = spec_.field.read(in, cursor);
  if (!found) return false;
  const auto to = target(in, *found);
  return to && in.rest(index + 1, *to);
}

signature::PayloadTraits ByteJump::traits() const {
  constexpr auto kFar = static_cast<std::int64_t>(Quantity::kFar) - 1;
  signature::PayloadTraits out = spec_.field.traits();
  out.moves_cursor = true;
  out.from_start = out.from_start || spec_.from == From::beginning;
  out.on_segments = spec_.from == From::end;
  out.anchored = out.from_start || out.on_segments;
  out.monotone = spec_.from != From::end;
  const std::uint64_t furthest =
      saturating_sum(saturating_product(spec_.field.most(), spec_.multiplier), spec_.align ? 3 : 0);
  if (!out.reach_ahead || furthest >= Quantity::kFar || spec_.from != From::number) {
    out.reach_ahead.reset();
    out.reach_back = static_cast<std::uint32_t>(kFar);
    return out;
  }
  // The step counts from the number's end, which lies between `offset` and `offset + bytes` after the cursor.
  const std::int64_t ahead = *out.reach_ahead + static_cast<std::int64_t>(furthest) + spec_.post_offset;
  const std::int64_t back = -(spec_.field.offset.least() + std::min<std::int64_t>(spec_.post_offset, 0));
  out.reach_ahead = static_cast<std::uint32_t>(std::clamp<std::int64_t>(ahead, *out.reach_ahead, kFar));
  if (out.relative) out.reach_back = static_cast<std::uint32_t>(std::clamp<std::int64_t>(back, 0, kFar));
  return out;
}

std::string ByteJump::describe() const {
  std::string out = "byte_jump " + spec_.field.describe();
  if (spec_.multiplier != 1) out += " multiplier " + std::to_string(spec_.multiplier);
  if (spec_.align) out += " align";
  if (spec_.from == From::beginning) out += " from_beginning";
  if (spec_.from == From::end) out += " from_end";
  if (spec_.post_offset != 0) out += " post_offset " + std::to_string(spec_.post_offset);
  return out;
}

Status parse_byte_jump(std::string_view args, Draft& draft) {
  ByteJump::Spec spec;
  const auto parts = split(args, ',');
  if (parts.size() < 2) return refuse("byte_jump: needs bytes and offset", "write byte_jump:2,0;");
  auto bytes = number_or_variable(draft, parts[0], "byte_jump bytes", 0, 23);
  if (!bytes) return bytes.error();
  auto offset = number_or_variable(draft, parts[1], "byte_jump offset", -kMostOffset, kMostOffset);
  if (!offset) return offset.error();
  spec.field.bytes = std::move(bytes).value();
  spec.field.offset = std::move(offset).value();
  FieldOptions options("byte_jump");
  for (std::size_t i = 2; i < parts.size(); ++i) {
    if (const Status option = parse_option(parts[i], options, spec); !option) return option;
  }
  if (const Status whole = options.finish(draft, spec.field); !whole) return whole;
  draft.tests().push_back(std::make_unique<ByteJump>(std::move(spec)));
  return success();
}

}  // namespace mirrorscan::keywords
