#pragma once
// A rule's options read by the keyword table, without a rule file around them.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "keywords/keyword.h"
#include "keywords/pcre_workspace.h"

namespace mirrorscan::testing {

using Options = std::vector<std::pair<std::string, std::string>>;

/// The first refusal's text, or "" when all options are accepted.
inline std::string read(const Options& options, keywords::Draft& draft) {
  for (const auto& [name, args] : options) {
    const keywords::Keyword* keyword = keywords::find(name);
    if (!keyword) return "unknown keyword " + name;
    const Status status = keyword->parse(args, draft);
    if (!status) return status.error().text();
  }
  return {};
}

struct Evaluation {
  bool matched = false, steps_exhausted = false, pcre_limit_hit = false;
};

/// Evaluates the draft's payload tests from the first one.
inline Evaluation evaluate(const keywords::Draft& draft, std::string_view bytes, bool from_start = true,
                           bool to_end = true, signature::PcreWorkspace* pcre = nullptr,
                           std::uint32_t steps = 1'000'000) {
  signature::Inspection in;
  in.buffer = as_bytes(bytes);
  in.from_start = from_start;
  in.to_end = to_end;
  in.tests = draft.rule.payload;
  in.pcre = pcre;
  in.steps_left = steps;
  const bool matched = in.rest(0, 0);
  return {matched, in.steps_exhausted, in.pcre_limit_hit};
}

/// What the keywords say against the options; empty when they are accepted.
inline std::string refusal(const Options& options) {
  keywords::Draft draft;
  return read(options, draft);
}

inline bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace mirrorscan::testing
