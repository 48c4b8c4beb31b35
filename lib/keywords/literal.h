#pragma once
// The bytes of a content as rules write them: text, escapes, and hexadecimal parts between pipes.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace mirrorscan::keywords {

/// `GET|20 2f|x` and the escapes \" \; \: \\, without the surrounding quotes.
[[nodiscard]] Result<std::vector<std::uint8_t>> parse_literal(std::string_view text);

/// The same form again: printable ASCII as it is, all else in pipes.
[[nodiscard]] std::string literal_text(ByteView bytes);

}  // namespace mirrorscan::keywords
