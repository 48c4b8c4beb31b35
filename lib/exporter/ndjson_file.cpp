#include "exporter/ndjson_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "exporter/written.h"

namespace mirrorscan::exporter {
namespace {

constexpr std::size_t kBufferBytes = 65'536;
constexpr int kNoFile = -1;

}  // namespace

NdjsonFile::NdjsonFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {
  buffer_.reserve(kBufferBytes);
}

NdjsonFile::NdjsonFile(NdjsonFile&& other) noexcept
    : path_(std::move(other.path_)),
      buffer_(std::move(other.buffer_)),
      broken_(std::move(other.broken_)),
      fd_(std::exchange(other.fd_, kNoFile)) {}

NdjsonFile& NdjsonFile::operator=(NdjsonFile&& other) noexcept {
  if (this == &other) return *this;
  release();
  path_ = std::move(other.path_);
  buffer_ = std::move(other.buffer_);
  broken_ = std::move(other.broken_);
  fd_ = std::exchange(other.fd_, kNoFile);
  return *this;
}

NdjsonFile::~NdjsonFile() {
  release();
}

void NdjsonFile::release() noexcept {
  if (fd_ != kNoFile) (void)close();
}

Result<NdjsonFile> NdjsonFile::open(const std::string& path, Existing existing) {
  if (path == "-") return NdjsonFile("standard output", STDOUT_FILENO);
  const int how = existing == Existing::append ? O_APPEND : O_TRUNC;
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0640);
  if (fd == kNoFile)
    return Error{path, fmt::format("cannot be opened for writing: {}", std::strerror(errno)),
                 "name a file in a folder that can be written, or - for standard output"};
  return NdjsonFile(path, fd);
}

Error NdjsonFile::broken() const {
  return {path_, broken_, "no event after this one is written there"};
}

Status NdjsonFile::fail(std::string_view doing, int error_number) {
  broken_ = fmt::format("{} failed: {}", doing, std::strerror(error_number));
  buffer_.clear();
  return broken();
}

Status NdjsonFile::write(std::string_view lines) {
  if (!broken_.empty()) return broken();
  buffer_ += lines;
  return buffer_.size() < kBufferBytes ? success() : flush();
}

Status NdjsonFile::flush() {
  if (!broken_.empty()) return broken();
  const Written written = write_all(fd_, buffer_);
  if (written.error != 0) return fail("writing", written.error);
  buffer_.clear();
  return success();
}

Status NdjsonFile::close() {
  Status flushed = flush();
  const int fd = std::exchange(fd_, kNoFile);
  if (fd == kNoFile || fd == STDOUT_FILENO) return flushed;
  // The descriptor is gone even after an error (Linux close(2)), so there is nothing to try again.
  if (::close(fd) != 0 && flushed) return fail("closing", errno);
  return flushed;
}

}  // namespace mirrorscan::exporter
