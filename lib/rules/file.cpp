#include "rules/file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace mirrorscan::rules {

namespace {

struct Closer {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

Error reading_error(const std::string& path) {
  return {path, std::string("cannot be read: ") + std::strerror(errno), "check the path and its permissions"};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return reading_error(path);
  std::string text;
  std::array<char, 65536> piece{};
  for (std::size_t n; (n = std::fread(piece.data(), 1, piece.size(), file.get())) > 0;) {
    text.append(piece.data(), n);
    if (text.size() > kMaxFileBytes) return Error{path, "is longer than 256 MiB", "split it"};
  }
  if (std::ferror(file.get()) != 0) return reading_error(path);
  if (text.find('\0') != std::string::npos)
    return Error{path, "is no text: it has zero bytes", "name another file"};
  return text;
}

}  // namespace mirrorscan::rules
