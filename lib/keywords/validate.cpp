#include "keywords/validate.h"

#include <algorithm>
#include <string>

#include "keywords/arguments.h"
#include "keywords/base64_decode.h"
#include "keywords/content.h"
#include "keywords/dsize.h"

namespace mirrorscan::keywords {
namespace {

/// The least length of a payload in which all positive contents can match.
std::int64_t needed_bytes(const Draft& draft) {
  std::int64_t needed = 0, cursor = 0;
  for (const auto& test : draft.rule.payload) {
    const auto* content = dynamic_cast<const Content*>(test.get());
    if (!content) {
      if (test->traits().moves_cursor) cursor = 0;  // it may end anywhere
      continue;
    }
    const Content::Modifiers& m = content->modifiers();
    if (m.negated) continue;
    const std::optional<Quantity>& from = m.relative() ? m.distance : m.offset;
    const std::int64_t begin = (m.relative() ? cursor : 0) + (from ? from->least() : 0);
    cursor = std::max<std::int64_t>(begin, 0) + content->length();
    needed = std::max(needed, cursor);
  }
  return needed;
}

}  // namespace

Status validate(const Draft& draft) {
  if (std::ranges::any_of(draft.rule.headers, [](const auto& header) { return header.tests.empty(); })) {
    return refuse("no test stands behind the keyword of a header (tcp.hdr and such)",
                  "write a content or another test after it, or take it away");
  }
  const Base64Decode* base64 = base64_of(draft);
  if (base64 != nullptr && base64->inner().empty()) {
    return refuse("base64_decode: nothing looks at what it decodes, so the rule never matches",
                  "write base64_data and what to look for after it");
  }
  const Dsize* dsize = dsize_of(draft);
  const std::int64_t needed = dsize ? needed_bytes(draft) : 0;
  if (!dsize || needed <= dsize->greatest()) return success();
  return refuse("the contents need " + std::to_string(needed) + " bytes but dsize allows " +
                    std::to_string(dsize->greatest()) + ", so the rule never matches",
                "raise dsize or take contents away");
}

}  // namespace mirrorscan::keywords
