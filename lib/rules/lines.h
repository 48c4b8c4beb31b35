#pragma once
// A rule file as logical lines: continuations joined, comments and blank lines left out.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mirrorscan::rules {

inline constexpr std::size_t kMaxRuleBytes = 1U << 20;

struct LogicalLine {
  std::uint32_t number = 0;  ///< of its first physical line, from 1
  std::string text;
  bool too_long = false;  ///< `text` is only its first kMaxRuleBytes
};

/// Walks over a file's text. A line whose last visible character is `\` goes on in the next one, which is
/// joined without a blank; a comment (`#` first) does not go on.
class LineReader {
 public:
  explicit LineReader(std::string_view text) noexcept;
  /// The next rule's text, or nothing at the end. `text` must still be there.
  [[nodiscard]] std::optional<LogicalLine> next();

 private:
  [[nodiscard]] std::string_view physical_line() noexcept;

  std::string_view rest_;
  std::uint32_t line_ = 0;
};

}  // namespace mirrorscan::rules
