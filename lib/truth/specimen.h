#pragma once
// Bytes that match a rule.

#include <cstdint>
#include <optional>
#include <string>

#include "signature/rule.h"
#include "truth/plain_rule.h"

namespace mirrorscan::truth {

struct Specimen {
  std::string bytes;
  std::uint32_t begin = 0, end = 0;  ///< of what matters in them: the first and last byte of a content
};

/// Contents laid out in their order, each at the first place that its modifiers allow, with filler between
/// and after them; letters of contents without case in either case, by `draw`. Said to match by naive_rule.h
/// before it is given out. nullopt: no such bytes were found, or they would be more than `most_bytes`.
[[nodiscard]] std::optional<Specimen> specimen_of(const signature::Rule& rule, const PlainRule& plain,
                                                  std::size_t most_bytes, std::uint64_t draw);

}  // namespace mirrorscan::truth
