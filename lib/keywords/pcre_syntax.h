#pragma once
// The text of a pcre option taken apart, and what an expression is made of. Nothing here knows PCRE2.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mirrorscan::keywords {

/// `"/expression/flags"`, also without the quotes. The flags are Perl's i s m x, PCRE's A E G, and Suricata's
/// R; B and O are accepted without effect (all bytes are raw here, and the match limit is not the rule's to
/// lift). `, pkt:name` and `, flow:name` after the flags name what the groups capture: they are counted and
/// not kept, as no keyword that would read them is known.
struct PcreSyntax {
  bool negated = false;
  std::string expression;
  std::string flags;  ///< as written
  bool nocase = false, dotall = false, multiline = false, extended = false;
  bool anchored = false, dollar_endonly = false, ungreedy = false;
  bool relative = false;
  std::size_t captures = 0;  ///< names after the flags
};

[[nodiscard]] Result<PcreSyntax> parse_pcre_syntax(std::string_view args);

/// What stands in an expression outside of escapes and character classes. Free-spacing comments and inline
/// flags are not understood: there it may see more than there is, which only costs a rule its better class.
struct PcreParts {
  bool caret = false;            ///< ^
  bool start_assertion = false;  ///< \A or \G
  bool dollar = false;           ///< $
  bool end_assertion = false;    ///< \z or \Z
  bool look_ahead = false;       ///< (?= or (?!
  bool word_boundary = false;    ///< \b or \B
  bool committing = false;       ///< atomic groups, possessive quantifiers, conditions, verbs: no way back
  std::uint32_t repeats = 0;     ///< quantifiers that may take very different counts
  bool repeated_group = false;   ///< one of them is a group's
  bool choice = false;  ///< a quantifier or an alternative: matches of one start may differ in length

  /// One repeat is linear for PCRE2's JIT, or at worst quadratic in a run of one byte; several that meet can
  /// cost any power of the text's length, and repeated groups are exponential.
  [[nodiscard]] bool may_explode() const noexcept { return repeats > 1 || repeated_group; }
};

[[nodiscard]] PcreParts parts_of(std::string_view expression) noexcept;

}  // namespace mirrorscan::keywords
