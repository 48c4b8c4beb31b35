#pragma once
// What unit tests of payload keywords ask of options that have to be accepted.

#include <string_view>

#include "support/catch.h"
#include "support/draft.h"

namespace mirrorscan::testing {

inline keywords::Draft accepted(const Options& options) {
  keywords::Draft draft;
  REQUIRE(read(options, draft) == "");
  return draft;
}

inline bool matches(const Options& options, std::string_view bytes, bool from_start = true,
                    bool to_end = true) {
  return evaluate(accepted(options), bytes, from_start, to_end).matched;
}

inline signature::PayloadTraits traits_of_last(const Options& options) {
  return accepted(options).rule.payload.back()->traits();
}

}  // namespace mirrorscan::testing
