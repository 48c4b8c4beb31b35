#pragma once
// The comparison that keywords on small numbers share: n, =n, !n, <n, <=n, >n, >=n, a<>b, a-b;
// numbers may be of kb, mb or gb.

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace mirrorscan::keywords {

/// An inclusive range of numbers, or everything outside it. Ranges are written exclusive of both ends
/// (Suricata user guide, integer keywords: `7<>20` is 8 to 19).
class IntegerCondition {
 public:
  /// `most` is the greatest value of the field. Refuses conditions that no value meets.
  [[nodiscard]] static Result<IntegerCondition> parse(std::string_view text, std::string_view keyword,
                                                      std::int64_t most);

  [[nodiscard]] bool contains(std::uint32_t value) const noexcept {
    return (value >= first_ && value <= last_) != negated_;
  }
  [[nodiscard]] bool negated() const noexcept { return negated_; }
  /// The greatest value that meets the condition; `most` where only a negation excludes something.
  [[nodiscard]] std::uint32_t greatest(std::uint32_t most) const noexcept { return negated_ ? most : last_; }

 private:
  std::uint32_t first_ = 0, last_ = 0;
  bool negated_ = false;
};

}  // namespace mirrorscan::keywords
