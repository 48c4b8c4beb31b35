#include "keywords/bsize.h"

#include <memory>

#include "keywords/arguments.h"

namespace mirrorscan::keywords {

bool Bsize::match(signature::Inspection& in, std::size_t index, std::uint32_t cursor) const noexcept {
  if (!in.from_start || !in.to_end) return false;
  return condition_.contains(static_cast<std::uint32_t>(in.buffer.size())) && in.rest(index + 1, cursor);
}

signature::PayloadTraits Bsize::traits() const {
  signature::PayloadTraits out;
  out.from_start = out.anchored = true;
  out.monotone = false;
  return out;
}

Status parse_bsize(std::string_view args, Draft& draft) {
  if (&draft.tests() == &draft.rule.payload) {
    return refuse("bsize: needs a sticky buffer before it",
                  "write dsize for the length of a packet's payload");
  }
  auto condition = IntegerCondition::parse(args, "bsize", Bsize::kMost);
  if (!condition) return condition.error();
  draft.tests().push_back(std::make_unique<Bsize>(condition.value(), std::string(trimmed(args))));
  return success();
}

}  // namespace mirrorscan::keywords
