#include "keywords/dsize.h"

#include "keywords/arguments.h"

namespace mirrorscan::keywords {

const Dsize* dsize_of(const Draft& draft) {
  for (const auto& test : draft.rule.packet) {
    if (const auto* dsize = dynamic_cast<const Dsize*>(test.get())) return dsize;
  }
  return nullptr;
}

Status parse_dsize(std::string_view args, Draft& draft) {
  if (dsize_of(draft)) return refuse("dsize: given twice", "write a range such as dsize:10<>20");
  auto condition = IntegerCondition::parse(args, "dsize", Dsize::kMost);
  if (!condition) return condition.error();
  draft.rule.packet.push_back(std::make_unique<Dsize>(condition.value(), std::string(trimmed(args))));
  return success();
}

}  // namespace mirrorscan::keywords
