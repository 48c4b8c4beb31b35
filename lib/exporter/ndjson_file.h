#pragma once
// A buffered sink for lines: a file or standard output.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mirrorscan::exporter {

enum class Existing : std::uint8_t { replace, append };

class NdjsonFile {
 public:
  /// `path` "-" is standard output, which is never closed. A new file has mode 0640.
  [[nodiscard]] static Result<NdjsonFile> open(const std::string& path, Existing existing);

  NdjsonFile(NdjsonFile&& other) noexcept;
  NdjsonFile& operator=(NdjsonFile&& other) noexcept;
  ~NdjsonFile();  ///< writes what is buffered, if it can; call close() to learn whether it could

  /// Lines with their newlines. After an error the sink stays broken and every call returns that error.
  [[nodiscard]] Status write(std::string_view lines);
  /// Hands everything buffered to the kernel.
  [[nodiscard]] Status flush();
  /// flush(), then closes; errors that the file system reports late (quota, NFS) come out here.
  [[nodiscard]] Status close();

 private:
  NdjsonFile(std::string path, int fd);
  [[nodiscard]] Error broken() const;
  [[nodiscard]] Status fail(std::string_view doing, int error_number);
  void release() noexcept;

  std::string path_;
  std::string buffer_;
  std::string broken_;  ///< what failed; empty = nothing
  int fd_ = -1;
};

}  // namespace mirrorscan::exporter
