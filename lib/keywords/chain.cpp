#include "keywords/chain.h"

#include <string>

#include "keywords/arguments.h"
#include "keywords/content.h"

namespace mirrorscan::keywords {

Result<Previous> note_relative(Draft& draft, std::size_t index, std::string_view keyword) {
  auto& payload = draft.tests();
  std::size_t before = index;
  while (before > 0 && !payload[before - 1]->traits().moves_cursor) --before;
  if (before == 0) return Previous::none;
  const auto* content = dynamic_cast<const Content*>(payload[before - 1].get());
  if (content && content->modifiers().fast_pattern_only) {
    return refuse(std::string(keyword) + ": relative to a content with fast_pattern:only",
                  "write fast_pattern there");
  }
  for (std::size_t i = before - 1; i < index; ++i) payload[i]->relative_next = true;
  return Previous::match;
}

}  // namespace mirrorscan::keywords
