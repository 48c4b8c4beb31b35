#include "exporter/file_sink.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "exporter/written.h"

namespace mirrorscan::exporter {
namespace {

constexpr int kNoFile = -1;

/// 0, or why the descriptor cannot take lines without holding the exporter up.
[[nodiscard]] int unfit(int fd) {
  struct stat about {};
  if (fstat(fd, &about) != 0) return errno;
  return S_ISREG(about.st_mode) || S_ISCHR(about.st_mode) ? 0 : EINVAL;
}

/// By another process; else it is ours from now on. Of a lock of fcntl(2), ends_mid_line() would let go.
/// Devices and file systems without locks are nobody's.
[[nodiscard]] bool is_locked(int fd) {
  struct stat about {};
  return fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && flock(fd, LOCK_EX | LOCK_NB) != 0 &&
         errno == EWOULDBLOCK;
}

/// Read by another descriptor: the sink's is for writing only. A file that cannot be read counts as whole.
[[nodiscard]] bool ends_mid_line(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd == kNoFile) return false;
  char last = '\n';
  struct stat about {};
  if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0)
    (void)!pread(fd, &last, 1, about.st_size - 1);
  (void)::close(fd);
  return last != '\n';
}

}  // namespace

FileSink::FileSink(const std::string& path) {
  buffer_.reserve(kBufferBytes);
  stats_.name = path;
  stats_.kind = "file";
  stats_.state = "ok";
}

FileSink::~FileSink() {
  close();
}

Result<std::unique_ptr<FileSink>> FileSink::open(const std::string& path) {
  std::unique_ptr<FileSink> sink(new FileSink(path));
  if (const Status opened = sink->open_file(); !opened) return opened.error();
  return sink;
}

/// On failure the file that was open stays so. O_NONBLOCK: to open a pipe that nobody reads must not hang.
Status FileSink::open_file() {
  const int fd =
      ::open(stats_.name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0640);
  const int error = fd == kNoFile ? errno : unfit(fd);
  if (error != 0) return refuse(fd, error, "name a file in a folder that can be written");
  if (is_open_file(fd)) {
    (void)::close(fd);
    foreign_tail_ = !mid_line_ && ends_mid_line(stats_.name);
  } else if (is_locked(fd)) {
    Error locked = refuse(fd, EWOULDBLOCK, "stop it, or name another file");
    locked.what = "another process is writing events to this file";
    locked.until = Until::it_passes;
    return locked;
  } else {
    close_file();
    fd_ = fd;
    foreign_tail_ = ends_mid_line(stats_.name);
  }
  stats_.state = "ok";
  reopen_wanted_ = false;
  return success();
}

/// Closes `fd`, if it is open.
Error FileSink::refuse(int fd, int error_number, const char* remedy) {
  if (fd != kNoFile) (void)::close(fd);
  fail("opening for appending", error_number);
  return {stats_.name, stats_.state, remedy};
}

/// The file that is written already, which its own lock keeps from being opened again.
bool FileSink::is_open_file(int fd) const {
  struct stat about {
  }, mine{};
  return fd_ != kNoFile && fstat(fd, &about) == 0 && fstat(fd_, &mine) == 0 && S_ISREG(about.st_mode) &&
         about.st_dev == mine.st_dev && about.st_ino == mine.st_ino;
}

void FileSink::fail(std::string_view doing, int error_number) {
  stats_.state = fmt::format("{} failed: {}", doing, std::strerror(error_number));
}

void FileSink::lose(std::size_t events, std::size_t bytes) {
  stats_.lost_events += events;
  stats_.lost_bytes += bytes;
  if (events > 0) stats_.last_error = stats_.state;
}

void FileSink::write(EventType, std::string_view json) {
  const std::size_t bytes = json.size() + 1;
  if (buffer_.size() + bytes > kBufferBytes && !stuck_) flush();
  if (buffer_.size() + bytes > kBufferBytes && !buffer_.empty()) return lose(1, bytes);
  buffer_ += json;
  buffer_ += '\n';
}

void FileSink::flush() {
  stuck_ = true;  // until proven otherwise
  if (reopen_wanted_ || file_is_deleted()) (void)reopen();
  if (fd_ == kNoFile) return;
  if (const int error = append(); error != 0) return fail("writing", error);
  stuck_ = false;
  if (!reopen_wanted_) stats_.state = "ok";
}

int FileSink::append() {
  if (mid_line_ && file_is_empty()) abandon_torn_line();
  if (foreign_tail_ && !buffer_.empty()) {
    if (const Written newline = write_all(fd_, "\n"); newline.error != 0) return newline.error;
    foreign_tail_ = false;
  }
  const Written written = write_all(fd_, buffer_);
  account(written.bytes);
  return written.error;
}

void FileSink::account(std::size_t bytes_written) {
  if (bytes_written == 0) return;
  const auto end = buffer_.begin() + static_cast<std::ptrdiff_t>(bytes_written);
  stats_.written_events += static_cast<std::uint64_t>(std::count(buffer_.begin(), end, '\n'));
  stats_.written_bytes += bytes_written;
  mid_line_ = *(end - 1) != '\n';
  buffer_.erase(0, bytes_written);
}

void FileSink::abandon_torn_line() {
  if (!std::exchange(mid_line_, false)) return;
  const std::size_t rest = buffer_.find('\n') + 1;
  lose(1, rest);
  buffer_.erase(0, rest);
}

bool FileSink::file_is_deleted() const {
  struct stat about {};
  return fd_ != kNoFile && fstat(fd_, &about) == 0 && S_ISREG(about.st_mode) && about.st_nlink == 0;
}

bool FileSink::file_is_empty() const {
  struct stat about {};
  return fstat(fd_, &about) == 0 && S_ISREG(about.st_mode) && about.st_size == 0;
}

void FileSink::close_file() {
  const int fd = std::exchange(fd_, kNoFile);
  if (fd == kNoFile) return;
  if (::close(fd) != 0) stats_.last_error = fmt::format("closing failed: {}", std::strerror(errno));
  abandon_torn_line();
}

Status FileSink::reopen() {
  reopen_wanted_ = true;
  const bool deleted = file_is_deleted();
  // What was given before the rotation belongs into the old file; a torn line can be completed only there.
  if (fd_ != kNoFile && !deleted) (void)append();
  Status opened = open_file();
  if (!opened && deleted) close_file();
  return opened;
}

void FileSink::tick(Clock::time_point now) {
  if (now < next_flush_) return;
  next_flush_ = now + kFlushInterval;
  flush();
}

void FileSink::close() {
  flush();
  close_file();
  lose(static_cast<std::size_t>(std::count(buffer_.begin(), buffer_.end(), '\n')), buffer_.size());
  buffer_.clear();
}

}  // namespace mirrorscan::exporter
