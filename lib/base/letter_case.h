#pragma once
// Words in any case: ASCII letters alone have one.

#include <algorithm>
#include <string>
#include <string_view>

namespace mirrorscan {

[[nodiscard]] inline std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

}  // namespace mirrorscan
