#include "keywords/byte_extract.h"

#include <memory>

#include "keywords/arguments.h"
#include "keywords/variables.h"

namespace mirrorscan::keywords {

namespace {

constexpr std::int64_t kMostOffset = 65535;

Status parse_option(std::string_view option, FieldOptions& options, ByteExtract::Spec& spec) {
  const auto taken = options.take(option, spec.field);
  if (!taken) return taken.error();
  if (taken.value()) return success();
  const auto [word, value] = first_word(option);
  if (word == "multiplier") {
    const auto multiplier = number_between(value, "byte_extract multiplier", 1, kMostOffset);
    if (!multiplier) return multiplier.error();
    spec.multiplier = static_cast<std::uint64_t>(multiplier.value());
    return success();
  }
  if (word == "align" && (value == "2" || value == "4")) {
    spec.align = value == "2" ? 2 : 4;
    return success();
  }
  return refuse("byte_extract: '" + std::string(option) + "' is not known",
                "write relative, big, little, string, hex, dec, oct, multiplier N, align 2 or align 4");
}

/// Text that can be longer than a number of 64 bits, the reference refuses.
Status check_text(const ByteField& field) {
  if (field.form != NumberForm::text) return success();
  const std::int64_t most = field.base == 16 ? 14 : field.base == 8 ? 23 : 20;
  if (field.bytes.most() <= most) return success();
  return refuse("byte_extract: " + field.bytes.text() + " bytes are too many",
                "write at most " + std::to_string(most) + " with this base");
}

}  // namespace

bool ByteExtract::match(signature::Inspection& in, std::size_t index, std::uint32_t cursor) const noexcept {
  const auto found = spec_.field.read(in, cursor);
  if (!found || (spec_.field.relative && found->begin == in.buffer.size())) return false;
  const std::uint64_t value = found->value * spec_.multiplier;
  in.set_variable(spec_.slot, (value + spec_.align - 1) & ~(spec_.align - 1));
  return in.rest(index + 1, found->end);
}

signature::PayloadTraits ByteExtract::traits() const {
  signature::PayloadTraits out = spec_.field.traits();
  out.moves_cursor = true;
  return out;
}

std::string ByteExtract::describe() const {
  std::string out = "byte_extract " + spec_.name + " = " + spec_.field.describe();
  if (spec_.multiplier != 1) out += " multiplier " + std::to_string(spec_.multiplier);
  if (spec_.align != 1) out += " align " + std::to_string(spec_.align);
  return out;
}

Status parse_byte_extract(std::string_view args, Draft& draft) {
  ByteExtract::Spec spec;
  const auto parts = split(args, ',');
  if (parts.size() < 3)
    return refuse("byte_extract: needs bytes, offset and a name", "write byte_extract:2,0,length;");
  const auto bytes = number_between(parts[0], "byte_extract bytes", 0, 23);
  if (!bytes) return bytes.error();
  const auto offset = number_between(parts[1], "byte_extract offset", -kMostOffset, kMostOffset);
  if (!offset) return offset.error();
  spec.field.bytes = Quantity(bytes.value());
  spec.field.offset = Quantity(offset.value());
  spec.name = parts[2];
  FieldOptions options("byte_extract");
  for (std::size_t i = 3; i < parts.size(); ++i) {
    if (const Status option = parse_option(parts[i], options, spec); !option) return option;
  }
  if (const Status whole = options.finish(draft, spec.field); !whole) return whole;
  if (const Status text = check_text(spec.field); !text) return text;
  const std::uint64_t most = saturating_product(spec.field.most(), spec.multiplier);
  const auto slot = define_variable(draft, spec.name, "byte_extract", saturating_sum(most, spec.align - 1));
  if (!slot) return slot.error();
  spec.slot = slot.value();
  draft.tests().push_back(std::make_unique<ByteExtract>(std::move(spec)));
  return success();
}

}  // namespace mirrorscan::keywords
