#pragma once
// Events into an NDJSON file that log rotation may take away, on a disk that may fill up: the daemon goes on,
// and recovers by itself.

#include <memory>

#include "base/result.h"
#include "exporter/sink.h"

namespace mirrorscan::exporter {

/// Buffers up to 64 KiB (and one line beyond, for a large stats event) or a second, then appends. What cannot
/// be written stays in the buffer and is tried again each second; meanwhile events that find no room are
/// lost.
///
/// A line that could be written in part only is completed by the next write. Where that cannot be (the file
/// was rotated away meanwhile), the rest of the line is lost and the new file begins with a whole line; a
/// file that another process left in the middle of a line is continued on a line of its own.
///
/// Bytes are counted with newlines: written + lost + buffered = given.
class FileSink final : public Sink {
 public:
  static constexpr std::size_t kBufferBytes = 65'536;
  static constexpr std::chrono::seconds kFlushInterval{1};

  /// Error if the file cannot be opened for appending now. A new file has mode 0640, less what the umask
  /// takes. Pipes are refused: a consumer that follows events as they come is served by SocketSink or the
  /// ring. A file is locked (flock(2)) as long as it is written, so that a second writer is an error.
  [[nodiscard]] static Result<std::unique_ptr<FileSink>> open(const std::string& path);
  ~FileSink() override;

  void write(EventType type, std::string_view json) override;
  /// Also notices a file that was deleted without reopen(), and makes it anew.
  void tick(Clock::time_point now) override;
  /// A file that still has its name stays open. While the path cannot be opened, events go on into the old
  /// file as long as it has a name.
  Status reopen() override;
  void close() override;
  [[nodiscard]] SinkStats stats() const override { return stats_; }

 private:
  explicit FileSink(const std::string& path);

  [[nodiscard]] Status open_file();
  [[nodiscard]] bool is_open_file(int fd) const;
  [[nodiscard]] Error refuse(int fd, int error_number, const char* remedy);
  void flush();
  [[nodiscard]] int append();  ///< what is buffered; errno of what stopped it, 0 = all is written
  void account(std::size_t bytes_written);
  void abandon_torn_line();
  void lose(std::size_t events, std::size_t bytes);
  void close_file();
  void fail(std::string_view doing, int error_number);
  [[nodiscard]] bool file_is_deleted() const;
  [[nodiscard]] bool file_is_empty() const;  ///< by copytruncate

  int fd_ = -1;
  std::string buffer_;         ///< whole lines, the first one's beginning cut off if mid_line_
  bool mid_line_ = false;      ///< the file ends with a part of the line that buffer_ begins with
  bool foreign_tail_ = false;  ///< the file was opened and ends without a newline
  bool reopen_wanted_ = false;
  bool stuck_ = false;  ///< tried again by tick() only
  Clock::time_point next_flush_{};
  SinkStats stats_;
};

}  // namespace mirrorscan::exporter
