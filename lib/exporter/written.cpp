#include "exporter/written.h"

#include <unistd.h>

#include <cerrno>

namespace mirrorscan::exporter {

Written write_all(int fd, std::string_view bytes) noexcept {
  Written out;
  while (out.bytes < bytes.size()) {
    const ssize_t n = ::write(fd, bytes.data() + out.bytes, bytes.size() - out.bytes);
    if (n >= 0) {
      out.bytes += static_cast<std::size_t>(n);
      continue;
    }
    if (errno == EINTR) continue;
    out.error = errno;
    return out;
  }
  return out;
}

}  // namespace mirrorscan::exporter
