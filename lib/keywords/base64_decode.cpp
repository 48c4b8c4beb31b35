#include "keywords/base64_decode.h"

#include <algorithm>
#include <array>
#include <memory>

#include "keywords/arguments.h"
#include "keywords/base64.h"
#include "keywords/chain.h"
#include "keywords/content.h"

namespace mirrorscan::keywords {

namespace {

Base64Decode* find_in(const signature::TestList& tests) {
  for (const auto& test : tests) {
    if (auto* decode = dynamic_cast<Base64Decode*>(test.get())) return decode;
  }
  return nullptr;
}

/// The words between commas and blanks: the reference takes either.
std::vector<std::string_view> words_of(std::string_view args) {
  std::vector<std::string_view> words;
  for (const std::string_view part : split(args, ',')) {
    for (FirstWord next = first_word(part); !next.word.empty(); next = first_word(next.rest))
      words.push_back(next.word);
  }
  return words;
}

Status take_number(std::string_view name, std::string_view text, std::uint32_t& out) {
  const auto value = number_between(text, "base64_decode " + std::string(name), 0, Base64Decode::kMostText);
  if (!value) return value.error();
  out = static_cast<std::uint32_t>(value.value());
  return success();
}

Result<Base64Decode::Spec> parse_spec(std::string_view args) {
  Base64Decode::Spec spec;
  const auto words = words_of(args);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "relative") {
      spec.relative = true;
      continue;
    }
    if (word != "bytes" && word != "offset") {
      return refuse("base64_decode: '" + std::string(word) + "' is not known",
                    "write bytes N, offset N or relative");
    }
    const std::string_view value = ++i < words.size() ? words[i] : std::string_view();
    const Status taken = take_number(word, value, word == "bytes" ? spec.bytes : spec.offset);
    if (!taken) return taken.error();
  }
  if (spec.bytes == 0) spec.bytes = Base64Decode::kMostText;
  return spec;
}

}  // namespace

bool Base64Decode::match(signature::Inspection& in, std::size_t index, std::uint32_t cursor) const noexcept {
  if (from_start() && !in.from_start) return false;
  const std::size_t begin = (from_start() ? 0 : std::size_t{cursor}) + spec_.offset;
  if (begin >= in.buffer.size()) return false;
  const std::size_t length = std::min<std::size_t>(in.buffer.size() - begin, spec_.bytes);
  // On the stack of an lcore, once for an evaluation: the tests inside cannot decode again.
  std::array<std::uint8_t, (kMostText + 3) / 4 * 3> bytes;
  const Base64Decoded decoded = decode_base64(in.buffer.subspan(begin, length), bytes);
  in.charge(static_cast<std::uint32_t>(length / Content::kBytesPerStep));
  if (decoded.bytes == 0) return false;

  signature::Inspection inside = in;
  inside.buffer = {bytes.data(), decoded.bytes};
  inside.from_start = true;
  inside.to_end = in.to_end || length == spec_.bytes || decoded.end == Base64End::foreign_byte;
  inside.tests = inner_;
  inside.pinned_test = signature::Inspection::kNotPinned;
  const bool matched = inside.rest(0, 0);
  in.steps_left = inside.steps_left;
  in.steps_exhausted = inside.steps_exhausted;
  in.pcre_limit_hit = inside.pcre_limit_hit;
  in.variables = inside.variables;
  in.variables_set = inside.variables_set;
  return matched && in.rest(index + 1, cursor);
}

signature::PayloadTraits Base64Decode::traits() const {
  signature::PayloadTraits out;
  out.relative = !from_start();
  out.from_start = out.anchored = from_start();
  out.monotone = std::ranges::all_of(inner_, [](const auto& test) { return test->traits().monotone; });
  if (spec_.bytes < kMostText) out.reach_ahead = spec_.offset + spec_.bytes;
  return out;
}

std::string Base64Decode::describe() const {
  std::string out = "base64_decode";
  if (spec_.bytes < kMostText) out += " bytes " + std::to_string(spec_.bytes);
  if (spec_.offset > 0) out += " offset " + std::to_string(spec_.offset);
  if (spec_.relative) out += " relative";
  for (const auto& test : inner_) out += ", base64_data: " + test->describe();
  return out;
}

Status parse_base64_decode(std::string_view args, Draft& draft) {
  auto spec = parse_spec(args);
  if (!spec) return spec.error();
  if (&draft.tests() != &draft.rule.payload)
    return refuse("base64_decode: only the payload is decoded", "write pkt_data before it");
  if (base64_of(draft) != nullptr) return refuse("base64_decode: given twice", "keep one of the two");
  if (spec.value().relative) {
    const auto previous = note_relative(draft, draft.tests().size(), "base64_decode");
    if (!previous) return previous.error();
    spec.value().first = previous.value() == Previous::none;
  }
  draft.base64_at = draft.tests().size();
  draft.tests().push_back(std::make_unique<Base64Decode>(spec.value()));
  return success();
}

Status parse_base64_data(std::string_view, Draft& draft) {
  Base64Decode* decode = find_in(draft.rule.payload);
  if (decode == nullptr)
    return refuse("base64_data: no base64_decode stands before it", "write base64_decode; base64_data;");
  draft.use(decode->inner());
  return success();
}

Status parse_pkt_data(std::string_view, Draft& draft) {
  draft.use(signature::Buffer::payload);
  return success();
}

const Base64Decode* base64_of(const Draft& draft) {
  return find_in(draft.rule.payload);
}

}  // namespace mirrorscan::keywords
