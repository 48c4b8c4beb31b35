#pragma once
// Standard output and its end: a reader that goes away, or a signal.

#include <cstdint>
#include <string>
#include <string_view>

namespace mirrorscan::app {

/// SIGINT and SIGTERM ask for the end, SIGPIPE is left to write().
void listen_to_signals();
[[nodiscard]] bool is_asked_to_end() noexcept;

class Output {
 public:
  enum class State : std::uint8_t { open, closed, failed };

  /// Buffers; writes when the buffer is full.
  void add(std::string_view text);
  /// Hands everything to the kernel. A reader that is gone is no failure.
  void flush();
  /// Flushes, then sleeps some milliseconds, less if a signal comes or the reader goes.
  void rest();
  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] int error_number() const noexcept { return error_; }

 private:
  std::string buffer_;
  State state_ = State::open;
  int error_ = 0;
};

}  // namespace mirrorscan::app
