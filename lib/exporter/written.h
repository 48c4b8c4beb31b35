#pragma once
// What a write to a descriptor came to.

#include <cstddef>
#include <string_view>

namespace mirrorscan::exporter {

struct Written {
  std::size_t bytes = 0;
  int error = 0;  ///< errno of what stopped it; 0 = all is written
};

/// Writes until all is written or something stops it; EINTR does not.
[[nodiscard]] Written write_all(int fd, std::string_view bytes) noexcept;

}  // namespace mirrorscan::exporter
