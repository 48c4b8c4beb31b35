#pragma once
// The table of rule keywords: one row, one file pair, one test each.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "keywords/quantity.h"
#include "signature/rule.h"

namespace mirrorscan::keywords {

/// A rule while its options are read, in the order they are written. The rules room has filled rule.action,
/// rule.header and rule.scope before the first keyword; keywords add to rule.packet, rule.payload, rule.flow,
/// rule.text ...
struct Draft {
  signature::Rule rule;
  bool both_ways = false;  ///< its header says `<>`
  bool has_sid = false;
  bool priority_set = false;  ///< by `priority`; else the class of `classtype` decides

  /// Where content, byte_*, pcre, isdataat and such add their test, and where their modifiers find it: the
  /// payload's list until a sticky buffer was named.
  [[nodiscard]] signature::TestList& tests();
  [[nodiscard]] signature::Buffer buffer() const noexcept { return buffer_; }
  /// A sticky buffer: tests() is its list from here on. Named again, its list goes on.
  void use(signature::Buffer buffer);
  /// A list inside a test (base64_data): tests() is that one from here on. It must outlive the draft's
  /// reading.
  void use(signature::TestList& inner) noexcept { inner_ = &inner; }

  std::vector<Variable> variables;       ///< of byte_extract and byte_math, in the order of the rule
  std::size_t stream_sizes = 0;          ///< conditions of rule.packet that are stream_size
  std::optional<std::size_t> base64_at;  ///< index of base64_decode in rule.payload
  /// When a test that is added to tests() now is evaluated, among all tests of the rule (Variable::order).
  [[nodiscard]] std::pair<std::size_t, std::size_t> next_order() const;

 private:
  signature::Buffer buffer_ = signature::Buffer::payload;
  signature::TestList* inner_ = nullptr;
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
