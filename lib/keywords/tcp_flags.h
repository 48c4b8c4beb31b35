#pragma once
// flags: the control bits of a TCP segment (RFC 9293 section 3.1).

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "keywords/keyword.h"

namespace mirrorscan::keywords {

/// Exactly these bits; + these and perhaps others; * one of them; ! not all of them. Bits after the comma are
/// not looked at. As in the reference, also with * and !, a condition that names F, S or R holds only for
/// segments with one of those three, and one that names U, E or C only for segments with one of those.
class FlagCondition {
 public:
  [[nodiscard]] static Result<FlagCondition> parse(std::string_view text);
  [[nodiscard]] bool holds(std::uint8_t flags) const noexcept;

 private:
  enum class Wanted : std::uint8_t { exactly, and_others, one_of, not_all };
  [[nodiscard]] Status read(char letter);

  std::uint8_t flags_ = 0, looked_at_ = 0xff;
  Wanted wanted_ = Wanted::exactly;
  bool named_ = false;
};

Status parse_flags(std::string_view args, Draft& draft);

}  // namespace mirrorscan::keywords
