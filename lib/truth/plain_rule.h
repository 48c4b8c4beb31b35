#pragma once
// A loaded rule in the words of naive_rule.h.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "signature/rule.h"
#include "truth/naive_rule.h"

namespace mirrorscan::truth {

struct PlainRule {
  std::vector<NaiveTest> tests;  ///< one for each payload test of the rule, in its order
  std::string not_understood;    ///< what of it naive_rule.h has no words for; empty = nothing

  /// The longest positive content; nullopt where there is none.
  [[nodiscard]] std::optional<std::size_t> longest_content() const;
};

[[nodiscard]] PlainRule plain_rule(const signature::Rule& rule);

/// Whether the rule's conditions on the packet hold for a UDP datagram that says it has so many bytes of
/// payload: dsize is the only one that a datagram can meet.
[[nodiscard]] bool packet_tests_hold(const signature::Rule& rule, std::size_t payload_bytes);

}  // namespace mirrorscan::truth
