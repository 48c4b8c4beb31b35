#pragma once
// Text from strangers, made harmless for a terminal and for line-oriented readers.

#include <string>
#include <string_view>

namespace mirrorscan::tail {

/// Control characters (C0, DEL, C1), characters that turn the writing direction, and bytes that are not UTF-8
/// come out as \xNN or \u{NNNN}; all else as it is.
[[nodiscard]] std::string printable(std::string_view text);

/// For JSON on one line: white space that would end the line, and any other byte below a space, becomes a
/// space. Valid JSON has such bytes between its tokens only.
[[nodiscard]] std::string one_line(std::string_view json);

}  // namespace mirrorscan::tail
