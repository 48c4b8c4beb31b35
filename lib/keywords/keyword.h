#pragma once
// The table of rule keywords: one row, one file pair, one test each.

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"
#include "signature/rule.h"

namespace mirrorscan::keywords {

/// A rule while its options are read, in the order they are written. The rules room has filled rule.action,
/// rule.header and rule.scope before the first keyword; keywords add to rule.packet, rule.payload, rule.flow,
/// rule.text ...
struct Draft {
  signature::Rule rule;
  bool has_sid = false;
  bool priority_set = false;  ///< by `priority`; else the class of `classtype` decides
};

enum class Argument : std::uint8_t { none, optional, required };

struct Keyword {
  std::string_view name;  ///< as written, lower case
  Argument argument;
  std::string_view sentence;  ///< one line for `mirrorscan check --keywords`
  /// Adds the option to the draft; `args` is the text after ':' (trimmed; quotes and escapes are still
  /// there), empty when there is none. Errors carry only `what` and `remedy`; the caller adds file, line and
  /// sid.
  Status (*parse)(std::string_view args, Draft& draft);
};

[[nodiscard]] std::span<const Keyword> table() noexcept;

/// The keyword of this name in any case; nullptr when there is none.
[[nodiscard]] const Keyword* find(std::string_view name);

}  // namespace mirrorscan::keywords
