#pragma once
// A folder of a test's own.

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace mirrorscan::support {

/// Below the system's temporary folder, removed at the end.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "mirrorscan-XXXXXX").string();
    folder = ::mkdtemp(name.data()) == nullptr ? "." : name;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (folder != ".") std::filesystem::remove_all(folder, ignored);
  }
  std::string folder;
};

}  // namespace mirrorscan::support
